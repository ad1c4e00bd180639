//! Connections that can be cut on purpose.
//!
//! A client must survive a service that hangs up before it answers, or in the middle of the answer.
//! No HTTP library offers to do that, so the socket itself does: a handler marks its connection, and
//! the next write fails or stops half-way.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

// 0, the default, is a connection that is left alone.
const CUT_BEFORE: u8 = 1;
const CUT_WITHIN: u8 = 2;

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before the answer's first byte.
    Before,
    /// In the middle of the answer.
    Within,
}

/// A handler's hold on the connection that its call came over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shears(Arc<AtomicU8>);

impl Shears {
    /// Has the answer that is written next cut off.
    pub(crate) fn cut(&self, cut: Cut) {
        let state = match cut {
            Cut::Before => CUT_BEFORE,
            Cut::Within => CUT_WITHIN,
        };
        self.0.store(state, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, Lines>> for Shears {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().shears.clone()
    }
}

/// A listener whose connections can be cut.
pub(crate) struct Lines(pub(crate) TcpListener);

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Without it the peer's delayed acknowledgement costs some calls 40 ms. A socket that is
        // already gone cannot take the option, and needs none.
        let _gone = stream.set_nodelay(true);
        (Line { stream, shears: Shears::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    shears: Shears,
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

// Vectored writes are left at their default, off: a small answer then comes as one buffer, of which
// half can be written.
impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let cut = || io::Error::from(io::ErrorKind::ConnectionReset);
        match self.shears.0.load(Ordering::SeqCst) {
            CUT_BEFORE => Poll::Ready(Err(cut())),
            CUT_WITHIN => {
                let half = buf.get(..buf.len().div_ceil(2)).unwrap_or(buf);
                let written = ready!(Pin::new(&mut self.stream).poll_write(cx, half))?;
                self.shears.cut(Cut::Before);
                Poll::Ready(Ok(written))
            }
            _ => Pin::new(&mut self.stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
