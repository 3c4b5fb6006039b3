//! HTTP as the lab needs it: listeners that record everything, replies, and a client.

use super::loopback;
use super::record::{Log, Seat};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// A request with its whole body.
pub type Ask = Request<Bytes>;
/// An answer with its whole body.
pub type Reply = Response<Full<Bytes>>;
/// What a server does with a request.
pub type Handler = Arc<dyn Fn(Ask) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send + Sync>;

/// Makes a [`Handler`] out of an async function.
pub fn handler<F, Fut>(function: F) -> Handler
where
    F: Fn(Ask) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Reply> + Send + 'static,
{
    Arc::new(move |ask| Box::pin(function(ask)))
}

/// A running listener. It ends, with all its connections, when this is dropped.
pub struct Listening {
    /// Scheme, host and port.
    pub origin: String,
    task: JoinHandle<()>,
}

impl Listening {
    /// Runs `accept` on `listener` until the value is dropped.
    pub fn run<F>(address: SocketAddr, accept: F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { origin: format!("http://{address}"), task: tokio::spawn(accept) }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves `handler` on `ip:port` (0 or a taken port: any free one), recording each request under `name`.
pub async fn listen(
    ip: Ipv4Addr,
    port: u16,
    name: &str,
    log: &Log,
    handler: Handler,
) -> io::Result<Listening> {
    let listener = loopback::bind(ip, port).await?;
    let address = listener.local_addr()?;
    let seat = Seat::new(name, address);
    Ok(Listening::run(address, accept(listener, seat, log.clone(), handler, None)))
}

/// Like [`listen`], behind a proxy: requests are recorded as if they had come to `front`, where browsers see the
/// server.
pub async fn listen_behind(front: &str, name: &str, log: &Log, handler: Handler) -> io::Result<Listening> {
    let listener = loopback::bind(loopback::SERVERS, 0).await?;
    let address = listener.local_addr()?;
    let seat = Seat { name: name.into(), origin: front.into() };
    Ok(Listening::run(address, accept(listener, seat, log.clone(), handler, None)))
}

/// Like [`listen`], with TLS.
pub async fn listen_tls(
    acceptor: TlsAcceptor,
    name: &str,
    log: &Log,
    handler: Handler,
) -> io::Result<Listening> {
    let listener = loopback::bind(loopback::SERVERS, 0).await?;
    let address = listener.local_addr()?;
    let origin = format!("https://{address}");
    let seat = Seat { name: name.into(), origin: origin.as_str().into() };
    let mut running = Listening::run(address, accept(listener, seat, log.clone(), handler, Some(acceptor)));
    running.origin = origin;
    Ok(running)
}

/// True when the first byte is that of a TLS handshake (RFC 8446, record type 22).
async fn greets_with_tls(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first == [22]
}

/// Answers a TLS handshake as common servers do, in plain text, and lets the client close. Closing first, with the
/// handshake unread, would reset the connection, and whether the answer came before that would be a matter of luck.
async fn refuse_tls(mut stream: TcpStream) {
    let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    if stream.write_all(answer).await.is_ok() {
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    }
}

/// Takes connections for ever. The connections live in a set of this future, so that they end with it.
pub async fn accept(listener: TcpListener, seat: Seat, log: Log, handler: Handler, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of descriptors or an aborted connection: the next one may do better.
            Err(_) => continue,
        };
        while connections.try_join_next().is_some() {}
        let (seat, log, handler, tls) = (seat.clone(), log.clone(), handler.clone(), tls.clone());
        connections.spawn(async move {
            match tls {
                None if greets_with_tls(&stream).await => refuse_tls(stream).await,
                None => converse(stream, seat, log, handler).await,
                // A browser that refuses the certificate is no error of the lab.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        converse(stream, seat, log, handler).await;
                    }
                }
            }
        });
    }
}

/// One connection, to its end.
async fn converse<S>(stream: S, seat: Seat, log: Log, handler: Handler)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (seat, log, handler) = (seat.clone(), log.clone(), handler.clone());
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.map(|whole| whole.to_bytes()).unwrap_or_default();
            let ask = Request::from_parts(head, body);
            let number = log.record(&seat, &ask);
            let reply = handler(ask).await;
            if refuses(&reply).await {
                log.refused(number);
            }
            Ok::<_, Infallible>(reply)
        }
    });
    let mut server = http1::Builder::new();
    // A browser that goes away in the middle is no error of the lab.
    let _ = server.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// True for a refusal, also for one inside a success.
async fn refuses(reply: &Reply) -> bool {
    let body = reply.body().clone().collect().await.map(|whole| whole.to_bytes()).unwrap_or_default();
    let said = serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
    matches!(reply.status().as_u16(), 401 | 403) || said["is_valid"] == false
}

/// An answer with a status, a content type and a body.
pub fn reply(status: u16, content_type: &str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = StatusCode::from_u16(status).expect("the lab uses valid status codes");
    set(&mut reply, CONTENT_TYPE, content_type);
    reply
}

/// An answer in JSON; the text is written by the caller, so that odd JSON can be sent too.
pub fn json(status: u16, text: impl Into<Bytes>) -> Reply {
    reply(status, "application/json", text)
}

/// Sets one header of an answer.
pub fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("the lab writes valid header values");
    reply.headers_mut().insert(name, value);
}

/// A header of a request, if it is there and is text.
pub fn header<'a>(ask: &'a Ask, name: &str) -> Option<&'a str> {
    ask.headers().get(name).and_then(|value| value.to_str().ok())
}

/// The lab's own HTTP client, used by its gateways and checks. It keeps no connection open: a reused one that the
/// other side is just closing would be a fault that no row asked for.
#[derive(Clone)]
pub struct Caller(Client<HttpConnector, Full<Bytes>>);

impl Caller {
    /// A new client.
    pub fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http())
    }

    /// Sends `ask` and reads the whole answer, or says why there is none.
    pub async fn call(&self, ask: Ask, limit: Duration) -> Result<Response<Bytes>, CallError> {
        let (head, body) = ask.into_parts();
        let whole = async {
            let response = self.0.request(Request::from_parts(head, Full::new(body))).await;
            let (head, body) = response.map_err(|_| CallError::Broken)?.into_parts();
            let body = body.collect().await.map_err(|_| CallError::Broken)?.to_bytes();
            Ok(Response::from_parts(head, body))
        };
        tokio::time::timeout(limit, whole).await.unwrap_or(Err(CallError::TooLate))
    }

    /// A plain GET.
    pub async fn get(&self, url: &str, limit: Duration) -> Result<Response<Bytes>, CallError> {
        let ask = Request::get(url).body(Bytes::new()).map_err(|_| CallError::Broken)?;
        self.call(ask, limit).await
    }
}

/// Why a call had no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// Refused, reset, cut off or not HTTP.
    Broken,
    /// No complete answer within the limit.
    TooLate,
}
