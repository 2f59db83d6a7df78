//! Storage and search of Passerelle: the directory with its index, turns, sessions and counts.
//!
//! Callers see [`Store`] and plain values; only `sqlite`, `postgres` and `store` name a driver's type. To add a
//! statement, put it into the module of its aggregate, with `$1` placeholders and types that both engines know (TEXT,
//! BIGINT, BLOB): the contract suite runs every statement.
#![warn(missing_docs)]

mod address;
pub mod assistance;
pub mod attempt;
pub mod audit;
pub mod backup;
mod batch;
mod brief;
pub mod budget;
pub mod call_back;
mod changes;
mod confirmation;
mod conversation;
pub mod correction;
mod dialect;
pub mod duplicate;
mod edition;
mod erased;
mod erasure;
mod error;
pub mod fail_point;
pub mod feed;
pub mod form;
pub mod heartbeat;
pub mod history;
pub mod import;
mod index;
pub mod journal;
pub mod kiosk_count;
pub mod mediator;
mod migration;
pub mod mirror;
mod note;
mod opt_out;
pub mod outbox;
pub mod own;
mod person;
pub mod place;
mod postgres;
pub mod print_job;
pub mod purge;
mod recall;
mod record;
mod renewal;
pub mod sealed_request;
mod search;
mod search_cache;
pub mod sender_key;
mod sqlite;
mod statement;
mod store;
pub mod tally;
pub mod ticket;
pub mod traces;
pub mod visit;
pub mod writer;

pub use address::Address;
pub use changes::{Changes, Topic};
pub use dialect::{DEADLINE, PATIENCE};
pub use edition::Edition;
pub use error::StoreError;
pub use person::{Person, Sealed};
pub use store::Store;
