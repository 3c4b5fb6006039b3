//! Puts the rows of the table up: one listener per server of a row, so that rows cannot disturb each other and the
//! log tells them apart.

use super::gateway::{Asks, Gateway, Upstream};
use super::keys;
use super::loopback::{self, RefusedPort};
use super::mlflow::{Kind, Mlflow};
use super::page::Page;
use super::record::{Log, Recorded};
use super::scenarios::{Row, Station};
use super::web::{Listening, listen};
use serde_json::{Value, json};
use std::io;

/// How long one probe of the page may take here: loopback answers in milliseconds, and a silent host should not
/// cost much.
const PROBE_TIMEOUT_MS: u32 = 1000;

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
    _servers: Vec<Listening>,
}

/// One page with its rows and its own log. Every browser engine gets one.
pub struct Stage {
    /// The page's server.
    pub page: Page,
    /// The rows that are up.
    pub rows: Vec<OpenRow>,
    /// What the page's server and the rows' servers saw.
    pub log: Log,
    _nobody: RefusedPort,
}

impl Stage {
    /// Puts `rows` up behind `page` and tells the page about them.
    pub async fn open(page: Page, log: Log, rows: &[&'static Row], mlflow: &[Mlflow]) -> io::Result<Self> {
        let nobody = RefusedPort::reserve()?;
        let dead = format!("http://{}", nobody.address);
        let mut open = Vec::new();
        for row in rows {
            open.push(OpenRow::open(row, &log, mlflow, &dead).await?);
        }
        let deployments: Vec<Value> = open.iter().map(OpenRow::deployment).collect();
        let configuration = json!({
            "title": "Preflight lab",
            "limits": { "probe-timeout-ms": PROBE_TIMEOUT_MS },
            "deployments": deployments,
        });
        page.configure(configuration.to_string());
        Ok(Self { page, rows: open, log, _nobody: nobody })
    }

    /// The open row of that id.
    pub fn row(&self, id: &str) -> Option<&OpenRow> {
        self.rows.iter().find(|open| open.row.id == id)
    }
}

impl OpenRow {
    async fn open(row: &'static Row, log: &Log, mlflow: &[Mlflow], dead: &str) -> io::Result<Self> {
        let mut servers = Vec::new();
        let mut put_up = Servers { row, log, mlflow, dead, running: &mut servers };
        let auth_origin = match row.auth {
            Some(station) => Some(put_up.station(station, "auth", dead).await?),
            None => None,
        };
        let auth = auth_origin.clone().unwrap_or_else(|| dead.to_owned());
        let registry_url = put_up.station(row.registry, "registry", &auth).await?;
        let auth_url = auth_origin.clone().filter(|_| row.form.names_auth).unwrap_or_default();
        Ok(Self { row, registry_url, auth_url, auth_origin, _servers: servers })
    }

    /// The requests among `seen` that this row's servers got.
    pub fn own<'a>(&self, seen: &'a [Recorded]) -> Vec<&'a Recorded> {
        let prefix = format!("{}/", self.row.id);
        seen.iter().filter(|request| request.listener.starts_with(&prefix)).collect()
    }

    /// The row's entry in `preflight.json`.
    fn deployment(&self) -> Value {
        let form = &self.row.form;
        let mut entry = json!({
            "id": self.row.id,
            "name": self.row.id.replace('-', " "),
            "description": self.row.sentence,
            "registry-url": self.registry_url,
            "mlflow-path": form.mlflow_path,
            "auth-url": self.auth_url,
            "auth-scheme": form.scheme,
            "auth-header": form.header,
            "service-id": form.service_id,
            "auth": { "health-path": "/health", "validate-path": "/api/v1/keys/validate" },
            "key": {
                "prefixes": [{ "prefix": keys::PREFIX, "environment": "production" }],
                "lengths": keys::RANDOM_LENGTHS,
                "alphabet": "alphanumeric",
            },
        });
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
    running: &'a mut Vec<Listening>,
}

impl Servers<'_> {
    /// Starts what stands at an address and gives its origin.
    async fn station(&mut self, station: Station, role: &str, auth: &str) -> io::Result<String> {
        let name = format!("{}/{role}", self.row.id);
        let server = match station {
            // Reserved for ever never to exist (RFC 2606).
            Station::UnknownName => return Ok("http://does-not-exist.invalid".to_owned()),
            Station::Misbehaving(server) => server.start(&name, self.log).await?,
            Station::Auth(service) => {
                listen(loopback::SERVERS, 0, &name, self.log, service.handler()).await?
            }
            Station::Gateway(gateway) => return self.gateway(gateway, &name, auth).await,
        };
        Ok(self.keep(server))
    }

    async fn gateway(&mut self, gateway: Gateway, name: &str, auth: &str) -> io::Result<String> {
        let auth = match gateway.auth.map(|guard| guard.asks) {
            Some(Asks::Own(service)) => {
                let name = format!("{}/hidden-auth", self.row.id);
                let server = listen(loopback::SERVERS, 0, &name, self.log, service.handler()).await?;
                self.keep(server)
            }
            _ => auth.to_owned(),
        };
        let upstream = match gateway.upstream {
            Upstream::Mlflow(kind) => self.mlflow_origin(kind)?,
            Upstream::Dead | Upstream::Says(_) => self.dead.to_owned(),
        };
        let ip = if gateway.on_unlisted_address { loopback::UNLISTED } else { loopback::SERVERS };
        let server = listen(ip, 0, name, self.log, gateway.handler(upstream, auth)).await?;
        Ok(self.keep(server))
    }

    fn mlflow_origin(&self, kind: Kind) -> io::Result<String> {
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
