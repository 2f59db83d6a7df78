//! Chats: what is typed, pressed, spoken or shared in one is a turn of the same dialogue; its answer goes out through the
//! outbox, queued in the commit that keeps the turn.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::call_back::Waiting;
use db::outbox::{Delivery, Way};
use db::{Sealed, StoreError};
use directory::answer::Answer;
use directory::dialogue::{Keeping, Manner};
use directory::intent::Input;
use directory::phrase::{Phrase, PhraseError};

use crate::channel::telegram::{Outgoing, Received, TELEGRAM, What};
use crate::render::Words;
use crate::render::chat;
use crate::render::speech::{Book, LONGEST, Voice};
use crate::turn::{ANSWERS_LAST, CHAT, Engine, Purse, Request, Said, Say, is_danger};

/// What a person of the desk answers somebody who asked in a chat; the recipient is sealed for the delivery.
pub fn reply(waiting: &Waiting, recipient: Sealed, text: String, now: DateTime<Utc>) -> Delivery {
    Delivery {
        key: format!("reply {}", waiting.id),
        way: Way::Chat,
        person: waiting.person,
        recipient,
        body: Outgoing::plain(text).write(),
        is_push: false,
        is_urgent: false,
        due: now,
        expires: now + ANSWERS_LAST,
    }
}

/// What chats need beside the engine.
#[derive(Debug)]
pub struct Chats {
    engine: Arc<Engine>,
    book: Book,
    /// There is a voice for those who want to listen.
    speaks: bool,
}

impl Chats {
    /// Chats on that engine.
    pub fn new(engine: Arc<Engine>, speaks: bool) -> Result<Self, PhraseError> {
        Ok(Self { engine, book: Book::shipped()?, speaks })
    }

    /// Keeps what came, and queues its answer; nothing where it is nothing for us.
    pub async fn take(&self, received: Option<Received>) -> Result<(), StoreError> {
        let Some(received) = received else { return Ok(()) };
        let sender = format!("{CHAT}{}", received.chat);
        let person = self.engine.keys.person(&sender);
        let (input, recording) = match &received.what {
            What::Left => return self.forget(&received, &sender).await,
            What::Said(input) => (input.clone(), None),
            What::Here(point) => {
                let country = self.engine.home.as_ref().map(|home| home.country).unwrap_or_default();
                let code = self.engine.vocabulary.territory().nearest_code(country, *point);
                (Input::Digits(code.unwrap_or_default()), None)
            }
            What::Spoke(file) => (Input::Choice('0'), Some(file.clone())),
        };
        let Some(recipient) = self.engine.recipient(&person, &sender) else { return Ok(()) };
        let now = self.engine.clock.now();
        let delivery = |body: String, is_urgent: bool| Delivery {
            key: format!("{TELEGRAM} {}", received.update),
            way: Way::Chat,
            person,
            recipient: recipient.clone(),
            body,
            is_push: false,
            is_urgent,
            due: now,
            expires: now + ANSWERS_LAST,
        };
        let request = Request {
            sender: Some(sender),
            input,
            manner: Manner { replies_here: true, keeping: Keeping::Number(None), ..Manner::default() },
            purse: Purse::Chats,
            language: received.language,
            recording,
            ..Request::text(TELEGRAM, None, "", received.update.to_string())
        };
        let say = |say: Say<'_>| {
            let is_urgent = matches!(say, Say::Answer(answer) if is_danger(answer));
            let outgoing = match say {
                Say::Answer(answer) => self.answer(answer, &received),
                Say::Notice(text) => Outgoing { press: received.press.clone(), ..Outgoing::plain(text.to_owned()) },
                Say::NotSent | Say::Nothing => return Said::default(),
            };
            let bytes = outgoing.write();
            Said { deliveries: vec![delivery(bytes.clone(), is_urgent)], bytes, units: 1 }
        };
        let taken = self.engine.take(&request, say).await?;
        // A budget is spent, or it came before and we died behind its commit: queued now, once.
        if !taken.is_new && !taken.bytes.is_empty() {
            self.engine.store.queue(&delivery(taken.bytes, false)).await?;
            self.engine.queued.send_replace(());
        }
        Ok(())
    }

    fn answer(&self, answer: &Answer, received: &Received) -> Outgoing {
        let today = self.engine.clock.now().with_timezone(&self.engine.zone).date_naive();
        let words = Words { catalogue: &self.engine.catalogue, language: answer.language, today };
        let chat = chat::render(answer, &words, &self.engine.vocabulary, self.speaks);
        let aloud = (self.speaks && received.aloud).then(|| (answer.language, self.spoken(answer, today)));
        Outgoing::to(received, chat, words.say(Phrase::ShareWhere), aloud)
    }

    /// The first twenty seconds of what a caller would hear, without its keys.
    fn spoken(&self, answer: &Answer, today: chrono::NaiveDate) -> String {
        let voice = Voice {
            book: &self.book,
            vocabulary: &self.engine.vocabulary,
            home: None,
            country: directory::phone::Country::default(),
            today,
            texts: false,
            says_global_keys: false,
        };
        let silent = Answer { choices: Vec::new(), ..answer.clone() };
        let mut seconds = 0.0;
        let heard = voice.say(&silent).prompts.into_iter().take_while(|prompt| {
            seconds += prompt.seconds();
            seconds <= LONGEST
        });
        heard.map(|prompt| prompt.text).collect::<Vec<_>>().join("\n")
    }

    /// Who blocks us is forgotten: conversation, what waits, calls asked for.
    async fn forget(&self, received: &Received, sender: &str) -> Result<(), StoreError> {
        self.engine.forget_conversation(TELEGRAM, sender, format!("{}:left", received.update)).await?;
        self.engine.store.forget_person(&self.engine.keys.person(sender)).await.map(drop)
    }
}
