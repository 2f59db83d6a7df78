//! The commands of `passerelle`, each a thin edge around what the library does.

mod ask;
mod backup;
mod call_backs;
mod check;
mod clock_watch;
mod erase;
mod import;
mod key_file;
mod mediator;
mod out;
mod person;
mod printer;
mod serve;
mod simulated;
mod slip;
mod start;
mod switch;
mod synth;
mod talk;
mod waiting;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// One directory and agenda of a territory, reached without the web.
#[derive(Debug, Parser)]
#[command(name = "passerelle", version, about)]
pub struct Arguments {
    /// Settings file (default: passerelle.toml where it exists)
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database file, before every other setting
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer messages
    Serve(serve::Serve),
    /// Load the demo territory, then answer messages
    Demo(serve::Demo),
    /// Check settings and database, and print where each setting comes from
    Check,
    /// Take one turn without any network and print what the phone would show
    Ask(ask::Ask),
    /// Talk as by text message, at this terminal, with what was understood and what it would cost
    Talk(talk::Talk),
    /// Bring a feed into the directory
    Import(import::Import),
    /// Read a source again, by the name under which it is known
    Reread(import::Reread),
    /// What sources say of places for people in danger or in distress: shown once a person has looked at it
    Waiting(waiting::Waiting),
    /// Lay out the slip of some records: as text, as a picture, as bytes, or on paper
    Slip(slip::Slip),
    /// The printer of this machine: which there are, how it is, a test slip
    Printer(printer::Printer),
    /// Fill a database with an invented directory of any size, for work on scale
    Synth(synth::Synth),
    /// Stop sending anything, at once, on every program with this database
    StopSending,
    /// Send again
    ResumeSending,
    /// Who asked to be called back; claim one, and say when it is done
    CallBacks(call_backs::CallBacks),
    /// Accounts of the mediators' desk: open one, list them, close one
    Mediator(mediator::Mediator),
    /// What is kept of a phone number or chat: show it, or erase it
    Person(person::Person),
    /// Erase an entry of the directory for good, because the person or the place wants it gone
    Erase(erase::Erase),
    /// Copy the database while it is in use
    Backup(backup::Backup),
    /// Put a copy in the place of the database; stop `serve` first
    Restore(backup::Restore),
}

/// Runs a command; the error says what to do next.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let flags = crate::config::Flags { database: arguments.db };
    let config = arguments.config.as_deref();
    match arguments.command {
        Command::Serve(serve) => serve::serve(config, &flags, &serve).await,
        Command::Demo(demo) => serve::demo(config, flags, &demo).await,
        Command::Check => check::check(config, &flags).await,
        Command::Ask(ask) => ask::ask(config, &flags, &ask).await,
        Command::Talk(talk) => talk::talk(config, &flags, &talk).await,
        Command::Synth(synth) => synth::synth(config, &flags, &synth).await,
        Command::Slip(slip) => slip::slip(config, &flags, &slip).await,
        Command::Printer(printer) => printer::run(config, &flags, printer).await,
        Command::StopSending => switch::set(config, &flags, true).await,
        Command::ResumeSending => switch::set(config, &flags, false).await,
        Command::CallBacks(call_backs) => call_backs::run(config, &flags, &call_backs).await,
        Command::Mediator(mediator) => mediator::run(config, &flags, &mediator).await,
        Command::Person(person) => person::run(config, &flags, &person).await,
        Command::Erase(erase) => erase::run(config, &flags, &erase).await,
        Command::Backup(backup) => backup::backup(config, &flags, &backup).await,
        Command::Restore(restore) => backup::restore(config, &flags, &restore).await,
        Command::Import(import) => import::import(config, &flags, &import).await,
        Command::Reread(reread) => import::reread(config, &flags, &reread).await,
        Command::Waiting(waiting) => waiting::run(config, &flags, &waiting).await,
    }
}

/// Says what went wrong and why, from the nearest cause to the first, without a program's inner life.
pub fn complain(error: &anyhow::Error) {
    out::remark(&format!("passerelle: {error:#}"));
}
