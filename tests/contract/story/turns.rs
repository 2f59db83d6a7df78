//! Turns, conversations, counts and budgets.

use chrono::Duration;
use db::budget::{Budget, Charge, Takes};
use db::journal::{CarrierMessage, ConversationMemory, CountedOutcome, DeskText, JournalEntry, KeptTurn, LeftToPerson, MissedCall, SenderHash};
use directory::answer::Note;
use directory::code::Code;
use directory::language::Language;
use directory::session::Session;
use directory::theme::Theme;

use super::Story;

const AMINA: SenderHash = [1; 32];
const BART: SenderHash = [0xff; 32];

impl Story {
    /// A turn with nothing but an answer.
    pub fn turn(&self, carrier_id: &str) -> KeptTurn {
        let message = CarrierMessage { channel: "sms", carrier_id: carrier_id.to_owned(), received: self.now };
        KeptTurn {
            counted: Some(CountedOutcome { outcome: "shown", language: Language::Fr }),
            ..KeptTurn::bare(message, format!("the answer to {carrier_id}"))
        }
    }

    pub async fn commit(&mut self, step: &str, entry: impl Into<JournalEntry>) {
        let committed = self.writer.commit(entry).await.unwrap_or_else(|error| panic!("{}: {step}: {error}", self.place.engine()));
        self.note(step, committed);
    }

    /// Commits turns that the writer takes together.
    pub async fn commit_together(&mut self, step: &str, turns: Vec<KeptTurn>) {
        let mut waiting = Vec::new();
        for turn in turns {
            let writer = self.writer.clone();
            waiting.push(tokio::spawn(async move { writer.commit(turn).await }));
        }
        for done in waiting {
            let committed = done.await.unwrap().unwrap();
            self.note(step, committed);
        }
    }
}

pub async fn answers(story: &mut Story) {
    story.note("not answered yet", story.store.answered("sms", "SM1").await);
    story.commit("new", story.turn("SM1")).await;
    story.note("answered", story.store.answered("sms", "SM1").await);
    story.commit("delivered again", KeptTurn { answer: "another".to_owned(), ..story.turn("SM1") }).await;
    let on_chat = |turn: KeptTurn| KeptTurn { message: CarrierMessage { channel: "chat", ..turn.message }, ..turn };
    story.commit("another channel", on_chat(story.turn("SM1"))).await;
    let same = vec![story.turn("SM2"), KeptTurn { answer: "another".to_owned(), ..story.turn("SM2") }, story.turn("SM3"), on_chat(story.turn("SM2"))];
    story.commit_together("twice in one group", same).await;
    // Groups of every length up to the longest, and beyond.
    let many = (0..150).map(|number| story.turn(&format!("SMG{number}"))).collect();
    story.commit_together("many together", many).await;
    let odd =
        KeptTurn {
            text: Some("nul \0, quote ', \\, é, ح, 🙂".to_owned()), answer: "nul \0, quote ', \\, é, ح, 🙂".to_owned(), ..story.turn("SM 'odd' \\ é")
        };
    story.commit("odd letters", odd).await;
    story.note("understood", (story.store.intent("sms", "SM1").await, story.store.intent("sms", "nobody's").await));
    story.note("odd letters kept", story.store.answered("sms", "SM 'odd' \\ é").await);
    story.look("after the turns").await;
}

pub async fn conversations(story: &mut Story) {
    let expires = story.now + Duration::minutes(30);
    let session = |language| Session { language: Some(language), place: story.vocabulary.territory().postal_code("1030"), ..Session::default() };
    let (dutch, german) = (session(Language::Nl), session(Language::De));
    let said = |story: &Story, id: &str, sender, session: &Session| KeptTurn {
        memory: ConversationMemory::Kept { sender, session: session.clone(), until: expires },
        text: Some("eten 1030".to_owned()),
        intent: Some("search"),
        ..story.turn(id)
    };
    story.note("no conversation", story.store.conversation("sms", Some(&AMINA), story.now).await.map(|(session, _)| session));
    let together = vec![said(story, "SS1", AMINA, &dutch), said(story, "SS2", BART, &dutch), said(story, "SS3", AMINA, &german)];
    story.commit_together("two senders, one twice", together).await;
    for (step, sender, at) in [("the last word counts", AMINA, story.now), ("the other's", BART, story.now), ("at its end", AMINA, expires)] {
        story.note(step, story.store.conversation("sms", Some(&sender), at).await.map(|(session, _)| session));
    }
    story.note("on another channel", story.store.conversation("chat", Some(&AMINA), story.now).await.map(|(session, _)| session));
    story.commit("changed", said(story, "SS4", BART, &german)).await;
    let message = CarrierMessage { channel: "sms", carrier_id: "SS5".to_owned(), received: story.now };
    let forgotten = JournalEntry::Forgotten { message, sender: AMINA };
    story.commit("forgotten", forgotten).await;
    story.note("no more", story.store.conversation("sms", Some(&AMINA), story.now).await.map(|(session, _)| session));
    story.place.tamper("UPDATE session SET state = '{\"step\": 99}'").await.unwrap();
    story.note("of another version", story.store.conversation("sms", Some(&BART), story.now).await.map(|(session, _)| session));

    let unmet = |theme, code: Option<&str>| Note::Unmet { theme, postal_code: code.map(ToOwned::to_owned) };
    let doubt = Note::Doubt(Code::from_serial(1_000).or_else(|| Code::from_serial(1_001)).unwrap());
    let nobody = Note::Right(Code::from_serial(700_000).or_else(|| Code::from_serial(700_001)).unwrap());
    let notes = vec![unmet(Some(Theme::Food), Some("1030")), unmet(None, None), doubt, nobody];
    let counted = vec![KeptTurn { notes: notes.clone(), ..story.turn("SN1") }, KeptTurn { notes: notes.clone(), ..story.turn("SN2") }];
    story.commit_together("counted", counted).await;
    story.commit("counted again", KeptTurn { notes, ..story.turn("SN3") }).await;
    story.note("unmet", story.store.count_unmet().await);
    let mut shown = Vec::new();
    story.store.each_brief(|brief| shown.extend(brief.status.is_shown().then_some(brief.code))).await.unwrap();
    let called_right = shown.into_iter().take(3).map(Note::Right).collect();
    story.commit("called right", KeptTurn { notes: called_right, ..story.turn("SN4") }).await;
    story.look("after the conversations").await;
    for _ in 0..2 {
        story.note("fresher", story.store.take_confirmations(story.vocabulary.territory(), story.now).await);
    }
    story.look("after the confirmations").await;
}

/// What is kept under a message that is no turn.
pub async fn other_entries(story: &mut Story) {
    let message = |story: &Story, id: &str| CarrierMessage { channel: "sms", carrier_id: id.to_owned(), received: story.now };
    let charge =
        |story: &Story| Charge { segments: 1, budgets: vec![budget(story, "in vain", "in vain", 2)], notice: None, silence: String::new(), is_urgent: true };
    let ignored = JournalEntry::Ignored { message: message(story, "SE1"), silence: "nothing".to_owned() };
    story.commit("ignored", ignored.clone()).await;
    story.commit("ignored again", ignored).await;
    story.note("what it was given", story.store.answered("sms", "SE1").await);
    let left = LeftToPerson { message: message(story, "SE2"), charge: charge(story), request: None };
    story.commit("left to a person", left).await;
    let missed =
        MissedCall { message: message(story, "SE3"), answer: "rejected".to_owned(), charge: charge(story), delivery: story.delivery("missed", 7, false) };
    story.commit("a missed call", missed.clone()).await;
    let third = MissedCall { message: message(story, "SE4"), ..missed };
    story.commit("one missed call too many", third).await;
    let text = DeskText {
        message: message(story, "SE5"),
        receiver: BART,
        session: Session::default(),
        until: story.now + Duration::minutes(30),
        charge: Charge { budgets: Vec::new(), ..charge(story) },
        delivery: story.delivery("desk", 7, false),
    };
    story.commit("a text of the desk", text).await;
    story.note("may be answered", story.store.conversation("sms", Some(&BART), story.now).await.map(|(session, _)| session));
    story.look("after the other entries").await;
}

fn budget(story: &Story, name: &'static str, key: &str, limit: i64) -> Budget {
    Budget { name, key: key.to_owned(), limit, until: story.now + Duration::hours(1), takes: Takes::Segments }
}

pub async fn budgets(story: &mut Story) {
    let charge = |segments, budgets| Charge { segments, budgets, notice: Some("enough".to_owned()), silence: String::new(), is_urgent: false };
    let charged = |story: &Story, id: &str, segments| {
        let budgets = [("own", 6), ("all", 9)].into_iter().map(|(key, limit)| budget(story, key, key, limit)).collect();
        KeptTurn { charge: Some(charge(segments, budgets)), ..story.turn(id) }
    };
    for number in 0..5 {
        story.commit("spent", charged(story, &format!("SB{number}"), 2)).await;
    }
    story.commit("said before", charged(story, "SB0", 2)).await;
    story.note("sending", story.store.is_sending_stopped().await);
    story.store.stop_sending(true).await.unwrap();
    story.note("stopped", story.store.is_sending_stopped().await);
    story.commit("while stopped", charged(story, "SB10", 1)).await;
    // Somebody in danger: answered from a budget of their own, and forgotten where even that is spent.
    let expires = story.now + Duration::minutes(30);
    let remembered = KeptTurn { memory: ConversationMemory::Kept { sender: AMINA, session: Session::default(), until: expires }, ..story.turn("SB13") };
    story.commit("remembered", remembered).await;
    for number in 0..3 {
        let urgent = Charge { notice: None, is_urgent: true, ..charge(1, vec![budget(story, "danger", "danger", 2)]) };
        let memory = if number == 2 { ConversationMemory::Forgotten(AMINA) } else { ConversationMemory::Nobody };
        let turn = KeptTurn { charge: Some(urgent), memory, ..story.turn(&format!("SB2{number}")) };
        story.commit("in danger while stopped", turn).await;
    }
    story.note("forgotten", story.store.conversation("sms", Some(&AMINA), story.now).await.map(|(session, _)| session));
    story.store.stop_sending(false).await.unwrap();
    story.note("resumed", story.store.is_sending_stopped().await);
    let without = KeptTurn { charge: Some(charge(1, Vec::new())), ..story.turn("SB11") };
    story.commit("no budget at all", without).await;
    let hundred = (0..100).map(|number| budget(story, "one of many", &format!("b{number}"), 9)).collect();
    story.commit("a hundred budgets", KeptTurn { charge: Some(charge(1, hundred)), ..story.turn("SB12") }).await;
    story.look("after the budgets").await;
}
