//! What kiosks ask of people: letters for the gateway, rings for the desk.

use chrono::Duration;
use db::Sealed;
use db::call_back;
use db::letter::Letter;
use db::ring::{self, Ring};
use directory::theme::Theme;

use super::Story;

impl Story {
    fn letter(&self, id: &str, about: Option<(Theme, &str)>) -> Letter {
        Letter {
            id: id.to_owned(),
            sealed: Sealed::new(b"\0closed".to_vec()),
            language: "ar".to_owned(),
            theme: about.map(|(theme, _)| theme),
            postal_code: about.map(|(_, code)| code.to_owned()),
            written: self.now,
        }
    }

    fn ring(&self, id: &str) -> Ring {
        Ring { id: id.to_owned(), place: "Bibliothèque".to_owned(), at: self.now }
    }
}

pub async fn letters(story: &mut Story) {
    story.note("no box", story.store.letter_box().await);
    for (step, key) in [("a box", Some([7; 32])), ("the same box", Some([7; 32])), ("another box", Some([0; 32])), ("no box any more", None)] {
        story.store.set_letter_box(key.as_ref()).await.unwrap();
        story.note(step, story.store.letter_box().await);
        story.look(step).await;
    }
    for letter in [story.letter("b", Some((Theme::Food, "1030"))), story.letter("a", None), story.letter("b", None)] {
        story.store.write_letter(&letter).await.unwrap();
    }
    story.note("two letters", story.store.letters().await);
    story.look("letters").await;
    story.store.burn_letter("b").await.unwrap();
    story.store.burn_letter("b").await.unwrap();
    story.note("one letter", story.store.letters().await);
}

pub async fn rings(story: &mut Story) {
    for id in ["first", "second", "first"] {
        story.store.ring(&story.ring(id)).await.unwrap();
        story.later(Duration::seconds(1));
    }
    story.note("two rings", story.store.rings(story.now).await);
    story.store.unring("second").await.unwrap();
    story.note("one ring", story.store.rings(story.now).await);
    story.note("an hour later", story.store.rings(story.now + ring::KEPT).await);
    story.look("rings").await;
}

/// A letter that nobody opens is counted like a call that nobody makes.
pub async fn expired(story: &mut Story) {
    story.store.write_letter(&story.letter("c", None)).await.unwrap();
    story.store.ring(&story.ring("third")).await.unwrap();
    story.later(call_back::KEPT + Duration::minutes(1));
    story.note("letters expire", story.store.purge(story.now).await);
    story.note("they are counted", story.store.count_call_backs().await);
    story.look("after the letters").await;
}
