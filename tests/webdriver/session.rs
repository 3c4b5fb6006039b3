//! One open browser.

use super::engine::{Console, Engine};
use crate::lab::children::{Child, Scratch};
use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use hyper::Method;
use serde_json::{Value, json};
use std::cell::Cell;
use std::time::Duration;
use url::{ParseError, Url};

/// A browser with its driver and its throw-away profile. [`Session::close`] ends it politely, dropping it ends it
/// anyway.
pub struct Session {
    /// Which engine it is.
    pub engine: &'static Engine,
    client: Client,
    driver: Child,
    _display: Option<Child>,
    _scratch: Scratch,
    /// How much of what the browser printed has been read as its console.
    read: Cell<usize>,
}

/// What went wrong between us and the browser, in words.
pub type Trouble = String;

impl Session {
    /// Takes over a connected client.
    pub fn new(
        engine: &'static Engine,
        client: Client,
        driver: Child,
        display: Option<Child>,
        scratch: Scratch,
    ) -> Self {
        Self { engine, client, driver, _display: display, _scratch: scratch, read: Cell::new(0) }
    }

    /// Loads `url` afresh.
    pub async fn load(&self, url: &str) -> Result<(), Trouble> {
        self.client.goto(url).await.map_err(words)
    }

    /// Runs a script in the page and gives back what it returns.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        self.client.execute(script, arguments).await.map_err(words)
    }

    /// Runs a script that says itself when it is done, by its last argument.
    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        self.client.execute_async(script, arguments).await.map_err(words)
    }

    /// As [`Session::script_async`], for a script that waits with `until(what, is, ms)`: for the first true value of `is`, or it
    /// fails with `what` and what the page says instead. `is` looks at the page and is asked whenever that changes, or whenever
    /// `changes` (a `MutationObserverInit`) happen to `node`, which are two more arguments.
    pub async fn script_until(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Trouble> {
        self.script_async(&[UNTIL, script].concat(), arguments).await
    }

    /// Waits until `is`, an expression of JavaScript, is true of the page; else it fails with `what`.
    pub async fn until(&self, what: &str, is: &str) -> Result<(), Trouble> {
        let wait = "const [what, done] = arguments; until(what, is).then(() => done(null)).catch((error) => done(String(error)));";
        let trouble =
            self.script_until(&format!("const is = () => {is};\n{wait}"), vec![json!(what)]).await?;
        if trouble.is_null() { Ok(()) } else { Err(trouble.to_string()) }
    }

    /// Presses and releases keys one after another, wherever the keyboard is.
    pub async fn keys(&self, keys: &str) -> Result<(), Trouble> {
        let mut typed = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            typed = typed.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(typed).await.map_err(words)
    }

    /// Waits, inside the page, until `<html data-run-state>` is one of `states`.
    pub async fn wait_for_state(&self, states: &[&str], limit: Duration) -> Result<(), Trouble> {
        let arguments = vec![json!(states), json!(limit.as_millis())];
        let trouble = self.script_until(WAIT_FOR_STATE, arguments).await?;
        if trouble.is_null() { Ok(()) } else { Err(trouble.to_string()) }
    }

    /// The console's lines since the last call.
    pub async fn console(&self) -> Result<Vec<String>, Trouble> {
        if self.engine.console == Console::Printed {
            let printed = self.driver.printed();
            let read = self.read.replace(printed.len()).min(printed.len());
            return Ok(printed.get(read..).unwrap_or(&printed).lines().map(str::to_owned).collect());
        }
        let lines = self.vendor("se/log", json!({ "type": "browser" })).await?;
        Ok(lines.as_array().into_iter().flatten().map(|line| line["message"].to_string()).collect())
    }

    /// Opens a tab and goes there; gives the one that was left.
    pub async fn open_tab(&self) -> Result<WindowHandle, Trouble> {
        let left = self.client.window().await.map_err(words)?;
        let opened = self.client.new_window(true).await.map_err(words)?;
        self.client.switch_to_window(opened.handle).await.map_err(words)?;
        Ok(left)
    }

    /// Closes the tab as a person does, and goes on in a new one. A page that is only left may stay, asleep, with all its
    /// connections (Chromium's cache of pages).
    pub async fn close_for_another(&self) -> Result<(), Trouble> {
        let left = self.open_tab().await?;
        let opened = self.client.window().await.map_err(words)?;
        self.client.switch_to_window(left).await.map_err(words)?;
        self.close_tab(opened).await
    }

    /// Closes the tab and goes back to `left`.
    pub async fn close_tab(&self, left: WindowHandle) -> Result<(), Trouble> {
        self.client.close_window().await.map_err(words)?;
        self.client.switch_to_window(left).await.map_err(words)
    }

    /// Takes the browser's network away, or gives it back (Chromium).
    pub async fn set_offline(&self, offline: bool) -> Result<(), Trouble> {
        if !offline {
            return self.command(Method::DELETE, "chromium/network_conditions", None).await.map(drop);
        }
        let conditions =
            json!({ "offline": true, "latency": 0, "download_throughput": 0, "upload_throughput": 0 });
        self.vendor("chromium/network_conditions", json!({ "network_conditions": conditions }))
            .await
            .map(drop)
    }

    /// Says for the page that is open whether pages may get into this machine (Chromium).
    pub async fn set_local_network(&self, state: &str) -> Result<(), Trouble> {
        for name in ["local-network-access", "local-network", "loopback-network"] {
            let permission = json!({ "descriptor": { "name": name }, "state": state });
            self.vendor("permissions", permission).await?;
        }
        Ok(())
    }

    /// Calls the DevTools protocol (Chromium).
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value, Trouble> {
        self.vendor("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// The visible part of the page as PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>, Trouble> {
        self.client.screenshot().await.map_err(words)
    }

    /// A new browser in the place of one that has died, so that its end does not fail everything after it. True if it
    /// had: what was looked at is then looked at once more, since browsers also die of themselves.
    pub async fn revive(&mut self) -> bool {
        let died = self.script("return 1", Vec::new()).await.is_err();
        if died {
            self.renew().await;
        }
        died
    }

    /// A new browser in the place of one in which something was left that would fail what comes after it: the journal of a
    /// registration that came to no end.
    pub async fn renew(&mut self) {
        match self.engine.start().await {
            Ok(session) => *self = session,
            Err(error) => println!("{:>66}  no other browser either: {error}", ""),
        }
    }

    /// Closes the browser and then its driver.
    pub async fn close(self) {
        // The driver's end takes the browser along if it does not answer any more.
        let _ = self.client.clone().close().await;
    }

    async fn vendor(&self, path: &'static str, body: Value) -> Result<Value, Trouble> {
        self.command(Method::POST, path, Some(body.to_string())).await
    }

    async fn command(
        &self,
        method: Method,
        path: &'static str,
        body: Option<String>,
    ) -> Result<Value, Trouble> {
        self.client.issue_cmd(Extension { method, path, body }).await.map_err(words)
    }
}

fn words(error: CmdError) -> Trouble {
    error.to_string()
}

/// A command below the session's address that is not part of the WebDriver standard.
#[derive(Debug)]
struct Extension {
    method: Method,
    path: &'static str,
    body: Option<String>,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.clone())
    }
}

const UNTIL: &str = r#"
const anything = { attributes: true, characterData: true, childList: true, subtree: true };
const until = (what, is, ms = 10_000, node = document, changes = anything) => new Promise((go, fail) => {
  const end = (act) => {
    observer.disconnect();
    clearTimeout(limit);
    act();
  };
  const look = () => {
    try {
      const it = is();
      if (it) end(() => go(it));
    } catch (error) {
      end(() => fail(error));
    }
  };
  const instead = () => {
    const { runState, stopped } = document.documentElement.dataset;
    const state = (runState ?? "no state") + (stopped ? `, stopped by ${stopped}` : "");
    return `${what} within ${ms} ms; the page says ${state}; its text: ${document.body.innerText.slice(0, 2_000)}`;
  };
  const observer = new MutationObserver(look);
  const limit = setTimeout(() => end(() => fail(new Error(instead()))), ms);
  observer.observe(node, changes);
  look();
});
"#;

/// Hears of nothing else, so that what is timed is not held up by listening.
const WAIT_FOR_STATE: &str = r#"
const [states, limit, done] = arguments;
const root = document.documentElement;
const is = () => states.includes(root.dataset.runState);
until(`not ${states.join(" or ")}`, is, limit, root, { attributeFilter: ["data-run-state"] })
  .then(() => done(null))
  .catch((error) => done(String(error)));
"#;
