//! Servers that do not behave: raw TCP, so that every fault on the wire can be made.

use super::answers::Answer;
use super::cors::{Cors, Layer};
use super::loopback::{self, FullPort, RefusedPort};
use super::record::{Log, Seat};
use super::web::{Ask, Listening, Reply, header};
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Bytes;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The most that is read of a request.
const LONGEST_REQUEST: usize = 1 << 20;
/// Header lines of 1,000 bytes.
const HUGE_LINES: usize = 3_000;
/// Between two pieces of an endless body: 16 KiB each, 4 MB a second and connection.
const PACE: Duration = Duration::from_millis(4);
/// Promised and never sent, in bodies that are cut off or never end.
const MISSING_BYTES: usize = 512;

/// What happens on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// The answer is sent as it should be.
    Proper,
    /// Nobody listens.
    Refused,
    /// Connections neither stand nor fail, as behind a firewall that drops packets.
    Swallowed,
    /// Reset as soon as the connection stands.
    ResetOnAccept,
    /// Reset when the request has been read.
    ResetAfterRequest,
    /// Closed without a word when the request has been read.
    ClosedAfterRequest,
    /// The request is read and never answered.
    Silent,
    /// The answer begins this many milliseconds late.
    SlowHeaders(u64),
    /// Headers at once, the body this many milliseconds later.
    SlowBody(u64),
    /// Headers and half the body, then nothing more.
    StalledBody,
    /// More is promised than sent, then the connection closes.
    CutOff,
    /// Like that, but with a reset.
    ResetInBody,
    /// Less is promised than sent.
    LengthTooShort,
    /// Bytes that are no HTTP.
    Garbage,
    /// A body without end.
    Endless,
    /// Headers of some MiB before the body.
    HugeHeaders,
    /// A body that is no UTF-8, though its type says so.
    NotUtf8,
}

/// One misbehaving server. Each value gets its own listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misbehaving {
    /// What happens on a connection.
    pub manner: Manner,
    /// What it answers to every request, where it answers.
    pub answer: Answer,
    /// How preflights and CORS headers are handled, where it answers.
    pub cors: Cors,
}

impl Misbehaving {
    /// A web server that gives `answer` to everything and never heard of CORS.
    pub const fn saying(answer: Answer) -> Self {
        Self { manner: Manner::Proper, answer, cors: Cors::NOWHERE }
    }

    /// A server with this fault on the wire; where it answers at all, pages may read it.
    pub const fn by(manner: Manner) -> Self {
        Self { manner, answer: Answer::json(200, r#"{"status":"healthy"}"#), cors: Cors::EVERYWHERE }
    }

    /// Puts the server up.
    pub async fn start(self, name: &str, log: &Log) -> io::Result<Listening> {
        if self.manner == Manner::Refused {
            let port = RefusedPort::reserve()?;
            let address = port.address;
            return Ok(Listening::run(address, async move {
                let _reserved = port;
                std::future::pending::<()>().await;
            }));
        }
        if self.manner == Manner::Swallowed {
            let port = FullPort::fill().await?;
            let address = port.address;
            return Ok(Listening::run(address, async move {
                let _full = port;
                std::future::pending::<()>().await;
            }));
        }
        let listener = loopback::bind(loopback::SERVERS, 0).await?;
        let address = listener.local_addr()?;
        Ok(Listening::run(address, self.accept(listener, Seat::new(name, address), log.clone())))
    }

    /// The same behind a proxy: requests are recorded as if they had come to `front`.
    pub async fn start_behind(self, front: &str, name: &str, log: &Log) -> io::Result<Listening> {
        let listener = loopback::bind(loopback::SERVERS, 0).await?;
        let address = listener.local_addr()?;
        let seat = Seat { name: name.into(), origin: front.into() };
        Ok(Listening::run(address, self.accept(listener, seat, log.clone())))
    }

    async fn accept(self, listener: TcpListener, seat: Seat, log: Log) {
        let mut connections = JoinSet::new();
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            while connections.try_join_next().is_some() {}
            let (seat, log) = (seat.clone(), log.clone());
            connections.spawn(async move {
                // A browser that goes away in the middle is no error of the lab.
                let _ = self.converse(stream, &seat, &log).await;
            });
        }
    }

    async fn converse(self, mut stream: TcpStream, seat: &Seat, log: &Log) -> io::Result<()> {
        if self.manner == Manner::ResetOnAccept {
            return reset(stream);
        }
        let Some(ask) = read_request(&mut stream).await? else { return Ok(()) };
        log.record(seat, &ask);
        match self.manner {
            Manner::ResetAfterRequest => return reset(stream),
            Manner::ClosedAfterRequest => return stream.shutdown().await,
            // Reads on, so that the connection ends when the browser ends it.
            Manner::Silent => return until_closed(stream).await,
            Manner::Garbage => {
                stream
                    .write_all(b"\x15\x03\x01\x00\x02\x02\x50 this is not the protocol you are looking for\n")
                    .await?;
                return stream.shutdown().await;
            }
            Manner::SlowHeaders(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            _ => {}
        }
        let reply = match self.cors.preflight(&ask).await {
            Some(reply) => reply,
            None => {
                let mut reply = self.answer.reply();
                self.cors.dress(&mut reply, &ask, Layer::Inside);
                reply
            }
        };
        self.send(stream, reply).await
    }

    async fn send(self, mut stream: TcpStream, reply: Reply) -> io::Result<()> {
        let (head, body) = reply.into_parts();
        let mut body = body.collect().await.map(|whole| whole.to_bytes()).unwrap_or_default();
        if self.manner == Manner::NotUtf8 {
            body = Bytes::from_static(b"{\"status\":\"\xff\xfe\xed\xa0\x80\xf5\"}");
        }
        let promised = match self.manner {
            Manner::StalledBody | Manner::CutOff | Manner::ResetInBody => body.len() + MISSING_BYTES,
            Manner::LengthTooShort => body.len() / 2,
            _ => body.len(),
        };
        let mut text = format!("HTTP/1.1 {}\r\n", head.status);
        for (name, value) in &head.headers {
            text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
        }
        if self.manner == Manner::HugeHeaders {
            (0..HUGE_LINES)
                .for_each(|line| text.push_str(&format!("x-huge-{line}: {}\r\n", "h".repeat(1000))));
        }
        if self.manner != Manner::Endless {
            text.push_str(&format!("content-length: {promised}\r\n"));
        }
        text.push_str("connection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).await?;
        if let Manner::SlowBody(ms) = self.manner {
            stream.flush().await?;
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        stream.write_all(&body).await?;
        match self.manner {
            Manner::StalledBody => until_closed(stream).await,
            // Ends with the error of a connection that the browser has closed. As fast as a good line, not as loopback:
            // WebKit's streams do not hold a server back, and on a busy machine its process grew to 3 GB in a second,
            // of ten bodies that the page had given up or not yet begun to read.
            Manner::Endless => loop {
                stream.write_all(&[b' '; 16_384]).await?;
                tokio::time::sleep(PACE).await;
            },
            Manner::ResetInBody => reset(stream),
            _ => stream.shutdown().await,
        }
    }
}

/// Ends a connection with a reset instead of a proper close.
fn reset(stream: TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

/// Waits for the other side to give up.
async fn until_closed(mut stream: TcpStream) -> io::Result<()> {
    let mut rest = [0; 4096];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// Reads one request; `None` if the other side left before it was complete.
async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Ask>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let Some(ask) = parse_head(&String::from_utf8_lossy(&bytes[..end])) else { return Ok(None) };
            let length = header(&ask, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
            let body = &bytes[end + 4..];
            if body.len() >= length {
                let body = Bytes::copy_from_slice(&body[..length]);
                return Ok(Some(ask.map(|_| body)));
            }
        }
        let read = stream.read(&mut chunk).await?;
        if read == 0 || bytes.len() > LONGEST_REQUEST {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
}

fn parse_head(text: &str) -> Option<Ask> {
    let mut lines = text.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let mut ask = Request::builder().method(start.next()?).uri(start.next()?);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        ask = ask.header(name, value.trim());
    }
    ask.body(Bytes::new()).ok()
}
