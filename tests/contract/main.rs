//! Both databases do the same. Without a PostgreSQL server (`scripts/postgres` lends one) the SQLite half
//! runs alone and says so.

mod doors;
mod gateways;
mod golden;
mod lookup;
mod needs;
mod random;
mod statements;
mod story;
