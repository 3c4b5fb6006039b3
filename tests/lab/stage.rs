//! Puts the rows of the table up: one listener per server of a row, so that rows cannot disturb each other and the
//! log tells them apart.

use super::answers::Answer;
use super::gateway::{Asks, Gateway, Upstream};
use super::keys::{self, Key};
use super::loopback::{self, RefusedPort};
use super::misbehaving::{Manner, Misbehaving};
use super::mlflow::{Kind, Mlflow};
use super::nginx::{self, Behind, Nginx};
use super::page::{self, Page};
use super::record::{Log, Recorded};
use super::scenarios::{Browser, Entry, Row, Station};
use super::source;
use super::web::{Handler, Listening, listen, listen_behind, listen_tls};
use preflight::deployment::{KeyShape, config};
use serde_json::{Value, json};
use std::io;

/// How long one probe of the page may take here: loopback answers in milliseconds, and a silent host should not
/// cost much.
pub const PROBE_TIMEOUT_MS: u32 = 1000;

/// A row that is up.
pub struct OpenRow {
    /// The row.
    pub row: &'static Row,
    /// What the form's `registry-url` says.
    pub registry_url: String,
    /// What the form's `auth-url` says, empty if nothing.
    pub auth_url: String,
    /// Where the row's auth service is, whether or not the form knows it.
    pub auth_origin: Option<String>,
    /// The MLflow server of the row itself, past all that stands before it.
    pub mlflow: Option<(Kind, String)>,
    _servers: Vec<Listening>,
}

/// One page with its rows and its own log. Every browser engine gets one.
pub struct Stage {
    /// The page's server.
    pub page: Page,
    /// The same page as other hosts serve it, where rows need that.
    others: Vec<(page::Manner, Page)>,
    /// The rows that are up.
    pub rows: Vec<OpenRow>,
    /// Rows that are not up, and what is missing on this machine for them.
    pub not_run: Vec<(&'static Row, &'static str)>,
    /// What the page's server and the rows' servers saw.
    pub log: Log,
    _nginx: Option<nginx::Process>,
    _nobody: RefusedPort,
}

impl Stage {
    /// Puts `rows` up behind `page` and tells the page about them.
    pub async fn open(page: Page, log: Log, rows: &[&'static Row], mlflow: &[Mlflow]) -> io::Result<Self> {
        let nobody = RefusedPort::reserve()?;
        let dead = format!("http://{}", nobody.address);
        let mut nginx = nginx::Plan::new()?;
        let (mut open, mut not_run) = (Vec::new(), Vec::new());
        for row in rows {
            match row.missing() {
                Some(missing) => not_run.push((*row, missing)),
                None => open.push(OpenRow::open(row, &log, mlflow, &dead, &page.origin, &mut nginx).await?),
            }
        }
        let nginx = nginx.start().await?;
        let deployments: Vec<Value> = open.iter().map(OpenRow::deployment).collect::<io::Result<_>>()?;
        let configuration = json!({
            "title": "Preflight lab",
            "limits": { "probe-timeout-ms": PROBE_TIMEOUT_MS },
            "deployments": deployments,
        });
        let mut others = Vec::new();
        for manner in [page::Manner::Secure, page::Manner::Strict, page::Manner::Public] {
            if open.iter().any(|open| open.row.browser.page() == manner) {
                others.push((manner, Page::start_as(manner, 0, &log).await?));
            }
        }
        for page in others.iter().map(|(_, page)| page).chain([&page]) {
            page.configure(configuration.to_string());
        }
        Ok(Self { page, others, rows: open, not_run, log, _nginx: nginx, _nobody: nobody })
    }

    /// The origin of the page that a row is run from.
    pub fn page_of(&self, row: &Row) -> &str {
        let own = self.others.iter().find(|(manner, _)| *manner == row.browser.page());
        own.map_or(&self.page.origin, |(_, page)| &page.origin)
    }

    /// Whether the page is served there.
    pub fn is_page(&self, origin: &str) -> bool {
        self.others.iter().map(|(_, page)| page).chain([&self.page]).any(|page| page.origin == *origin)
    }

    /// Adds to each description what somebody needs to know who tries it by hand. Not where tests look for keys in the page.
    pub fn explain(&self) -> io::Result<()> {
        let mut file: Value = serde_json::from_str(&self.page.configure(String::new()))?;
        for entry in file["deployments"].as_array_mut().into_iter().flatten() {
            let open = entry["id"].as_str().and_then(|id| self.row(id));
            let more = open.map(OpenRow::by_hand).unwrap_or_default();
            entry["description"] = json!([entry["description"].as_str().unwrap_or_default(), &more].concat());
        }
        self.page.configure(file.to_string());
        Ok(())
    }

    /// The open row of that id.
    pub fn row(&self, id: &str) -> Option<&OpenRow> {
        self.rows.iter().find(|open| open.row.id == id)
    }
}

impl OpenRow {
    async fn open(
        row: &'static Row,
        log: &Log,
        mlflow: &[Mlflow],
        dead: &str,
        page: &str,
        nginx: &mut nginx::Plan,
    ) -> io::Result<Self> {
        let mut servers = Vec::new();
        let mut put_up = Servers { row, log, mlflow, dead, page, nginx, running: &mut servers };
        let auth_origin = match row.auth {
            Some(station) => Some(put_up.station(station, "auth", dead).await?),
            None => None,
        };
        let auth = auth_origin.clone().unwrap_or_else(|| dead.to_owned());
        let registry_url = put_up.station(row.registry, "registry", &auth).await?;
        let auth_url = auth_origin.clone().filter(|_| row.form.names_auth).unwrap_or_default();
        let kind = row.mlflow().into_iter().next();
        let behind = mlflow.iter().find(|server| Some(server.kind) == kind);
        let mlflow = behind.map(|server| (server.kind, server.origin.clone()));
        Ok(Self { row, registry_url, auth_url, auth_origin, mlflow, _servers: servers })
    }

    /// The requests among `seen` that this row's servers got.
    pub fn own<'a>(&self, seen: &'a [Recorded]) -> Vec<&'a Recorded> {
        let prefix = format!("{}/", self.row.id);
        seen.iter().filter(|request| request.listener.starts_with(&prefix)).collect()
    }

    /// The text of one of the lab's keys at this row.
    pub fn text_of(&self, key: Key) -> String {
        self.row.text_of(key)
    }

    /// The row's own `preflight.json`, where it has one: the source's, with nothing but its two origins replaced.
    pub fn own_file(&self) -> Result<Option<String>, String> {
        match self.row.entry {
            Entry::Lab => Ok(None),
            Entry::Shipped(_) => source::file_at(&self.registry_url, &self.auth_url).map(Some),
        }
    }

    /// The row's entry in the `preflight.json` of all rows.
    pub fn deployment(&self) -> io::Result<Value> {
        match (self.row.entry, self.own_file().map_err(io::Error::other)?) {
            (Entry::Shipped(id), Some(file)) => self.shipped(id, &file),
            _ => Ok(self.made()),
        }
    }

    /// What keys of this row look like, as the page reads it.
    pub fn key_shape(&self) -> io::Result<Option<KeyShape>> {
        let file = json!({ "deployments": [self.deployment()?] });
        Ok(config::parse(&file.to_string())
            .deployments
            .into_iter()
            .next()
            .and_then(|preset| preset.key_shape))
    }

    /// A shipped entry among those of the other rows.
    fn shipped(&self, id: &str, file: &str) -> io::Result<Value> {
        let file: Value = serde_json::from_str(file)?;
        let mut entries = file["deployments"].as_array().into_iter().flatten();
        let entry = entries.find(|entry| entry["id"] == id);
        let missing = || io::Error::other(format!("the shipped file has no entry {id}"));
        let mut entry = entry.ok_or_else(missing)?.clone();
        entry["id"] = json!(self.row.id);
        entry["name"] = json!(self.row.id.replace('-', " "));
        entry["description"] = json!(self.row.sentence);
        Ok(entry)
    }

    /// What somebody needs to know who tries it by hand.
    fn by_hand(&self) -> String {
        let key = match self.row.key {
            Key::Good | Key::Canary => String::new(),
            Key::None => " Type no key.".to_owned(),
            key => format!(" The key for it: {}", self.text_of(key)),
        };
        let browser =
            if self.row.browser == Browser::Usual { "" } else { " Only tests make the browser so." };
        [&key, browser].concat()
    }

    /// An entry made from the row.
    fn made(&self) -> Value {
        let form = &self.row.form;
        let mut entry = json!({
            "id": self.row.id,
            "name": self.row.id.replace('-', " "),
            "description": self.row.sentence,
            "registry-url": self.registry_url,
            "mlflow-path": form.listed_path.unwrap_or(form.mlflow_path),
            "auth-url": self.auth_url,
            "auth-scheme": form.scheme,
            "auth-header": form.header,
            "service-id": form.service_id,
            "auth": { "health-path": "/health", "validate-path": "/api/v1/keys/validate" },
            "environment": "production",
            "key": {
                "prefixes": [
                    { "prefix": keys::PREFIX, "environment": "production" },
                    { "prefix": keys::TEST_PREFIX, "environment": "test" },
                ],
                "lengths": keys::RANDOM_LENGTHS,
                "alphabet": "alphanumeric",
            },
        });
        if self.row.key.is_token() {
            entry["key"] = json!({});
        }
        // Users and passwords have no shape.
        if form.scheme == "basic"
            && let Some(entry) = entry.as_object_mut()
        {
            entry.remove("key");
        }
        if let Some(path) = form.open_path {
            entry["health-path"] = json!(path);
        }
        entry
    }
}

/// Starts the servers of one row.
struct Servers<'a> {
    row: &'static Row,
    log: &'a Log,
    mlflow: &'a [Mlflow],
    dead: &'a str,
    page: &'a str,
    nginx: &'a mut nginx::Plan,
    running: &'a mut Vec<Listening>,
}

impl Servers<'_> {
    /// Starts what stands at an address and gives its origin.
    async fn station(&mut self, station: Station, role: &str, auth: &str) -> io::Result<String> {
        let name = format!("{}/{role}", self.row.id);
        let server = match station {
            // Reserved for ever never to exist (RFC 2606).
            Station::UnknownName => return Ok("http://does-not-exist.invalid".to_owned()),
            Station::BadPort => return Ok("http://127.0.0.1:6666".to_owned()),
            Station::Misbehaving(server) => server.start(&name, self.log).await?,
            Station::Auth(service) => {
                listen(loopback::SERVERS, 0, &name, self.log, service.handler()).await?
            }
            Station::Gateway(gateway) => {
                let handler = self.gateway(gateway, auth).await?;
                let ip = if gateway.on_unlisted_address { loopback::UNLISTED } else { loopback::SERVERS };
                listen(ip, 0, &name, self.log, handler).await?
            }
            Station::Tls(certificate, gateway) => {
                let handler = self.gateway(gateway, auth).await?;
                listen_tls(certificate.make()?.acceptor()?, &name, self.log, handler).await?
            }
            Station::WrongScheme(certificate, gateway) => {
                let handler = self.gateway(gateway, auth).await?;
                let server = match certificate {
                    Some(certificate) => {
                        listen_tls(certificate.make()?.acceptor()?, &name, self.log, handler).await?
                    }
                    None => listen(loopback::SERVERS, 0, &name, self.log, handler).await?,
                };
                let origin = self.keep(server);
                return Ok(match origin.strip_prefix("https:") {
                    Some(rest) => format!("http:{rest}"),
                    None => origin.replacen("http:", "https:", 1),
                });
            }
            Station::Source(source) => {
                let auth = self.asked(source.proxy, auth).await?;
                let (proxied, direct) =
                    (self.upstream(source.proxy.upstream)?, self.upstream(source.direct.upstream)?);
                let unlisted = source.proxy.on_unlisted_address;
                let ip = if unlisted { loopback::UNLISTED } else { loopback::SERVERS };
                listen(ip, 0, &name, self.log, source.handler(proxied, direct, auth)).await?
            }
            Station::Nginx(nginx) => return self.nginx(nginx, &name, auth).await,
        };
        Ok(self.keep(server))
    }

    /// Plans a block of nginx and starts what stands behind it. What arrives there was sent to nginx.
    async fn nginx(&mut self, nginx: Nginx, name: &str, auth: &str) -> io::Result<String> {
        let address = self.nginx.port()?;
        let front = format!("http://{address}");
        let mut origins = Vec::new();
        match nginx.behind {
            Behind::Nobody => origins.push(self.dead.to_owned()),
            Behind::Silence => {
                let server = Misbehaving::by(Manner::Silent).start_behind(&front, name, self.log).await?;
                origins.push(self.keep(server));
            }
            Behind::Gateway(gateway) | Behind::OneBadReplicaOfThree(gateway) => {
                let handler = self.gateway(gateway, auth).await?;
                let server = listen_behind(&front, name, self.log, handler).await?;
                origins.push(self.keep(server));
            }
        }
        if let Behind::OneBadReplicaOfThree(_) = nginx.behind {
            let bad = Misbehaving::saying(Answer::NGINX_502).start_behind(&front, name, self.log).await?;
            origins.push(origins[0].clone());
            origins.push(self.keep(bad));
        }
        let behind = origins.iter().map(|origin| origin.replacen("http://", "", 1)).collect();
        let around = nginx::Surroundings { page: self.page, behind, auth, dead: self.dead };
        self.nginx.add(nginx, &address, &around);
        Ok(front)
    }

    /// What a gateway does, with what stands behind it running.
    async fn gateway(&mut self, gateway: Gateway, auth: &str) -> io::Result<Handler> {
        let auth = self.asked(gateway, auth).await?;
        Ok(gateway.handler(self.upstream(gateway.upstream)?, auth))
    }

    /// The auth service that a gateway asks.
    async fn asked(&mut self, gateway: Gateway, auth: &str) -> io::Result<String> {
        let Some(Asks::Own(service)) = gateway.auth.map(|guard| guard.asks) else {
            return Ok(auth.to_owned());
        };
        let name = format!("{}/hidden-auth", self.row.id);
        let server = listen(loopback::SERVERS, 0, &name, self.log, service.handler()).await?;
        Ok(self.keep(server))
    }

    /// What stands behind a gateway.
    fn upstream(&self, upstream: Upstream) -> io::Result<String> {
        let Upstream::Mlflow(kind) = upstream else { return Ok(self.dead.to_owned()) };
        let server = self.mlflow.iter().find(|server| server.kind == kind);
        let missing =
            || io::Error::other(format!("{} needs an MLflow server that was not started", self.row.id));
        Ok(server.ok_or_else(missing)?.origin.clone())
    }

    fn keep(&mut self, server: Listening) -> String {
        let origin = server.origin.clone();
        self.running.push(server);
        origin
    }
}
