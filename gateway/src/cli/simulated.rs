//! The settings that stand for carriers while the simulator is on.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use anyhow::Context;
use data_encoding::HEXLOWER;
use tokio::net::TcpListener;

use crate::channel::twilio::Secret;
use crate::config::{Config, SecretText};
use crate::listener::{self, Bounds};
use crate::simulator::{Inbox, Simulator, router};
use application::keys;
use application::turn::TurnService;

/// An address that no carrier knows; it is signed for, and nobody connects to it.
const NOWHERE: &str = "https://simulator.invalid";

/// One person with a browser.
const MOST_TOGETHER: usize = 32;

/// The simulator before it serves.
pub(super) struct Simulated {
    listener: TcpListener,
    token: SecretText,
    public_url: String,
}

impl Simulated {
    /// Takes its port, and leads all that would go out to it.
    pub(super) async fn bind(config: &mut Config) -> anyhow::Result<Self> {
        let listen = config.simulator.listen;
        anyhow::ensure!(
            listen.ip().is_loopback(),
            "simulator.listen is {listen}: whoever reaches the simulator can be anybody, so it listens on 127.0.0.1 only"
        );
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("nothing can listen on {listen}: another program may use it; set simulator.listen"))?;
        let here = format!("http://{}", listener.local_addr()?);
        let chance = || keys::random::<16>().map(|bytes| HEXLOWER.encode(&bytes));
        let public_url = config.http.public_url.get_or_insert_with(|| NOWHERE.to_owned()).trim_end_matches('/').to_owned();
        // A token that nobody knows: with the simulator on no real carrier is believed.
        let token = SecretText::from(chance()?.as_str());
        config.twilio.auth_token = Some(token.clone());
        (config.twilio.next_auth_token, config.twilio.shared_key) = (None, None);
        config.twilio.account_sid.get_or_insert_with(|| "AC-simulator".to_owned());
        config.twilio.number.get_or_insert_with(|| "+32 460 00 00 00".to_owned());
        config.twilio.api_url = format!("{here}/carrier");
        config.telegram.token = Some(SecretText::from(format!("1:{}", chance()?).as_str()));
        config.telegram.webhook = true;
        config.telegram.api_url = format!("{here}/bot");
        Ok(Self { listener, token, public_url })
    }

    /// Where it is.
    pub(super) fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves its pages, until it is dropped.
    pub(super) fn serve(self, routes: axum::Router, engine: &Arc<TurnService>) -> impl Future<Output = ()> + use<> {
        let simulator = Simulator {
            routes,
            public_url: self.public_url,
            token: Arc::new(Secret::new(self.token.expose())),
            chat_secret: engine.keys.webhook_secret(),
            store: Arc::clone(&engine.store),
            inbox: Arc::new(Mutex::new(Inbox::default())),
        };
        async move {
            listener::serve(self.listener, router(simulator), Bounds::of(MOST_TOGETHER), std::future::pending()).await;
        }
    }
}
