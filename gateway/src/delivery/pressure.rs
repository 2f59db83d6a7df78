//! How much one way sends at once, and when it sends nothing. Pure.
//!
//! A carrier that asks to wait means one recipient or all of them, and does not say which. Where only one thing is sent
//! at a time it is all. Of chats it is that chat, until several in a row are refused and none is taken between them: then
//! everything waits, goes on one by one, and by more again with each that is taken.

use std::time::{Duration, Instant};

use db::Person;

use crate::channel::SendError;

/// So many recipients refused in a row are no matter of one recipient.
const SEVERAL: usize = 3;

/// Until a carrier that does not know us is asked again: somebody has to change the settings.
const MISCONFIGURED: Duration = Duration::from_mins(1);

/// What one way may do now.
#[derive(Debug)]
pub struct Pressure {
    /// How many are sent at once at the most.
    most: usize,
    /// How many are sent at once now.
    room: usize,
    /// Who was refused for now since the last one was taken.
    refused: Vec<Person>,
    paused_until: Option<Instant>,
}

impl Pressure {
    /// A way that sends so many at once.
    pub fn new(most: usize) -> Self {
        Self { most, room: most, refused: Vec::new(), paused_until: None }
    }

    /// How many may be sent at once.
    pub fn room(&self) -> usize {
        self.room
    }

    /// How long nothing may be sent, in whole seconds and never too short; `None` where something may.
    pub fn paused(&self, now: Instant) -> Option<Duration> {
        let left = self.paused_until?.saturating_duration_since(now);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }

    /// Takes what became of an attempt to send to that person.
    pub fn take(&mut self, person: &Person, sent: &Result<(), SendError>, now: Instant) {
        match sent {
            Ok(()) => {
                self.refused.clear();
                self.room = (self.room * 2).min(self.most);
            }
            Err(SendError::Retry(Some(retry_after))) => {
                if !self.refused.contains(person) {
                    self.refused.push(*person);
                }
                if self.room == 1 || self.refused.len() >= SEVERAL {
                    self.room = 1;
                    self.refused.clear();
                    self.pause(now + *retry_after);
                }
            }
            Err(SendError::Misconfigured(_)) => self.pause(now + MISCONFIGURED),
            Err(_) => {}
        }
    }

    fn pause(&mut self, until: Instant) {
        self.paused_until = self.paused_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY_AFTER: Duration = Duration::from_secs(7);

    fn too_many() -> Result<(), SendError> {
        Err(SendError::Retry(Some(RETRY_AFTER)))
    }

    fn person(number: u8) -> Person {
        Person::new([number; 32])
    }

    #[test]
    fn one_chat_that_is_refused_holds_up_nobody_else() {
        let (mut pressure, now) = (Pressure::new(8), Instant::now());
        for _ in 0..5 {
            pressure.take(&person(1), &too_many(), now);
        }
        pressure.take(&person(2), &too_many(), now);
        assert_eq!((pressure.paused(now), pressure.room()), (None, 8));
        // And two more do not either where one between them is taken.
        pressure.take(&person(3), &Ok(()), now);
        pressure.take(&person(4), &too_many(), now);
        assert_eq!((pressure.paused(now), pressure.room()), (None, 8));
        pressure.take(&person(4), &Err(SendError::Retry(None)), now);
        pressure.take(&person(5), &Err(SendError::Unknown), now);
        assert_eq!(pressure.paused(now), None);
    }

    #[test]
    fn several_chats_refused_in_a_row_are_all_of_them() {
        let (mut pressure, now) = (Pressure::new(8), Instant::now());
        for number in 0..3 {
            pressure.take(&person(number), &too_many(), now);
        }
        assert_eq!((pressure.paused(now), pressure.room()), (Some(RETRY_AFTER), 1));
        assert_eq!(pressure.paused(now + Duration::from_millis(6_001)), Some(Duration::from_secs(1)));
        // Then one is tried: refused, it pauses again; taken, more and more are.
        let then = now + RETRY_AFTER;
        assert_eq!(pressure.paused(then), None);
        pressure.take(&person(0), &too_many(), then);
        assert_eq!(pressure.paused(then), Some(RETRY_AFTER));
        let rooms: Vec<usize> = (0..4)
            .map(|_| {
                pressure.take(&person(0), &Ok(()), then + RETRY_AFTER);
                pressure.room()
            })
            .collect();
        assert_eq!((pressure.paused(then + RETRY_AFTER), rooms), (None, vec![2, 4, 8, 8]));
    }

    #[test]
    fn a_way_that_sends_one_by_one_waits_as_a_whole() {
        let (mut pressure, now) = (Pressure::new(1), Instant::now());
        pressure.take(&person(1), &too_many(), now);
        assert_eq!(pressure.paused(now), Some(RETRY_AFTER));
        pressure.take(&person(1), &Err(SendError::Misconfigured("twilio.auth_token")), now + RETRY_AFTER);
        assert_eq!(pressure.paused(now + RETRY_AFTER), Some(MISCONFIGURED));
    }
}
