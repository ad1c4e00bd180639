//! The way from a function's process to the service, which can be closed, and at which the process
//! can be killed at a chosen byte.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
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
    /// Has the gate's port and never listens, so that nobody else is given the port while the gate
    /// is closed.
    _place: TcpSocket,
    address: SocketAddr,
    service: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    tell: UnboundedSender<Signal>,
    /// Listens and carries; ends with its connections when it is dropped.
    work: JoinSet<()>,
}

impl Gate {
    pub(crate) async fn open(service: SocketAddr, tell: UnboundedSender<Signal>) -> Self {
        let place = bound(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a port is free");
        let address = place.local_addr().expect("a bound socket has an address");
        let manner = Arc::default();
        let mut work = JoinSet::new();
        let listener = listening(address).await;
        work.spawn(carry(listener, service, Arc::clone(&manner), tell.clone()));
        Self { _place: place, address, service, manner, tell, work }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// Cuts every connection and refuses new ones for a while. Nothing gets through any more when
    /// this returns.
    pub(crate) async fn refuse(&mut self, time: Duration) {
        self.work.shutdown().await;
        self.open_after(time);
    }

    /// Ends a refusal that is not over.
    pub(crate) async fn admit(&mut self) {
        self.refuse(Duration::ZERO).await;
    }

    fn open_after(&mut self, time: Duration) {
        let (address, service) = (self.address, self.service);
        let (manner, tell) = (self.manner.clone(), self.tell.clone());
        self.work.spawn(async move {
            tokio::time::sleep(time).await;
            carry(listening(address).await, service, manner, tell).await;
        });
    }
}

/// A listener at the gate's address. The one before it is closed, but a process that another thread
/// is just starting has copies of all sockets until it runs its own program.
async fn listening(address: SocketAddr) -> TcpListener {
    loop {
        match bound(address).and_then(|socket| socket.listen(1024)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            listener => return listener.expect("the port is the gate's"),
        }
    }
}

/// A socket at an address that others of these may have too, as long as one of them listens at most.
fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
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

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    async fn refused(gate: &Gate) -> bool {
        let tried = TcpStream::connect(gate.address).await;
        tried.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    }

    #[tokio::test]
    async fn a_gate_that_refuses_gives_its_port_to_nobody_and_opens_again() {
        let service = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (tell, _told) = unbounded_channel();
        let mut gate = Gate::open(service.local_addr().unwrap(), tell).await;
        let mut open = TcpStream::connect(gate.address).await.unwrap();
        gate.refuse(Duration::from_mins(1)).await;
        for _ in 0..15 {
            let thief = TcpSocket::new_v4().unwrap().bind(gate.address).unwrap_err();
            assert_eq!(thief.kind(), ErrorKind::AddrInUse);
            tokio::time::sleep(Duration::from_micros(100)).await;
        }
        assert!(refused(&gate).await);
        assert!(!matches!(open.read(&mut [0]).await, Ok(1..)), "what was open is cut");
        gate.admit().await;
        while refused(&gate).await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gate.refuse(Duration::from_millis(5)).await;
        while refused(&gate).await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
