//! Calls: each step of one is a turn of the same dialogue, put into sentences and keys.
//!
//! Nobody is left in silence: who says nothing is called back, who presses three wrong keys gets a person, who lets it
//! ring is called back within a minute where the settings say so. What is remembered of a call is under the call's own
//! name and goes with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::StoreError;
use db::journal::{CarrierMessage, MissedCall};
use db::outbox::{Delivery, Way};
use db::writer::Committed;
use directory::answer::{Answer, Block, Sentence};
use directory::dialogue::{Keeping, Manner};
use directory::intent::Input;
use directory::language::Language;
use directory::phone::Phone;
use directory::phrase::PhraseError;

use crate::channel::twilio::twiml::{self, Gather};
use crate::channel::twilio_voice::intake::{Before, Call, MOST_SILENT, Move, Posted};
use crate::speech::{Awaited, Book, Heard, Prompt, Voice, spoken};
use application::limits::BudgetClass;
use application::turn::{Channel, Rendered, Request, ToRender, TurnService};

/// The number for emergencies, as it is said.
const EMERGENCY: &str = "1 1 2";

/// From a missed call to ours: the line must be free again.
const BREATH: Duration = Duration::seconds(4);

/// Who let it ring does not want to be called an hour later.
const MISSED_LASTS: Duration = Duration::minutes(10);

/// What calls need beside the engine.
#[derive(Debug)]
pub struct Calls {
    engine: Arc<TurnService>,
    book: Book,
    /// The public address of this gateway, without a slash at its end.
    public_url: String,
    /// Where `#` is, as it is said.
    home: Option<String>,
    /// Nobody picks up: who lets it ring is called back.
    rings_back: bool,
    /// Callers may speak.
    listens: bool,
}

/// What is said beside an answer, and around it.
#[derive(Debug, Clone, Copy)]
struct Page<'a> {
    call: &'a Call,
    next: &'a Call,
    /// Said first.
    before: Option<Before>,
    /// The call is over behind it.
    ends: bool,
    /// `7` sends a text message to this caller.
    texts: bool,
    /// They want no more calls from us.
    stops: bool,
}

impl Calls {
    /// Calls on that engine, under that public address.
    pub fn new(engine: Arc<TurnService>, public_url: &str, settings: &crate::config::Voice) -> Result<Self, PhraseError> {
        let home = engine.home.as_ref().map(|place| match place.postal_codes.first() {
            Some(code) => format!("{code} {}", engine.vocabulary.territory().commune_name(place.country, code, Language::Fr).unwrap_or(&place.name)),
            None => place.name.clone(),
        });
        let rings_back = settings.call_back && engine.reaches_out;
        Ok(Self { engine, book: Book::shipped()?, public_url: public_url.trim_end_matches('/').to_owned(), home, rings_back, listens: settings.listens })
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        self.engine.clock.now()
    }

    /// One step of a call: the response for the carrier.
    pub async fn step(&self, posted: &Posted, call: Call) -> Result<String, StoreError> {
        let call = Call { ours: call.ours || posted.outbound, ..call };
        if call.step == 0
            && self.rings_back
            && !posted.outbound
            && let Some(rejected) = self.missed(posted).await?
        {
            return Ok(rejected);
        }
        let now = self.engine.clock.now();
        let (what, mut next) = call.take(posted, now, Duration::minutes(i64::from(self.engine.limits.call_minutes)));
        // Of a call that we pay each minute is asked for before it begins; the first was when it was queued.
        let minutes = if call.ours { call.minutes(now).saturating_sub(call.paid) } else { 0 };
        next.paid = call.paid.saturating_add(minutes);
        let stops = what == Move::NoMoreCalls;
        let (input, before) = match what {
            Move::Ask(input, before) => (input, before),
            Move::Goodbye => return Ok(self.goodbye(posted, &call).await),
            Move::NoMoreCalls => (Input::Text("STOP".to_owned()), None),
        };
        let texts = self.may_text(posted);
        let keeping = if texts { Keeping::Text } else { Keeping::Number(None) };
        let request = Request {
            channel: Channel::Voice,
            sender: posted.number.clone(),
            call: Some(posted.call.clone()),
            input,
            carrier_id: format!("{}:{}", posted.call, call.step),
            manner: Manner { asks_where: true, is_call: true, replies_here: false, offers_needs: true, keeping },
            class: match minutes {
                _ if call.step == 0 && !call.ours => BudgetClass::Calls,
                1.. if call.step > 0 => BudgetClass::Minutes,
                _ => BudgetClass::Nothing,
            },
            language: None,
            recording: None,
        };
        let ends = before == Some(Before::TooLong);
        let page = Page { call: &call, next: &next, before, ends, texts, stops };
        let units = usize::from(minutes).max(1);
        let taken = self.engine.take(&request, |say| Rendered::in_band(self.say(say, &page), units)).await?;
        Ok(taken.bytes)
    }

    /// A call is over: its memory ends. One of ours that nobody took becomes a call for a person to make.
    pub async fn ended(&self, posted: &Posted) -> Result<(), StoreError> {
        self.engine.forget_conversation(Channel::Voice, &posted.call, format!("{}:end", posted.call)).await?;
        let was_taken = !matches!(posted.status.as_str(), "busy" | "no-answer" | "failed");
        match &posted.number {
            Some(number) if posted.outbound && !was_taken => self.engine.leave_to_a_person(Channel::Voice, number, format!("{}:not-taken", posted.call)).await,
            _ => Ok(()),
        }
    }

    /// What a caller hears when the database does not answer: that, and the page again.
    pub fn trouble(&self, call: &Call) -> String {
        let prompts = self.in_all_languages(Heard::Trouble);
        if call.silent >= MOST_SILENT {
            return self.last_words(prompts, false);
        }
        twiml::go_on(&prompts, &self.action(&Call { silent: call.silent + 1, ..call.clone() }))
    }

    /// Does not pick up, and queues our call; nothing where this caller is answered like any other.
    async fn missed(&self, posted: &Posted) -> Result<Option<String>, StoreError> {
        let Some(phone) = self.callable(posted) else { return Ok(None) };
        let number = phone.as_str();
        let person = self.engine.keys.person(number);
        if self.engine.store.has_stopped(&person).await? {
            return Ok(None);
        }
        let Some(recipient) = self.engine.recipient(&person, number) else { return Ok(None) };
        let (now, rejected) = (self.engine.clock.now(), twiml::reject());
        let hasher = self.engine.keys.hasher(now);
        let carrier_id = format!("{}:missed", posted.call);
        // Whom we called at which minute would tell whose conversation it was.
        let delivery = Delivery { leaves_no_trace: true, ..Delivery::new(Way::Call, person, recipient, String::new(), now + BREATH, MISSED_LASTS - BREATH) };
        let charge = self.engine.limits.charge(BudgetClass::Missed, 1, number, now, |text| hasher.key(text));
        let message = CarrierMessage { channel: Channel::Voice.name(), carrier_id, received: now };
        let missed = MissedCall { message, answer: rejected.clone(), charge, delivery };
        Ok(match self.engine.outbox.commit(missed).await? {
            Committed::New => Some(rejected),
            Committed::Before(before) => Some(before).filter(|before| !before.is_empty()),
            // Called back often enough, or in vain: from now on they pay, and are answered.
            Committed::Limited { .. } | Committed::Full => None,
        })
    }

    /// The caller's number, where they may be called or written to.
    fn callable(&self, posted: &Posted) -> Option<Phone> {
        self.engine.limits.callable(posted.number.as_deref()?)
    }

    fn may_text(&self, posted: &Posted) -> bool {
        self.engine.reaches_out && self.callable(posted).is_some_and(|phone| phone.is_mobile())
    }

    /// Ends a call behind a promise.
    async fn goodbye(&self, posted: &Posted, call: &Call) -> String {
        let memory = self.engine.keys.hasher(self.engine.clock.now()).hash(&posted.call);
        let session = self.engine.store.conversation(Channel::Voice.name(), Some(&memory), self.engine.clock.now()).await;
        let language = session.ok().and_then(|(session, _)| session.language).unwrap_or_default();
        self.last_words(vec![self.voice(false).sentence(language, Heard::Thanks, &[])], call.slow)
    }

    /// Ends a call. Whoever hears nothing more from us has heard whom to call in an emergency.
    fn last_words(&self, mut prompts: Vec<Prompt>, slowly: bool) -> String {
        let languages: BTreeSet<Language> = prompts.iter().map(|prompt| prompt.language).collect();
        for language in Language::ALL.into_iter().rev().filter(|language| languages.contains(language)) {
            let emergency = self.voice(false).sentence(language, Heard::EmergencyFirst, &[]);
            if !prompts.iter().any(|prompt| prompt.language == language && prompt.text.contains(EMERGENCY)) {
                prompts.insert(0, emergency);
            }
        }
        twiml::last_words(&prompts, slowly)
    }

    fn voice(&self, says_global_keys: bool) -> Voice<'_> {
        Voice {
            book: &self.book,
            vocabulary: &self.engine.vocabulary,
            home: self.home.as_deref(),
            country: self.engine.home.as_ref().map(|home| home.country).unwrap_or_default(),
            today: self.engine.clock.now().with_timezone(&self.engine.zone).date_naive(),
            texts: false,
            says_global_keys,
        }
    }

    fn action(&self, call: &Call) -> String {
        format!("{}/twilio/voice/keys?{}", self.public_url, call.write())
    }

    fn say(&self, say: ToRender<'_>, page: &Page<'_>) -> String {
        let Page { next, .. } = *page;
        match say {
            ToRender::Answer(answer) => self.answer(answer, page),
            // The call itself goes on.
            ToRender::NotSent => self.gather(&[], next, None),
            // Said before.
            ToRender::Notice(_) | ToRender::Nothing if page.stops => self.no_more_calls(),
            // A call is never left without an answer, whoever pays it.
            ToRender::Notice(_) | ToRender::Nothing => self.last_words(self.in_all_languages(Heard::Enough), false),
        }
    }

    fn no_more_calls(&self) -> String {
        self.last_words(Language::ALL.map(|language| self.voice(false).sentence(language, Heard::RecallStopped, &[])).to_vec(), false)
    }

    fn answer(&self, answer: &Answer, page: &Page<'_>) -> String {
        let Page { call, next, before, ends, texts, .. } = *page;
        let voice = Voice { texts, ..self.voice(!call.told || call.step <= 1) };
        let mut speech = voice.say(answer);
        if call.ours && call.step == 1 && answer.blocks.iter().any(|block| matches!(block, Block::Say(Sentence::Stopped))) {
            return self.no_more_calls();
        }
        if call.ours && call.step == 0 {
            speech.prompts.extend(Language::ALL.map(|language| voice.sentence(language, Heard::NoMoreCalls, &[])));
        }
        if let Some(before) = before {
            speech.prompts.insert(0, self.before(before, answer.language));
        }
        if ends || speech.awaited == Awaited::Nothing {
            return self.last_words(speech.prompts, next.slow);
        }
        let after = next.clone().after(&speech);
        self.gather(&speech.prompts, &after, Some(answer.language))
    }

    fn gather(&self, prompts: &[Prompt], call: &Call, language: Option<Language>) -> String {
        let action = self.action(call);
        Gather { prompts, slowly: call.slow, action: &action, digits: call.digits, patience: call.patience(), hears: language.filter(|_| self.listens) }.write()
    }

    fn before(&self, before: Before, language: Language) -> Prompt {
        let voice = self.voice(false);
        match before {
            Before::WrongKey(key) => voice.sentence(language, Heard::WrongKey, &[("key", key.to_string().into())]),
            // A person is spoken of only where there is one.
            Before::ToPerson if self.engine.desk.is_none() => voice.sentence(language, Heard::Unclear, &[]),
            Before::ToPerson => voice.sentence(language, Heard::ToPerson, &[]),
            Before::Stay => voice.sentence(language, Heard::Stay, &[]),
            Before::TooLong => voice.sentence(language, Heard::TooLong, &[]),
        }
    }

    /// A sentence for whoever has not chosen a language, and whom to call instead.
    fn in_all_languages(&self, heard: Heard) -> Vec<Prompt> {
        let voice = self.voice(false);
        let mut prompts = Language::ALL.map(|language| voice.sentence(language, heard, &[])).to_vec();
        prompts.extend(self.engine.desk.as_ref().map(|desk| {
            let arguments = [("name", desk.name.as_str().into()), ("phone", spoken(&desk.phone).into())];
            Prompt { slowly: true, ..voice.sentence(Language::default(), Heard::Person, &arguments) }
        }));
        prompts
    }
}
