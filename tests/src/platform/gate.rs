//! The way from a function's process to the service, which can be closed, and at which the process
//! can be killed at a chosen byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use super::process::Signal;

/// What happens to a callback on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It gets through.
    #[default]
    Open,
    /// Its first byte is the process's end; the service sees nothing.
    EndAtRequest,
    /// The service sees half of it, and the process is at its end.
    EndWithinRequest,
    /// The service has answered; the process is at its end before it hears of it.
    EndAtAnswer,
}

/// A gate of one process.
pub(crate) struct Gate {
    address: SocketAddr,
    service: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    tell: UnboundedSender<Signal>,
    /// Listens and carries; ends with its connections when it is dropped.
    work: JoinSet<()>,
}

impl Gate {
    pub(crate) async fn open(service: SocketAddr, tell: UnboundedSender<Signal>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let mut gate =
            Self { address, service, manner: Arc::default(), tell, work: JoinSet::new() };
        gate.work.spawn(carry(listener, service, gate.manner.clone(), gate.tell.clone()));
        gate
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// Cuts every connection and refuses new ones for a while.
    pub(crate) fn refuse(&mut self, time: Duration) {
        self.work.abort_all();
        let (address, service) = (self.address, self.service);
        let (manner, tell) = (self.manner.clone(), self.tell.clone());
        self.work.spawn(async move {
            // Until the connections of a moment ago are gone.
            let socket = loop {
                match bound(address) {
                    Ok(socket) => break socket,
                    Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            };
            tokio::time::sleep(time).await;
            let listener = socket.listen(1024).expect("the port is ours");
            carry(listener, service, manner, tell).await;
        });
    }
}

/// A socket that has the port and does not listen: connections are refused, and nobody else is given
/// the port meanwhile.
fn bound(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn carry(
    listener: TcpListener,
    service: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    tell: UnboundedSender<Signal>,
) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let (manner, tell) = (manner.clone(), tell.clone());
        connections.spawn(async move {
            if let Ok(server) = TcpStream::connect(service).await {
                pass(client, server, &manner, &tell).await;
            }
        });
    }
}

async fn pass(
    mut client: TcpStream,
    mut server: TcpStream,
    manner: &Mutex<Manner>,
    tell: &UnboundedSender<Signal>,
) {
    // Some calls would take 40 ms longer without it. A socket that is gone needs no option.
    let _gone = (client.set_nodelay(true), server.set_nodelay(true));
    let manner = || *manner.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let bytes = up.get(..read.unwrap_or_default()).unwrap_or_default();
                if bytes.is_empty() {
                    return;
                }
                match manner() {
                    Manner::EndAtRequest => return strike(tell).await,
                    Manner::EndWithinRequest => {
                        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
                        // What a service that is gone did not get, it did not accept either.
                        drop(server.write_all(half).await);
                        drop(server);
                        return strike(tell).await;
                    }
                    Manner::Open | Manner::EndAtAnswer => {
                        if server.write_all(bytes).await.is_err() {
                            return;
                        }
                    }
                }
            }
            read = server.read(&mut down) => {
                if manner() == Manner::EndAtAnswer {
                    return strike(tell).await;
                }
                let bytes = down.get(..read.unwrap_or_default()).unwrap_or_default();
                if bytes.is_empty() || client.write_all(bytes).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Asks for the process's end, and keeps its connection as it is until then.
async fn strike(tell: &UnboundedSender<Signal>) {
    // Nobody listens when the process has ended by itself.
    drop(tell.send(Signal::Struck));
    std::future::pending::<()>().await;
}
