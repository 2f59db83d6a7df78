//! What is erased on a server.
//!
//! A row that is deleted stays in its table's file until other rows are written over it, which in a small table is
//! never. `VACUUM (FULL)` writes what is left of a table into a new file and gives the old one back: nothing of what
//! was erased is in the database's files then. The server's log, its archives and the free space of the disk are beyond
//! us.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection, Row};

use super::Postgres;
use crate::StoreError;
use crate::dialect::TableGroup;

/// A table that takes more bytes than this, indexes and all, is not written anew: that would keep turns waiting. Its
/// dead rows are given free instead, and the rows that come are written over them.
const LARGEST: i64 = 16 << 20;

/// Nobody waits longer than this for a table that is written anew: a turn is given up after 0.9 seconds.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the tables that could not be written anew are tried again in one purge: whoever held one, or the machine,
/// may be done the next time.
const ROUNDS: usize = 20;

/// Tables, with the statements that overwrite what was erased of them.
struct Tables {
    /// How often it is looked whether transactions of before are over, four times a second.
    looks: u32,
    /// Of all of them, without keeping anybody waiting.
    frees: &'static str,
    /// Table by table.
    rewrites: &'static [(&'static str, &'static str)],
}

const PERSONS: Tables = Tables {
    // Nobody waits for it: the purge is a task of its own.
    looks: 240,
    frees: "VACUUM (INDEX_CLEANUP ON) turn, session, outbox, call_back, letter, ring, opt_in, opt_out, sender_key, \
            budget, mediator, invitation, desk_session, history, visit, need, unmet, doubt, tally, ticket, print_job, \
            attempt, audit, operator_request, typed_form, taken_form, confirmation",
    rewrites: &[
        ("turn", "VACUUM (FULL) turn"),
        ("session", "VACUUM (FULL) session"),
        ("outbox", "VACUUM (FULL) outbox"),
        ("call_back", "VACUUM (FULL) call_back"),
        ("letter", "VACUUM (FULL) letter"),
        ("ring", "VACUUM (FULL) ring"),
        ("opt_in", "VACUUM (FULL) opt_in"),
        ("opt_out", "VACUUM (FULL) opt_out"),
        ("sender_key", "VACUUM (FULL) sender_key"),
        ("budget", "VACUUM (FULL) budget"),
        ("mediator", "VACUUM (FULL) mediator"),
        ("invitation", "VACUUM (FULL) invitation"),
        ("desk_session", "VACUUM (FULL) desk_session"),
        ("history", "VACUUM (FULL) history"),
        ("visit", "VACUUM (FULL) visit"),
        ("need", "VACUUM (FULL) need"),
        ("unmet", "VACUUM (FULL) unmet"),
        ("doubt", "VACUUM (FULL) doubt"),
        ("tally", "VACUUM (FULL) tally"),
        ("ticket", "VACUUM (FULL) ticket"),
        ("print_job", "VACUUM (FULL) print_job"),
        ("attempt", "VACUUM (FULL) attempt"),
        ("audit", "VACUUM (FULL) audit"),
        ("operator_request", "VACUUM (FULL) operator_request"),
        ("typed_form", "VACUUM (FULL) typed_form"),
        ("taken_form", "VACUUM (FULL) taken_form"),
        ("confirmation", "VACUUM (FULL) confirmation"),
    ],
};

const DIRECTORY: Tables = Tables {
    // A page of the desk waits for it.
    looks: 40,
    frees: "VACUUM (INDEX_CLEANUP ON) record, source_record, brief, word, listing, history",
    rewrites: &[
        ("record", "VACUUM (FULL) record"),
        ("source_record", "VACUUM (FULL) source_record"),
        ("brief", "VACUUM (FULL) brief"),
        ("word", "VACUUM (FULL) word"),
        ("listing", "VACUUM (FULL) listing"),
        ("history", "VACUUM (FULL) history"),
    ],
};

impl Postgres {
    /// Writes anew what is small of these tables, as far as nobody is kept waiting; the next time does the rest.
    pub(crate) async fn overwrite(&self, part: TableGroup) -> Result<(), StoreError> {
        let tables = match part {
            TableGroup::Persons => &PERSONS,
            TableGroup::Directory => &DIRECTORY,
        };
        // A connection of its own: what is set on it must not be met by a turn.
        let patience = format!("{}ms", PATIENCE.as_millis());
        let options = self.writers.connect_options().as_ref().clone();
        let mut freeing = options.clone().connect().await?;
        let hurry = [("lock_timeout", &patience), ("statement_timeout", &patience)];
        let mut hasty = options.options(hurry).connect().await?;
        // As long as a transaction of before goes on, a table that is written anew takes erased rows along: one that
        // reads in this database (the server's own statistics do), or one that writes in any database of the server,
        // for every reader looks back as far as that. They are waited for, not for ever.
        let mark: String =
            sqlx::query("SELECT CAST(pg_current_xact_id() AS TEXT)").fetch_one(&mut freeing).await?.try_get(0)?;
        for _ in 0..tables.looks {
            let text = "SELECT pg_snapshot_xmin(pg_current_snapshot()) <= CAST(CAST($1 AS TEXT) AS XID8) OR EXISTS (\
                        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                        AND age(backend_xmin) > age(CAST(CAST(CAST($1 AS TEXT) AS XID8) AS XID)))";
            let is_old: bool = sqlx::query(text).bind(&mark).fetch_one(&mut freeing).await?.try_get(0)?;
            if !is_old {
                break;
            }
            tokio::time::sleep(PATIENCE / 2).await;
        }
        sqlx::query(tables.frees).execute(&mut freeing).await?;
        freeing.close().await?;
        let mut left = Vec::new();
        let mut waiting = Vec::new();
        for (table, rewrite) in tables.rewrites {
            let size: i64 = sqlx::query("SELECT pg_total_relation_size(CAST(CAST($1 AS TEXT) AS REGCLASS))")
                .bind(*table)
                .fetch_one(&mut hasty)
                .await?
                .try_get(0)?;
            if size > LARGEST {
                left.push(*table);
            } else {
                waiting.push((*table, *rewrite));
            }
        }
        for round in 0..ROUNDS {
            if round > 0 && !waiting.is_empty() {
                tokio::time::sleep(PATIENCE).await;
            }
            let mut again = Vec::new();
            for (table, rewrite) in waiting {
                // Somebody reads or writes it without a pause, or the disk is slow.
                if let Err(error) = sqlx::query(rewrite).execute(&mut hasty).await {
                    tracing::debug!(table, %error, "purge.table_waits");
                    again.push((table, rewrite));
                }
            }
            waiting = again;
        }
        left.extend(waiting.iter().map(|(table, _)| *table));
        hasty.close().await?;
        if !left.is_empty() {
            let tables = left.join(", ");
            tracing::info!(
                tables,
                "purge.not_written_anew: large or busy; what was erased of them lies in the server's files until rows \
                 are written over it"
            );
        }
        Ok(())
    }
}
