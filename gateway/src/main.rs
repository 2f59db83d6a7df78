//! `passerelle`: see the library.

use std::process::ExitCode;

use clap::Parser;
use gateway::cli::{Arguments, complain, run};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    db::own::keep_to_ourselves();
    let filter = EnvFilter::try_from_env("PASSERELLE_LOG").unwrap_or_else(|_| EnvFilter::new("warn,gateway=info,application=info"));
    // A log that cannot be written, because its disk is full, must not stop an answer.
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false).init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}
