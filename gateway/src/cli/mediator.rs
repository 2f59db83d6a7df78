//! `passerelle mediator`: who has an account at the desk.

use std::path::Path;

use clap::{Args, Subcommand};
use db::Store;
use db::audit::{Action, Deed};
use db::mediator::Role;
use directory::clock::{Clock, SystemClock};

use super::out;
use super::start::existing;
use crate::config::{Config, Desk, Flags};
use crate::desk::secret;

/// Accounts of the desk.
#[derive(Debug, Args)]
pub struct Mediator {
    /// What to do
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Open an account, or give a known one a new link: with it they choose a password
    Add {
        /// The name they log in with
        name: String,
        /// What they may do: operator, mediator, editor
        #[arg(long, default_value = "mediator")]
        role: String,
    },
    /// Who has an account
    List,
    /// Close an account; who is in is out at once
    Remove {
        /// The name
        name: String,
    },
}

pub(super) async fn run(config: Option<&Path>, flags: &Flags, mediator: &Mediator) -> anyhow::Result<()> {
    let config = Config::read(config, flags)?;
    let store = existing(&config.database.address()).await?;
    let outcome = take(&store, &config.desk, &mediator.step).await;
    store.close().await;
    outcome
}

async fn take(store: &Store, desk: &Desk, step: &Step) -> anyhow::Result<()> {
    match step {
        Step::Add { name, role } => {
            let name = name.trim();
            anyhow::ensure!(!name.is_empty() && name.chars().count() <= 60, "a name has one letter at least, sixty at most");
            let Some(role) = Role::from_id(role) else { anyhow::bail!("--role {role}? It is operator, mediator or editor") };
            let (link, is_new) = invite(store, desk, name, role).await?;
            if !is_new {
                out::remark(&format!("{name} has an account already, and keeps its role. The link makes a new password."));
            }
            out::line(&link);
            out::remark("It works once, for two days. Give it to them, and to nobody else.");
        }
        Step::List => {
            let mediators = store.mediators().await?;
            if mediators.is_empty() {
                out::remark("Nobody has an account. The first: passerelle mediator add NAME --role operator");
            }
            for mediator in mediators {
                let state = if mediator.password.is_some() { "" } else { "  (has not been in yet)" };
                out::line(&format!("{:<10} {}{state}", mediator.role.id(), mediator.name));
            }
        }
        Step::Remove { name } => {
            let known = store.mediator(name).await?;
            anyhow::ensure!(store.remove_mediator(name).await?, "nobody is called {name}: passerelle mediator list");
            if let Some(known) = known {
                store.audit(&Deed::bare(Action::Removed, SystemClock.now()).to(known.id)).await?;
            }
            out::remark(&format!("The account of {name} is closed."));
        }
    }
    Ok(())
}

/// Where that link leads, and whether the account is new.
async fn invite(store: &Store, desk: &Desk, name: &str, role: Role) -> anyhow::Result<(String, bool)> {
    let (token, now) = (secret::token()?, SystemClock.now());
    let had_password = store.mediator(name).await?.is_some_and(|known| known.password.is_some());
    let is_new = store.invite(name, role, &secret::token_hash(&token), now).await?;
    if let Some(account) = store.mediator(name).await? {
        let action = if had_password { Action::NewLink } else { Action::Invited };
        store.audit(&Deed::bare(action, now).to(account.id)).await?;
    }
    Ok((format!("{}/first/{token}", desk.address()), is_new))
}

/// True where somebody has chosen a password.
pub(super) async fn has_accounts(store: &Store) -> anyhow::Result<bool> {
    Ok(store.mediators().await?.iter().any(|mediator| mediator.password.is_some()))
}

/// The link of the first operator.
pub(super) async fn first_link(store: &Store, desk: &Desk) -> anyhow::Result<String> {
    Ok(invite(store, desk, "operator", Role::Operator).await?.0)
}
