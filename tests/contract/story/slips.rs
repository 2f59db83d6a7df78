//! Places and their printers, tickets, and slips on their way to the paper.

use std::time::Duration as Span;

use chrono::Duration;
use db::Topic;
use db::place::{SAID_FOR, ServedPlace, ServedPrinter};
use db::print_job::{LEASE, Wanted};
use db::ticket::{self, Ticketed};
use directory::code::Code;
use directory::printing::{GIVEN_UP, JobState, Left, Transition};
use directory::ticket::Ticket;
use tokio::time::timeout;

use super::Story;

fn codes(count: usize) -> Vec<Code> {
    (0..).filter_map(Code::from_serial).take(count).collect()
}

fn slip(count: usize) -> Ticketed {
    Ticketed { codes: codes(count), languages: "fr,ar".to_owned(), style: "large".to_owned() }
}

fn ticket(number: u16) -> Ticket {
    Ticket::new(number).unwrap()
}

fn wanted(printer: &str, count: usize) -> Wanted {
    Wanted {
        printer: printer.to_owned(),
        codes: codes(count),
        languages: "fr".to_owned(),
        style: "standard".to_owned(),
        ticket: Some(ticket(u16::try_from(count).unwrap())),
        scans: count.is_multiple_of(2),
    }
}

fn place(name: &str, printers: &[&str]) -> ServedPlace {
    let printer =
        |name: &&str| ServedPrinter { name: (*name).to_owned(), address: "tcp:10.0.0.7:9100".to_owned(), profile: "epson-80".to_owned(), is_served: false };
    ServedPlace {
        name: name.to_owned(),
        address: Some("Rue de l'Œuvre 3".to_owned()),
        phone: Some("+3225550100".to_owned()),
        hours: Some("Mo-Fr 09:00-17:00".to_owned()),
        printers: printers.iter().map(printer).collect(),
    }
}

impl Story {
    async fn note_places(&mut self, step: &str) {
        self.note(step, self.store.places(self.now).await);
    }

    async fn note_jobs(&mut self, step: &str) {
        self.note(step, self.store.print_jobs().await);
    }

    /// Keeps what became of a job, and notes it.
    async fn transition(&mut self, id: i64, state: JobState, left: Left, pause: i64) {
        let transition = Transition { state, left, pause: Duration::seconds(pause) };
        self.store.keep_print(id, &transition, self.now).await.unwrap();
        self.note("after an attempt", self.store.print_job(id).await);
    }
}

pub async fn places(story: &mut Story) {
    story.note_places("no places").await;
    let (library, town_hall) =
        (place("Bibliothèque", &["comptoir", "accueil"]), ServedPlace { address: None, phone: None, hours: None, ..place("Mairie", &["guichet"]) });
    story.store.keep_places(&[library.clone(), town_hall.clone()], story.now).await.unwrap();
    story.note_places("two places").await;
    story.look("places").await;
    // The settings of one program change; the other's stay as long as it says so.
    story.later(SAID_FOR / 3);
    story.store.keep_places(&[ServedPlace { hours: None, ..place("Bibliothèque", &["comptoir"]) }], story.now).await.unwrap();
    story.note_places("said anew").await;
    story.later(SAID_FOR * 2 / 3);
    story.note_places("not said any more").await;
    story.store.keep_places(&[place("Bibliothèque", &["comptoir"])], story.now).await.unwrap();
    story.note_places("what nobody says is gone").await;
    story.store.leave_places(&[library]).await.unwrap();
    story.note_places("nobody prints").await;
    story.store.keep_places(&[town_hall], story.now + Duration::days(400)).await.unwrap();
    story.note_places("said by a clock that is ahead").await;
    story.store.keep_places(&[], story.now).await.unwrap();
    story.note_places("no places again").await;
}

pub async fn tickets(story: &mut Story) {
    story.note("no ticket", story.store.ticket(ticket(7421), story.now).await);
    story.note("taken", story.store.take_ticket(&slip(3), &[ticket(7421), ticket(5)], story.now).await);
    story.note("stands for", story.store.ticket(ticket(7421), story.now).await);
    story.note("the first choice is taken", story.store.take_ticket(&slip(1), &[ticket(7421), ticket(5)], story.now).await);
    story.note("all choices are taken", story.store.take_ticket(&slip(2), &[ticket(7421), ticket(5)], story.now).await);
    story.note("no choice", story.store.take_ticket(&slip(2), &[], story.now).await);
    story.look("tickets").await;
    story.later(ticket::RETENTION - Duration::seconds(1));
    story.note("still stands for", story.store.ticket(ticket(7421), story.now).await);
    story.note("not given again yet", story.store.take_ticket(&slip(4), &[ticket(7421)], story.now).await);
    story.later(Duration::seconds(1));
    story.note("expired", story.store.ticket(ticket(7421), story.now).await);
    story.note("given again", story.store.take_ticket(&slip(5), &[ticket(7421)], story.now).await);
    story.note("stands for another slip", story.store.ticket(ticket(7421), story.now).await);
    // All are in use, but for those that expired; then all.
    let all = "INSERT INTO ticket (number, codes, languages, style, made_at) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT i, '', 'fr', 'standard', 99999999999 FROM n WHERE NOT EXISTS (SELECT 1 FROM ticket WHERE number = i)";
    story.place.tamper(all).await.unwrap();
    for step in ["the first that expired", "the next that expired", "and the last one", "all are in use"] {
        story.note(step, story.store.take_ticket(&slip(1), &[ticket(9_999)], story.now).await);
    }
    story.place.tamper("DELETE FROM ticket WHERE made_at = 99999999999").await.unwrap();
    story.look("tickets again").await;
}

pub async fn print_jobs(story: &mut Story) {
    story.note("nothing to print", story.store.claim_print("comptoir", story.now).await);
    for count in 1..=3 {
        story.note("asked for", story.store.queue_print(&wanted("comptoir", count), story.now).await);
    }
    story.note("elsewhere", story.store.queue_print(&wanted("guichet", 4), story.now).await);
    story.note_jobs("four wait").await;
    story.look("jobs").await;

    // No paper, then there is some.
    story.note("the first", story.store.claim_print("comptoir", story.now).await);
    story.note("one after the other", story.store.claim_print("comptoir", story.now).await);
    story.transition(1, JobState::WaitingForPaper, Left::Half, 2).await;
    story.note("not yet", story.store.claim_print("comptoir", story.now).await);
    story.later(Duration::seconds(2));
    story.note("the first again", story.store.claim_print("comptoir", story.now).await);
    story.transition(1, JobState::Done, Left::Nothing, 0).await;
    story.look("one is done").await;

    // The program dies, and starts again; or another one finds its claim.
    story.note("the second", story.store.claim_print("comptoir", story.now).await);
    story.store.recover_prints("comptoir").await.unwrap();
    story.note("died while printing", story.store.print_job(2).await);
    story.note("the second again", story.store.claim_print("comptoir", story.now).await);
    story.transition(2, JobState::Queued, Left::Uncut, 0).await;
    story.note("to be cut", story.store.claim_print("comptoir", story.now).await);
    story.note("still claimed", story.store.claim_print("comptoir", story.now + LEASE - Duration::seconds(1)).await);
    story.note("the claim is over", story.store.claim_print("comptoir", story.now + LEASE).await);
    story.note("claimed by a clock that was ahead", story.store.claim_print("comptoir", story.now - Duration::seconds(1)).await);
    story.transition(2, JobState::Queued, Left::Uncut, 0).await;

    // The visitors go; what was left on the paper is for the next one to mend.
    story.later(GIVEN_UP - Duration::seconds(3));
    story.note("just in time", story.store.claim_print("comptoir", story.now).await);
    story.transition(2, JobState::Queued, Left::Uncut, 0).await;
    story.later(Duration::seconds(1));
    story.note("nobody is there any more", story.store.claim_print("comptoir", story.now).await);
    story.note_jobs("given up").await;
    story.look("given up").await;
    story.note("asked for", story.store.queue_print(&wanted("comptoir", 5), story.now).await);
    story.note("begins with mending", story.store.claim_print("comptoir", story.now).await);
    story.transition(5, JobState::Spoiled, Left::Half, 0).await;
    story.transition(5, JobState::Queued, Left::Nothing, 0).await;
    story.note("asked for by a clock that is ahead", story.store.queue_print(&wanted("comptoir", 6), story.now + Duration::days(2)).await);
    story.note("given up at once", story.store.claim_print("comptoir", story.now).await);
    story.note("not there", story.store.print_job(99).await);
    story.note("asked for, and left alone", story.store.queue_print(&wanted("guichet", 1), story.now).await);
    while let Some(id) = story.store.queue_print(&wanted("plein", 1), story.now).await.unwrap() {
        story.note("one more", id);
    }
    story.look("after the jobs").await;
}

/// Who prints is told, or looks again after a moment.
pub async fn changes(story: &mut Story) {
    let mut changes = story.store.changes(Topic::Slips).await.unwrap();
    story.note("asked for while somebody waits", story.store.queue_print(&wanted("accueil", 2), story.now).await);
    let told = timeout(Span::from_secs(4), changes.wait()).await;
    assert!(told.is_ok(), "{}: who prints is told nothing", story.place.engine());
    story.note("seen", story.store.claim_print("accueil", story.now).await);
}
