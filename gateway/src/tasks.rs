//! Tasks that the program needs, each with a name and an owner: none of them dies unseen.

use std::collections::HashMap;
use std::fmt;

use db::fail_point;
use tokio::task::{Id, JoinError, JoinSet};

/// Tasks while they run.
#[derive(Debug, Default)]
pub struct Tasks {
    running: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

/// A task that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Its name.
    pub name: &'static str,
    /// It broke down, and did not come to its end.
    pub broke: bool,
}

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, broke } = self;
        write!(formatter, "the task `{name}` {}", if *broke { "broke down (see the line above with `panicked`)" } else { "ended" })
    }
}

impl Tasks {
    /// Begins a task.
    pub fn spawn(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let handle = self.running.spawn(async move {
            fail_point::reach(&format!("task::{name}"));
            work.await;
        });
        self.names.insert(handle.id(), name);
    }

    /// Waits until one of them ends; for ever where there is none.
    pub async fn ended(&mut self) -> Ended {
        match self.running.join_next_with_id().await {
            Some(ended) => self.named(&ended),
            None => std::future::pending().await,
        }
    }

    /// Waits until all of them have ended. One that broke down is told of; the others are waited for all the same.
    pub async fn finish(&mut self) {
        while let Some(ended) = self.running.join_next_with_id().await {
            let ended = self.named(&ended);
            if ended.broke {
                tracing::error!("task.broke: {ended}");
            }
        }
    }

    /// Breaks all of them off, and waits until nothing of them is left.
    pub async fn abort(&mut self) {
        self.running.shutdown().await;
    }

    fn named(&mut self, ended: &Result<(Id, ()), JoinError>) -> Ended {
        let (id, broke) = match ended {
            Ok((id, ())) => (*id, false),
            Err(error) => (error.id(), true),
        };
        Ended { name: self.names.remove(&id).unwrap_or("?"), broke }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whichever_task_ends_is_named_and_the_others_are_waited_for() {
        let mut tasks = Tasks::default();
        tasks.spawn("waits", std::future::pending());
        tasks.spawn("breaks", async { panic!("on purpose") });
        assert_eq!(tasks.ended().await, Ended { name: "breaks", broke: true });
        tasks.spawn("ends", async {});
        assert_eq!(tasks.ended().await, Ended { name: "ends", broke: false });
        tasks.abort().await;
        tasks.spawn("breaks", async { panic!("on purpose") });
        tasks.spawn("ends", async {});
        // Neither a panic, nor waiting for ever.
        tasks.finish().await;
    }
}
