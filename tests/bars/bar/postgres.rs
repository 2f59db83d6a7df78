//! S11: turns a second on PostgreSQL, against pgbench that inserts the same row.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::bench::{Bench, Said, middle};
use crate::line::{Bar, Figure};
use crate::process::output_of;

/// Connections of the carrier, and of pgbench.
const CONNECTIONS: usize = 16;

/// Names the server: `scripts/postgres` sets it for the command that it runs.
const SERVER: &str = "PASSERELLE_TEST_POSTGRES";

/// The databases made here; they are dropped before they are made again.
const TERRITORY: &str = "bars_territory";
const RUN: &str = "bars_run";
const BARE: &str = "bars_bare";

/// The row of a turn, without a turn.
const TABLE: &str = "CREATE TABLE turn (channel TEXT NOT NULL, carrier_id TEXT NOT NULL, received_at BIGINT NOT NULL, sender BYTEA, text TEXT, intent TEXT, \
                     answer TEXT NOT NULL, PRIMARY KEY (channel, carrier_id))";

/// Turns each second at 16 connections, against pgbench with 16 clients that insert one such row in a
/// transaction each, prepared, over TCP on the same server.
///
/// Both are durable: `fsync` and `synchronous_commit` must be on. A turn also reads, and
/// writes its session and its budgets; pgbench does not. Ours commits many turns together; pgbench
/// leaves that to the server, which does it too.
pub fn s11(bench: &Bench) -> anyhow::Result<Vec<Said>> {
    let Some(server) = server() else {
        return Ok(vec![Said::NotRun("S11", format!("no PostgreSQL: {SERVER} is not set (scripts/postgres --durable sets it)"))]);
    };
    let server = Server(server);
    server.must_be_durable()?;
    if let Err(why) = server.fill(bench) {
        return Ok(vec![Said::NotRun("S11", format!("{why:#}"))]);
    }
    let requests = bench.turns(20_000);
    let rounds = bench.rounds("S11", bench.plan.control, |_| {
        server.make(RUN, Some(TERRITORY))?;
        server.sql("postgres", "CHECKPOINT")?;
        let gateway = bench.serve(&server.url(RUN))?;
        requests.rewind();
        let ours = bench.ask(gateway.address, &requests, CONNECTIONS)?;
        drop(gateway);

        server.make(BARE, None)?;
        server.sql(BARE, TABLE)?;
        server.sql("postgres", "CHECKPOINT")?;
        let script = bench.folder.join("pgbench.sql");
        let answer = "x".repeat(ours.mean_body);
        std::fs::write(
            &script,
            format!(
                "INSERT INTO turn VALUES ('sms', gen_random_uuid()::text, 1800000000, decode(repeat('ab', 32), 'hex'), 'yoga 1030', 'search', '{answer}');\n"
            ),
        )?;
        server.pgbench(&script, bench.plan.warm_up)?;
        Ok((ours.rate, server.pgbench(&script, bench.plan.length)?))
    })?;
    let ours = middle(&rounds, |(_, (ours, _))| *ours);
    let theirs = middle(&rounds, |(_, (_, theirs))| *theirs);
    Ok(vec![bench.line("S11 turns", Figure::Rate(ours), ("pgbench insert", Figure::Rate(theirs)), Bar::AtLeast(0.7))])
}

#[expect(clippy::disallowed_methods, reason = "where the throw-away server is, is no setting of the program")]
fn server() -> Option<String> {
    std::env::var(SERVER).ok()
}

/// A server, by the address of one of its databases.
struct Server(String);

impl Server {
    /// The address of another database of it.
    fn url(&self, database: &str) -> String {
        self.0.rsplit_once('/').map_or_else(|| self.0.clone(), |(server, _)| format!("{server}/{database}"))
    }

    fn sql(&self, database: &str, statement: &str) -> anyhow::Result<String> {
        output_of(Command::new("psql").args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", statement]).arg(self.url(database)))
    }

    fn make(&self, database: &str, like: Option<&str>) -> anyhow::Result<()> {
        self.sql("postgres", &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))?;
        let like = like.map_or_else(String::new, |like| format!(" TEMPLATE {like}"));
        self.sql("postgres", &format!("CREATE DATABASE {database}{like}")).map(|_| ())
    }

    /// A directory to answer from.
    fn fill(&self, bench: &Bench) -> anyhow::Result<()> {
        ensure!(bench.territory.is_synthetic, "the program cannot make a directory (`passerelle synth`)");
        self.make(TERRITORY, None)?;
        let records = bench.plan.records.to_string();
        eprintln!("filling {TERRITORY} on PostgreSQL …");
        let mut command = Command::new(&bench.program);
        command.args(["synth", "--records", &records, "--seed", "1"]).current_dir(&bench.folder).env("PASSERELLE__DATABASE__URL", self.url(TERRITORY));
        output_of(&mut command).context("the program cannot fill a PostgreSQL database")?;
        let tables = self.sql(TERRITORY, "SELECT count(*) FROM record").context("the program did not fill the PostgreSQL database")?;
        ensure!(tables.trim().parse::<usize>().is_ok_and(|found| found > 0), "the PostgreSQL database is empty");
        self.sql(TERRITORY, "VACUUM ANALYZE").map(|_| ())
    }

    /// A server for tests may be one that loses its data in a power cut; this one may not.
    fn must_be_durable(&self) -> anyhow::Result<()> {
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let value = self.sql("postgres", &format!("SHOW {setting}"))?;
            ensure!(value.trim() == "on", "{setting} of the PostgreSQL server is {}: start it with scripts/postgres --durable", value.trim());
        }
        Ok(())
    }

    fn pgbench(&self, script: &std::path::Path, length: Duration) -> anyhow::Result<f64> {
        let (clients, seconds) = (CONNECTIONS.to_string(), length.as_secs().max(1).to_string());
        let mut command = Command::new("pgbench");
        command.args(["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds, "-f"]).arg(script).arg(self.url(BARE));
        let printed = output_of(&mut command)?;
        let rate = printed.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next()).context("pgbench printed no tps")?;
        Ok(rate.parse()?)
    }
}
