//! The comparators that are programs of our own: an axum hello world, and the least that keeps a
//! message before it answers. Each runs in a process of its own, on the runtime that `passerelle` has.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// What a keyword service of Kannel gets from its `get-url`: one text message long.
pub const ANSWER: &str =
    "INFO 1030: 1 Maison de quartier, rue Verte 12, ouvert jusqu'a 18h. 2 Bibliotheque, av. Rogier 3. 3 Espace numerique, pl. Colignon. 0 une personne";

/// Messages of one commit, and messages that may wait: as in the gateway.
const MOST_TOGETHER: usize = 64;
const MOST_WAITING: usize = 1_024;

/// Answers "Hello, World!" to `/`, and [`ANSWER`] to `/answer`.
pub fn hello(address: SocketAddr) -> anyhow::Result<()> {
    let router = Router::new().route("/", get(async || "Hello, World!")).route("/answer", get(async || ANSWER));
    tokio::runtime::Runtime::new()?.block_on(async { Ok(axum::serve(TcpListener::bind(address).await?, router).await?) })
}

/// Takes the webhook, keeps the carrier's id with an answer of that many bytes in a commit as durable
/// as ours, then answers it. Nothing is verified, parsed, looked up or rendered.
pub fn bare_insert(address: SocketAddr, file: &Path, answer_bytes: usize) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let mut connection = options.synchronous(SqliteSynchronous::Full).connect().await?;
        sqlx::query("CREATE TABLE turn (carrier_id TEXT NOT NULL PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID").execute(&mut connection).await?;
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let answer = envelope(answer_bytes);
        let router = Router::new().route("/twilio/sms", post(keep)).with_state(Bare { sender, answer: answer.clone() });
        let writing = tokio::spawn(write(connection, receiver, answer));
        let listener = TcpListener::bind(address).await?;
        tokio::select! {
            served = axum::serve(listener, router) => served.map_err(Into::into),
            written = writing => written.context("the writing task failed")?,
        }
    })
}

#[derive(Clone)]
struct Bare {
    sender: mpsc::Sender<Job>,
    answer: String,
}

struct Job {
    carrier_id: String,
    done: oneshot::Sender<()>,
}

async fn keep(State(bare): State<Bare>, body: Bytes) -> Response {
    let (done, kept) = oneshot::channel();
    let carrier_id = carrier_id(&body).unwrap_or_default();
    if bare.sender.try_send(Job { carrier_id, done }).is_err() || kept.await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], bare.answer).into_response()
}

async fn write(mut connection: SqliteConnection, mut jobs: mpsc::Receiver<Job>, answer: String) -> anyhow::Result<()> {
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    while jobs.recv_many(&mut batch, MOST_TOGETHER).await > 0 {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        for job in &batch {
            let insert = sqlx::query("INSERT INTO turn (carrier_id, answer) VALUES ($1, $2)").bind(&job.carrier_id).bind(&answer);
            insert.execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        for job in batch.drain(..) {
            // A caller that went away does not undo what is kept.
            let _ = job.done.send(());
        }
    }
    Ok(())
}

fn carrier_id(body: &[u8]) -> Option<String> {
    let value = body.strip_prefix(b"MessageSid=")?.split(|byte| *byte == b'&').next()?;
    String::from_utf8(value.to_vec()).ok()
}

/// TwiML of that length.
fn envelope(bytes: usize) -> String {
    let around = gateway::channel::twilio::message("").len();
    gateway::channel::twilio::message(&"x".repeat(bytes.saturating_sub(around).max(1)))
}
