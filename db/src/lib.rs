//! Storage and search of Passerelle: the directory with its index, turns, sessions and counts.
//!
//! Callers see [`Store`] and plain values; only `sqlite` names a driver's type. To add a statement,
//! put it into the module of its aggregate, with `$1` placeholders and types that both engines know
//! (TEXT, BIGINT, BLOB): the contract suite runs every statement.
#![warn(missing_docs)]

pub mod backup;
pub mod budget;
mod error;
pub mod fail_point;
pub mod import;
mod index;
pub mod journal;
pub mod purge;
mod record;
mod search;
mod sqlite;
mod store;
pub mod writer;

pub use error::StoreError;
pub use store::Store;
