//! What kiosks ask of people: sealed requests for the gateway, calls for assistance for the desk.

use chrono::Duration;
use db::Sealed;
use db::assistance::{self, AssistanceCall};
use db::call_back;
use db::sealed_request::SealedRequest;
use directory::theme::Theme;

use super::Story;

impl Story {
    fn sealed(&self, id: &str, about: Option<(Theme, &str)>) -> SealedRequest {
        SealedRequest {
            id: id.to_owned(),
            sealed: Sealed::new(b"\0closed".to_vec()),
            language: "ar".to_owned(),
            theme: about.map(|(theme, _)| theme),
            postal_code: about.map(|(_, code)| code.to_owned()),
            written: self.now,
        }
    }

    fn assistance(&self, id: &str) -> AssistanceCall {
        AssistanceCall { id: id.to_owned(), place: "Bibliothèque".to_owned(), at: self.now }
    }
}

pub async fn sealed_requests(story: &mut Story) {
    story.note("no box", story.store.sealing_key().await);
    for (step, key) in [("a box", Some([7; 32])), ("the same box", Some([7; 32])), ("another box", Some([0; 32])), ("no box any more", None)] {
        story.store.set_sealing_key(key.as_ref()).await.unwrap();
        story.note(step, story.store.sealing_key().await);
        story.look(step).await;
    }
    for request in [story.sealed("b", Some((Theme::Food, "1030"))), story.sealed("a", None), story.sealed("b", None)] {
        story.store.keep_sealed_request(&request).await.unwrap();
    }
    story.note("two letters", story.store.sealed_requests().await);
    story.look("letters").await;
    story.store.delete_sealed_request("b").await.unwrap();
    story.store.delete_sealed_request("b").await.unwrap();
    story.note("one letter", story.store.sealed_requests().await);
}

pub async fn assistance(story: &mut Story) {
    for id in ["first", "second", "first"] {
        story.store.raise_assistance(&story.assistance(id)).await.unwrap();
        story.later(Duration::seconds(1));
    }
    story.note("two rings", story.store.assistance_calls(story.now).await);
    story.store.acknowledge_assistance("second").await.unwrap();
    story.note("one ring", story.store.assistance_calls(story.now).await);
    story.note("an hour later", story.store.assistance_calls(story.now + assistance::RETENTION).await);
    story.look("rings").await;
}

/// A letter that nobody opens is counted like a call that nobody makes.
pub async fn expired(story: &mut Story) {
    story.store.keep_sealed_request(&story.sealed("c", None)).await.unwrap();
    story.store.raise_assistance(&story.assistance("third")).await.unwrap();
    story.later(call_back::RETENTION + Duration::minutes(1));
    story.note("letters expire", story.store.purge(story.now).await);
    story.note("they are counted", story.store.count_call_backs().await);
    story.look("after the letters").await;
}
