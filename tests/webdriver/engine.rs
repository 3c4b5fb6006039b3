//! Which browsers the page is tested in, and how each is started.

use super::session::Session;
use crate::lab::children::{Child, End, Scratch, find};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const START_LIMIT: Duration = Duration::from_secs(60);
/// The longest that one script may wait for the page; a run is bounded far below.
pub const SCRIPT_LIMIT: Duration = Duration::from_secs(60);

/// One browser engine. Another one is another value in [`ENGINES`].
pub struct Engine {
    /// `chromium`, `firefox` or `webkit`.
    pub name: &'static str,
    /// The driver: variable that names it, and what it is called on the path.
    driver: (&'static str, &'static str),
    driver_arguments: &'static [&'static str],
    /// The browser, likewise.
    browser: (&'static str, &'static str),
    /// Finds the port in what the driver prints once it is ready.
    port: fn(&str) -> Option<u16>,
    /// Capabilities of a new session with this browser and an empty profile.
    capabilities: fn(&Path, &Path) -> Value,
}

/// All engines.
pub const ENGINES: [Engine; 1] = [Engine {
    name: "chromium",
    driver: ("PREFLIGHT_CHROMEDRIVER", "chromedriver"),
    driver_arguments: &["--port=0"],
    browser: ("PREFLIGHT_CHROMIUM", "chromium"),
    port: |printed| number_after(printed, "started successfully on port "),
    capabilities: chromium,
}];

fn chromium(browser: &Path, profile: &Path) -> Value {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // A proxy in the environment would answer for names that do not exist.
        "--no-proxy-server",
        "--window-size=1280,900",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    json!({
        "browserName": "chrome",
        "timeouts": { "script": SCRIPT_LIMIT.as_millis(), "pageLoad": SCRIPT_LIMIT.as_millis() },
        "goog:chromeOptions": { "binary": browser, "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

impl Engine {
    /// What is missing on this machine to run this engine, if anything.
    pub fn missing(&self) -> Option<String> {
        [self.driver, self.browser].into_iter().find_map(|(variable, name)| match find(variable, name) {
            Some(_) => None,
            None => Some(format!("{name} is not on the path (or name it in {variable})")),
        })
    }

    /// Starts driver and browser.
    pub async fn start(&'static self) -> io::Result<Session> {
        let scratch = Scratch::new(self.name)?;
        let found = |(variable, name)| {
            find(variable, name).ok_or_else(|| io::Error::other(format!("{name} is not on this machine")))
        };
        let (driver, browser) = (found(self.driver)?, found(self.browser)?);
        let mut command = Command::new(driver);
        command.args(self.driver_arguments);
        let mut child = Child::start(self.driver.1, &command, scratch.path().join("driver.txt"), End::Asked)?;
        let port = child.ready(START_LIMIT, |printed| async move { (self.port)(&printed) }).await?;
        let profile = scratch.path().join("profile");
        let Value::Object(capabilities) = (self.capabilities)(&browser, &profile) else { unreachable!() };
        let client = connect(port, capabilities).await?;
        Ok(Session::new(self, client, child, scratch))
    }
}

async fn connect(port: u16, capabilities: Map<String, Value>) -> io::Result<fantoccini::Client> {
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .map_err(io::Error::other)
}

fn number_after(text: &str, words: &str) -> Option<u16> {
    let (_, after) = text.split_once(words)?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    // The line may still be on its way: the number is complete once something follows it.
    let complete = after.len() > digits.len();
    digits.parse().ok().filter(|_| complete)
}
