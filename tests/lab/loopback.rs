//! Where the lab's servers stand: loopback addresses that are foreign to each other.
//!
//! The page lives on 127.0.0.2: a secure context for browsers, but none of the origins that MLflow allows by
//! itself. A healthy deployment is therefore one that was really set up for this page.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

/// The page's own address.
pub const PAGE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// The same for a browser that is told that this address lies in the public network: see [`super::scenarios::Browser`].
pub const PUBLIC_PAGE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 4);
/// Where gateways, auth services and MLflow servers stand.
pub const SERVERS: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// An address whose `Host` no MLflow server of the lab allows.
pub const UNLISTED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// On this machine a connection stands at once or hangs.
const HANGS_AFTER: Duration = Duration::from_millis(300);
const LONGEST_QUEUE: usize = 64;

/// Listens on `ip`; a port that is 0 or taken becomes any free one. Where only 127.0.0.1 exists (macOS), that one
/// is used instead and the caller can see it in the listener's address.
pub async fn bind(ip: Ipv4Addr, port: u16) -> io::Result<TcpListener> {
    for wanted in [SocketAddr::from((ip, port)), SocketAddr::from((ip, 0))] {
        if let Ok(listener) = TcpListener::bind(wanted).await {
            return Ok(listener);
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

/// A port that refuses connections for as long as the value lives: bound, so that nobody else gets it, but never
/// listened on.
pub struct RefusedPort {
    _socket: TcpSocket,
    /// The address that refuses.
    pub address: SocketAddr,
}

impl RefusedPort {
    /// Reserves such a port.
    pub fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((SERVERS, 0)))?;
        let address = socket.local_addr()?;
        Ok(Self { _socket: socket, address })
    }
}

/// A port where connections neither stand nor fail: its queue is full, and nobody takes anything out of it.
pub struct FullPort {
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
    /// The address that hangs.
    pub address: SocketAddr,
}

impl FullPort {
    /// Fills the queue of such a port.
    pub async fn fill() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((SERVERS, 0)))?;
        let listener = socket.listen(1)?;
        let address = listener.local_addr()?;
        let mut waiting = Vec::new();
        while let Ok(stream) = timeout(HANGS_AFTER, TcpStream::connect(address)).await {
            waiting.push(stream?);
            if waiting.len() > LONGEST_QUEUE {
                return Err(io::Error::other("this system queues connections without end"));
            }
        }
        Ok(Self { _listener: listener, _waiting: waiting, address })
    }
}

/// A port for a program that must be told it: bound for as long as the value lives, in a way that lets the program
/// listen on it and nobody else get it by chance.
pub struct ReservedPort {
    _socket: TcpSocket,
    /// Where the program is to listen.
    pub address: SocketAddr,
}

impl ReservedPort {
    /// Reserves any free port.
    pub fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from((SERVERS, 0)))?;
        let address = socket.local_addr()?;
        Ok(Self { _socket: socket, address })
    }
}

/// A port that was free a moment ago, for programs that must be told their port.
pub async fn free_port(ip: Ipv4Addr) -> io::Result<u16> {
    Ok(TcpListener::bind((ip, 0)).await?.local_addr()?.port())
}
