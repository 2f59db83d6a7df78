//! One turn: already answered? → read → look up → answer → render → keep durably → reply.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use db::budget::Charge;
use db::call_back::CallBack;
use db::journal::{SenderHash, Turn, Wish};
use db::writer::{Committed, Writer};
use db::{Edition, Person, Sealed, Store, StoreError};
use directory::answer::{Answer, Desk, HandOver};
use directory::clock::Clock;
use directory::dialogue::{self, Found, Lookup, Session, Setting};
use directory::intent::{self, Input, Intent, Understanding};
use directory::language::Language;
use directory::locality::Locality;
use directory::phrase::{Catalogue, Phrase};
use directory::record::{Brief, Scope};
use directory::vocabulary::Vocabulary;

use crate::keys::Keys;
use crate::limit::Limits;
use crate::monitor;
use crate::render::Words;
use crate::render::sms::{self, Sms};

/// A message that reached us.
#[derive(Clone)]
pub struct Request {
    /// The channel's name (`sms`).
    pub channel: &'static str,
    /// The sender's number or chat, as the carrier writes it; absent for a conversation without memory.
    pub sender: Option<String>,
    /// What was sent.
    pub input: Input,
    /// The carrier's id of the message.
    pub carrier_id: String,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Request").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// The answer to a request, ready to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// What was understood.
    pub understood: Understanding,
    /// What is answered, as meaning.
    pub answer: Answer,
    /// What is answered, as a text message.
    pub sms: Sms,
}

/// Everything a turn needs; shared by all channels.
#[derive(Debug)]
pub struct Engine {
    /// The database.
    pub store: Arc<Store>,
    /// The task that keeps turns.
    pub writer: Writer,
    /// Words, doors, places.
    pub vocabulary: Vocabulary,
    /// Phrases.
    pub catalogue: Catalogue,
    /// Where a person answers.
    pub desk: Option<Desk>,
    /// A person calls back whoever asks for one and can be called.
    pub calls_back: bool,
    /// Where askers are when they name no place.
    pub home: Option<Locality>,
    /// The territory's time zone.
    pub zone: Tz,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The keys of what is personal.
    pub keys: Keys,
    /// How much may be sent, and to whom.
    pub limits: Limits,
    /// What is said once when a number has spent its budget.
    pub notice: Notice,
}

/// What is said once when a number has spent its budget: one segment. Every turn is ready to end with it, so it is
/// made once for each language, when the first turn needs it.
#[derive(Debug, Default)]
pub struct Notice([OnceLock<String>; Language::ALL.len()]);

impl Notice {
    fn say(&self, language: Language, catalogue: &Catalogue, desk: Option<&Desk>) -> &str {
        let made = Language::ALL.into_iter().zip(&self.0).find(|(known, _)| *known == language);
        made.map_or("", |(_, text)| {
            text.get_or_init(|| {
                // Without a desk, the number for emergencies is the one that always answers.
                let number = desk.map_or_else(|| "112".to_owned(), |desk| desk.phone.compact());
                sms::gsm7::fold(&format!("{} {number}", catalogue.say(language, Phrase::Enough, &[])))
            })
        })
    }
}

impl Engine {
    /// Takes one turn. `envelope` wraps a text message, or silence, into the bytes that the carrier is
    /// given: these are kept, and given again to whoever delivers the message twice.
    pub async fn take(&self, request: &Request, envelope: impl Fn(Option<&str>) -> String) -> Result<String, StoreError> {
        let begun = Instant::now();
        let taken = async {
            match self.take_once(request, envelope).await {
                // Nothing more can be kept, but what was said before can still be said again.
                Err(failed) if failed.is_retryable() => {
                    self.store.answered(request.channel, &request.carrier_id).await?.map(|bytes| (bytes, "again")).ok_or(failed)
                }
                taken => taken,
            }
        };
        let taken = tokio::time::timeout(self.store.patience(), taken).await.unwrap_or(Err(StoreError::Silent));
        monitor::turn(request.channel, taken.as_ref().map_or("failed", |(_, outcome)| outcome), begun.elapsed());
        taken.map(|(bytes, _)| bytes)
    }

    /// The answer's bytes, and what became of the turn in a word.
    async fn take_once(&self, request: &Request, envelope: impl Fn(Option<&str>) -> String) -> Result<(String, &'static str), StoreError> {
        let sender = request.sender.as_deref().unwrap_or_default();
        if !self.limits.answers(sender) {
            return Ok((self.ignore(request, envelope(None)).await?, "ignored"));
        }
        let (reply, mut turn) = self.answer(request).await?;
        let hasher = self.keys.hasher(turn.received);
        turn.answer = envelope(Some(&reply.sms.text));
        let is_stop = matches!(turn.wish, Some((_, Wish::Stop)));
        turn.charge = Some(Charge {
            segments: i64::try_from(reply.sms.segments.len()).unwrap_or(i64::MAX),
            budgets: self.limits.budgets(sender, turn.received, |text| hasher.key(text)),
            // The last segment of a budget says that STOP was heard, not that there are no more.
            notice: if is_stop { turn.answer.clone() } else { envelope(Some(self.notice.say(reply.answer.language, &self.catalogue, self.desk.as_ref()))) },
            silence: envelope(None),
        });
        let bytes = turn.answer.clone();
        match self.writer.commit(turn).await? {
            Committed::New => {
                tracing::info!(
                    channel = request.channel,
                    intent = reply.understood.intent.name(),
                    language = reply.understood.language.code(),
                    segments = reply.sms.segments.len(),
                    records = reply.answer.records().len(),
                    "turn.answered"
                );
                monitor::segments(request.channel, reply.sms.segments.len());
                Ok((bytes, "answered"))
            }
            Committed::Limited(instead) => {
                tracing::warn!(channel = request.channel, "turn.limited");
                Ok((instead, "limited"))
            }
            Committed::Before(before) => Ok((before, "again")),
        }
    }

    /// Takes one turn and gives back all that was understood and said; for `ask`.
    pub async fn explain(&self, request: &Request) -> Result<Reply, StoreError> {
        let (mut reply, turn) = self.answer(request).await?;
        if let Committed::Limited(instead) = self.writer.commit(turn).await? {
            reply.sms = Sms::of(instead);
        }
        Ok(reply)
    }

    /// Keeps that a machine, or a country that is not answered, wrote: its number is not.
    async fn ignore(&self, request: &Request, silence: String) -> Result<String, StoreError> {
        let turn = Turn {
            channel: request.channel,
            carrier_id: request.carrier_id.clone(),
            received: self.clock.now(),
            sender: None,
            forget: None,
            text: None,
            intent: None,
            answer: silence.clone(),
            session: None,
            notes: Vec::new(),
            charge: None,
            wish: None,
        };
        tracing::warn!(channel = request.channel, "turn.ignored");
        Ok(match self.writer.commit(turn).await? {
            Committed::Before(before) => before,
            Committed::New | Committed::Limited(_) => silence,
        })
    }

    async fn answer(&self, request: &Request) -> Result<(Reply, Turn), StoreError> {
        let received = self.clock.now();
        let now = received.with_timezone(&self.zone);
        let hasher = self.keys.hasher(received);
        let sender = request.sender.as_deref().map(|sender| hasher.hash(sender));
        let (session, edition) = self.store.conversation(request.channel, sender.as_ref(), received).await?;
        let understood = intent::read(&request.input, &session, &self.vocabulary, now);
        // A call is promised only where the number to call is sealed already.
        let person = self.person(request);
        let number = person.filter(|_| self.calls_back && understood.intent == Intent::Human).and_then(|person| self.number(&person, request));
        let setting = Setting { vocabulary: &self.vocabulary, now, desk: self.desk.as_ref(), calls_back: number.is_some(), home: self.home.as_ref() };
        let found = self.find(&dialogue::lookup(&understood, &session, &setting), edition, now).await?;
        let (answer, session) = dialogue::answer(&understood, &found, session, &setting);
        let sms = sms::render(&answer, &Words { catalogue: &self.catalogue, language: answer.language, today: now.date_naive() }, &self.vocabulary);
        let mut turn = turn(request, sender, received, &understood, &answer, session, sms.text.clone());
        turn.wish = person.and_then(|person| Some((person, wish(&understood.intent, &answer, number)?)));
        Ok((Reply { understood, answer, sms }, turn))
    }

    /// Who asks, where it is somebody with a phone number.
    fn person(&self, request: &Request) -> Option<Person> {
        let number = request.sender.as_deref().filter(|sender| self.limits.answers(sender))?;
        Some(self.keys.person(number))
    }

    /// The asker's number, sealed.
    fn number(&self, person: &Person, request: &Request) -> Option<Sealed> {
        let sealed = self.keys.seal_number(person, request.sender.as_deref()?);
        sealed.inspect_err(|error| tracing::error!(%error, "call_back.not_sealed")).ok()
    }

    async fn find(&self, lookup: &Lookup, edition: Edition, now: DateTime<Tz>) -> Result<Found, StoreError> {
        let local = now.naive_local();
        let (codes, wanted) = match lookup {
            Lookup::None => return Ok(Found::default()),
            Lookup::Records(query) => return self.store.search(query, Some(edition), Scope::Sms, local).await,
            Lookup::Record(code) => {
                let found = self.store.record(*code).await?.map(|record| Found::one(record, local));
                return Ok(found.filter(|found| found.hits.iter().all(|hit| hit.brief.may_be_shown(Scope::Sms, now.date_naive()))).unwrap_or_default());
            }
            Lookup::Ticket(ticket) => {
                let codes = self.store.ticket(*ticket, now.to_utc()).await?.map(|slip| slip.codes).unwrap_or_default();
                let mut records = self.store.records(&codes).await?;
                // No ticket is made of what somebody hides; what has become so since is not shown to whoever guesses.
                records.retain(|record| !record.is_sensitive() && Brief::from(record.as_ref()).may_be_shown(Scope::Sms, now.date_naive()));
                return Ok(Found::slip(records, local));
            }
            Lookup::Listed { codes, wanted } => (codes, wanted),
        };
        let here = wanted.locality.as_ref().and_then(|place| self.vocabulary.territory().point(place.country, place.postal_codes.first()?));
        let briefs = self.store.briefs(codes).await?;
        let shown = briefs.into_iter().filter(|brief| brief.may_be_shown(Scope::Sms, now.date_naive()));
        Ok(Found { hits: shown.map(|brief| dialogue::hit(Arc::new(brief), wanted.when, here, local)).collect(), record: None })
    }
}

/// What the asker wants beside the answer.
fn wish(intent: &Intent, answer: &Answer, number: Option<Sealed>) -> Option<Wish> {
    match (intent, &answer.hand_over) {
        (Intent::Stop, _) => Some(Wish::Stop),
        (Intent::Start, _) => Some(Wish::Start),
        (_, Some(HandOver { theme, postal_code })) => {
            Some(Wish::CallBack(CallBack { number: number?, language: answer.language.code().to_owned(), theme: *theme, postal_code: postal_code.clone() }))
        }
        _ => None,
    }
}

/// What is kept of a turn: nothing that says who asked what where it must leave no trace.
fn turn(
    request: &Request,
    sender: Option<SenderHash>,
    received: DateTime<Utc>,
    understood: &Understanding,
    answer: &Answer,
    session: Session,
    bytes: String,
) -> Turn {
    let keeps = !answer.leaves_no_trace;
    let text = match &request.input {
        Input::Text(text) | Input::Digits(text) => Some(text.clone()),
        Input::Choice(key) => Some(key.to_string()),
        Input::Silence | Input::Start => None,
    };
    Turn {
        channel: request.channel,
        carrier_id: request.carrier_id.clone(),
        received,
        sender: sender.filter(|_| keeps),
        forget: sender.filter(|_| !keeps),
        text: text.filter(|_| keeps),
        intent: Some(understood.intent.name()).filter(|_| keeps),
        answer: bytes,
        session: Some((session, dialogue::forgotten_at(received))).filter(|_| keeps),
        notes: answer.notes.clone(),
        charge: None,
        wish: None,
    }
}
