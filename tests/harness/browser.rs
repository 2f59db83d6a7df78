//! A browser without a window, driven by `WebDriver` (W3C): types, clicks, reads, photographs.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::time::sleep;

/// Nothing on a page takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The name under which an element is spoken of.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    client: reqwest::Client,
    session: String,
}

impl Browser {
    /// Starts one; nothing, and a word why, where there is none on this machine.
    pub async fn start(width: u32, height: u32) -> Option<Self> {
        Self::start_with(width, height, true).await
    }

    /// The same; without scripts, pages have to do with what the server writes.
    pub async fn start_with(width: u32, height: u32, runs_scripts: bool) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let spawned = Command::new("chromedriver").arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(driver) = spawned else {
            crate::skip("pages in a browser", "chromium-driver is not installed");
            return None;
        };
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap();
        let mut browser = Self { driver, client, session: format!("http://127.0.0.1:{port}/session") };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--force-device-scale-factor=1",
            "--hide-scrollbars",
        ];
        let size = format!("--window-size={width},{height}");
        let arguments: Vec<&str> = arguments.into_iter().chain([size.as_str()]).collect();
        let preferences = if runs_scripts { json!({}) } else { json!({ "profile.managed_default_content_settings.javascript": 2 }) };
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": { "args": arguments, "prefs": preferences } } } });
        let begun = Instant::now();
        let answer = loop {
            match browser.client.post(&browser.session).body(wanted.to_string()).send().await {
                Ok(answer) => break answer.text().await.unwrap(),
                Err(_) if begun.elapsed() < PATIENCE => sleep(Duration::from_millis(100)).await,
                Err(error) => panic!("chromedriver does not answer: {error}"),
            }
        };
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let id = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no browser: {answer}")).to_owned();
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.client.post(format!("{}/{path}", self.session)).body(body.to_string()).send().await.unwrap();
        serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap()["value"].clone()
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.post("url", &json!({ "url": url })).await;
    }

    /// The element that a CSS selector finds, as soon as there is one.
    async fn find(&self, selector: &str) -> String {
        let begun = Instant::now();
        loop {
            let found = self.post("element", &json!({ "using": "css selector", "value": selector })).await;
            match found[ELEMENT].as_str() {
                Some(element) => return element.to_owned(),
                None if begun.elapsed() < PATIENCE => sleep(Duration::from_millis(50)).await,
                None => panic!("there is no {selector}: {found}"),
            }
        }
    }

    /// Clicks.
    pub async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        let answer = self.post(&format!("element/{element}/click"), &json!({})).await;
        assert!(answer.is_null(), "{selector}: {answer}");
    }

    /// Types into a field.
    pub async fn keys(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        let answer = self.post(&format!("element/{element}/value"), &json!({ "text": text })).await;
        assert!(answer.is_null(), "{selector}: {answer}");
    }

    /// Empties a field, and types into it.
    pub async fn fill(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.post(&format!("element/{element}/clear"), &json!({})).await;
        let answer = self.post(&format!("element/{element}/value"), &json!({ "text": text })).await;
        assert!(answer.is_null(), "{selector}: {answer}");
    }

    /// What an element shows, without any script of the page's.
    pub async fn reads(&self, selector: &str, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let found = self.post("element", &json!({ "using": "css selector", "value": selector })).await;
            let shown = match found[ELEMENT].as_str() {
                Some(element) => self.client.get(format!("{}/element/{element}/text", self.session)).send().await.unwrap().text().await.unwrap(),
                None => String::new(),
            };
            let shown = serde_json::from_str::<Value>(&shown).ok().and_then(|answer| answer["value"].as_str().map(ToOwned::to_owned)).unwrap_or_default();
            if shown.contains(words) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "{selector} does not say {words:?}: {shown}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Where the window is.
    pub async fn address(&self) -> String {
        let answer = self.client.get(format!("{}/url", self.session)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()["value"].as_str().unwrap_or_default().to_owned()
    }

    /// How many elements a selector finds.
    pub async fn count(&self, selector: &str) -> usize {
        self.post("elements", &json!({ "using": "css selector", "value": selector })).await.as_array().map_or(0, Vec::len)
    }

    /// A script that ends later, with what it hands to `done`.
    pub async fn run_later(&self, script: &str) -> Value {
        self.post("execute/async", &json!({ "script": format!("const done = arguments[arguments.length - 1];\n{script}"), "args": [] })).await
    }

    /// What a script gives back.
    pub async fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] })).await
    }

    /// Waits until what an element shows holds these words; all of what it shows.
    pub async fn shows(&self, selector: &str, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.run(&format!("return document.querySelector({selector:?})?.innerText ?? ''")).await;
            let shown = shown.as_str().unwrap_or_default().to_owned();
            if shown.contains(words) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "{selector} does not show {words:?}: {shown}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// A picture of the window, as PNG.
    pub async fn photograph(&self) -> Vec<u8> {
        let answer = self.client.get(format!("{}/screenshot", self.session)).send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        STANDARD.decode(answer["value"].as_str().unwrap_or_else(|| panic!("no picture: {answer}"))).unwrap()
    }

    /// Closes it.
    pub async fn close(self) {
        let _ = self.client.delete(&self.session).send().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
