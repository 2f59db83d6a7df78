//! Chats: what is typed, pressed, spoken or shared in one is a turn of the same dialogue; its answer goes out through the
//! outbox, queued in the commit that keeps the turn.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::call_back::WaitingCallBack;
use db::outbox::{Delivery, Way};
use db::{Person, Sealed, StoreError};
use directory::answer::Answer;
use directory::dialogue::{Keeping, Manner};
use directory::intent::Input;
use directory::language::Language;
use directory::locality::Point;
use directory::phrase::{Phrase, PhraseError};

use crate::channel::telegram::render::{self, Button};
use crate::channel::telegram::{Outgoing, Received, What};
use crate::speech::{Book, LONGEST, Voice};
use application::limits::{BudgetClass, CHAT};
use application::say::Words;
use application::turn::{ANSWERS_LAST, Channel, Rendered, Request, ToRender, TurnService};

/// What a person of the desk answers somebody who asked in a chat; the recipient is sealed for the delivery.
pub fn reply(waiting: &WaitingCallBack, recipient: Sealed, text: String, now: DateTime<Utc>) -> Delivery {
    let body = Outgoing::plain(text).write();
    Delivery { key: Some(format!("reply {}", waiting.id)), ..Delivery::new(Way::Chat, waiting.person, recipient, body, now, ANSWERS_LAST) }
}

/// What chats need beside the engine.
#[derive(Debug)]
pub struct Chats {
    engine: Arc<TurnService>,
    book: Book,
    /// There is a voice for those who want to listen.
    speaks: bool,
}

impl Chats {
    /// Chats on that engine.
    pub fn new(engine: Arc<TurnService>, speaks: bool) -> Result<Self, PhraseError> {
        Ok(Self { engine, book: Book::shipped()?, speaks })
    }

    /// Keeps what came, and queues its answer.
    pub async fn take(&self, received: Option<Received>) -> Result<(), StoreError> {
        let Some(received) = received else {
            tracing::info!(channel = Channel::Telegram.name(), "chat.ignored: no message to us, or one that cannot be read");
            return Ok(());
        };
        let sender = format!("{CHAT}{}", received.chat);
        let person = self.engine.keys.person(&sender);
        let (input, recording) = match &received.what {
            What::Left => return self.forget(&received, &sender).await,
            What::Erase(language) => return self.erase(&received, person, &sender, *language).await,
            What::Said(input) => (input.clone(), None),
            What::Here(point) => (self.place(*point), None),
            What::Spoke(file) => (Input::Choice('0'), Some(file.clone())),
            What::Showed => (Input::Unreadable, None),
        };
        let Some(recipient) = self.engine.recipient(&person, &sender) else { return Ok(()) };
        let now = self.engine.clock.now();
        let request = Request {
            sender: Some(sender),
            input,
            manner: Manner { replies_here: true, keeping: Keeping::Number(None), ..Manner::default() },
            class: BudgetClass::Chats,
            language: received.language,
            recording,
            ..Request::text(Channel::Telegram, None, "", received.carrier_id())
        };
        let say = |say: ToRender<'_>| {
            let outgoing = match say {
                ToRender::Answer(answer) => self.answer(answer, &received),
                ToRender::Notice(text) => Outgoing { press: received.press.clone(), ..Outgoing::plain(text.to_owned()) },
                ToRender::NotSent | ToRender::Nothing => return Rendered::default(),
            };
            let delivery = Delivery::new(Way::Chat, person, recipient.clone(), outgoing.write(), now, ANSWERS_LAST);
            // An update is acknowledged with nothing. What was said is not kept with the turn: it names messages of the
            // chat, and with them whose it is.
            Rendered { deliveries: vec![delivery], bytes: String::new(), units: 1 }
        };
        self.engine.take(&request, say).await.map(drop)
    }

    fn answer(&self, answer: &Answer, received: &Received) -> Outgoing {
        let today = self.engine.clock.now().with_timezone(&self.engine.zone).date_naive();
        let words = Words { catalogue: &self.engine.catalogue, language: answer.language, today };
        let mut chat = render::render(answer, &words, &self.engine.vocabulary, self.speaks);
        if answer.leaves_no_trace {
            // What we do not keep stays on their telephone, for whoever holds it.
            let question = received.message.map(|number| number.to_string()).unwrap_or_default();
            let data = format!("{}{}{question}", render::ERASE, answer.language.code());
            chat.rows.push(vec![Button { label: words.say(Phrase::Erase), data }]);
        }
        let aloud = (self.speaks && received.aloud).then(|| (answer.language, self.spoken(answer, today)));
        Outgoing::to(received, chat, words.say(Phrase::ShareWhere), aloud)
    }

    /// Erases a question and its answer from the chat. No turn: nothing is kept of it.
    async fn erase(&self, received: &Received, person: Person, sender: &str, language: Option<Language>) -> Result<(), StoreError> {
        let Some(recipient) = self.engine.recipient(&person, sender) else { return Ok(()) };
        let language = language.or(received.language).unwrap_or_default();
        let outgoing = Outgoing {
            edits: received.edits,
            press: received.press.clone(),
            erases: received.edits.into_iter().chain(received.message).collect(),
            ..Outgoing::plain(self.engine.catalogue.say(language, Phrase::TooOld, &[]))
        };
        let now = self.engine.clock.now();
        let delivery = Delivery::new(Way::Chat, person, recipient, outgoing.write(), now, ANSWERS_LAST);
        self.engine.outbox.enqueue(&Delivery { leaves_no_trace: true, is_urgent: true, ..delivery }).await?;
        Ok(())
    }

    /// The place nearest to a position, in the country of home; far from any, as if nothing had been said.
    fn place(&self, point: Point) -> Input {
        let territory = self.engine.vocabulary.territory();
        let country = self.engine.home.as_ref().map(|home| home.country).unwrap_or_default();
        let code = territory.nearest_code(country, point);
        code.and_then(|code| territory.postal_code(&code)).map_or_else(|| Input::Text(String::new()), Input::Place)
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
        self.engine.forget_conversation(Channel::Telegram, sender, format!("{}:left", received.update)).await?;
        self.engine.store.forget_person(&self.engine.keys.person(sender)).await.map(drop)
    }
}
