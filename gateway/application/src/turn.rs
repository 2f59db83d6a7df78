//! One turn: already answered? → read → look up → answer → render → keep durably → reply.

mod channel;
mod confirmation;

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use db::budget::{Budget, Charge};
use db::call_back::CallBack;
use db::journal::{CallBackRequest, CarrierMessage, ConversationMemory, CountedOutcome, JournalEntry, KeptTurn, LeftToPerson, SenderHash, SideRequest};
use db::outbox::{Delivery, Way};
use db::ticket::Ticketed;
use db::writer::Committed;
use db::{Person, Sealed, Store, StoreError};
use directory::answer::{Answer, Block, Desk, HandOver, Note, Sentence};
use directory::clock::Clock;
use directory::dialogue::{self, Found, Keeping, Manner, Setting};
use directory::intent::{self, Input, Intent, Reason, Understanding};
use directory::language::Language;
use directory::locality::Locality;
use directory::phrase::{Catalogue, Phrase};
use directory::record::Scope;
use directory::session::{Session, Step};
use directory::ticket::Ticket;
use directory::vocabulary::Vocabulary;
use printer::slip::Style;

pub use self::channel::Channel;
use crate::counters;
use crate::find::{View, find};
use crate::keys::Keys;
use crate::limits::{Asks, BudgetClass, Limits};
use crate::outbox::Outbox;
use crate::say::Words;
use crate::sms::{self, Sms};
use crate::take_away;

/// A message that reached us.
#[derive(Clone)]
pub struct Request {
    /// How it came.
    pub channel: Channel,
    /// The sender's number, as the carrier writes it, or their chat (`telegram:123`); absent for a conversation without
    /// memory, and for a call whose number is hidden.
    pub sender: Option<String>,
    /// The call's own name, where it is a call: what is remembered is kept under it and not under the number.
    pub call: Option<String>,
    /// What was sent.
    pub input: Input,
    /// The carrier's id of the message.
    pub carrier_id: String,
    /// How the channel speaks.
    pub manner: Manner,
    /// What its answer is paid from.
    pub class: BudgetClass,
    /// The language that the channel says its user speaks; what they say or choose counts more.
    pub language: Option<Language>,
    /// What they said instead of typing, by the carrier's name of it: for a person to hear.
    pub recording: Option<String>,
}

impl Request {
    /// A message that is answered as by text message.
    pub fn text(channel: Channel, sender: Option<String>, text: impl Into<String>, carrier_id: impl Into<String>) -> Self {
        Self {
            channel,
            sender,
            call: None,
            input: Input::Text(text.into()),
            carrier_id: carrier_id.into(),
            manner: Manner::default(),
            class: BudgetClass::Texts,
            language: None,
            recording: None,
        }
    }

    /// The name under which the conversation is remembered.
    fn memory(&self) -> Option<&str> {
        self.call.as_deref().or(self.sender.as_deref())
    }

    fn is_chat(&self) -> bool {
        self.channel == Channel::Telegram
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Request").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// An answer that could not be sent within this is not sent any more.
pub const ANSWERS_LAST: Duration = Duration::hours(6);

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

/// What a channel is asked to put into its carrier's words.
#[derive(Debug, Clone, Copy)]
pub enum ToRender<'a> {
    /// An answer, and what is sent elsewhere with it.
    Answer(&'a Answer),
    /// That a budget is spent.
    Notice(&'a str),
    /// What should have gone out beside the answer may not: the conversation goes on.
    NotSent,
    /// Nothing.
    Nothing,
}

/// An answer in a carrier's words.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// What the carrier is given: kept, and given again to whoever delivers the message twice.
    pub bytes: String,
    /// What it costs, in the units of its class.
    pub units: usize,
    /// What has to be sent for it.
    pub deliveries: Vec<Delivery>,
}

impl Rendered {
    /// An answer that goes back with the request that asked.
    pub fn in_band(bytes: String, units: usize) -> Self {
        Self { bytes, units, deliveries: Vec::new() }
    }
}

/// What became of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is answered and kept.
    Answered,
    /// It was answered before, and gets the same answer.
    Again,
    /// A machine wrote, or a number in a country that is not answered.
    Ignored,
    /// A budget is spent.
    Limited,
    /// The database does not answer.
    Failed,
}

impl Outcome {
    /// A word for counters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Again => "again",
            Self::Ignored => "ignored",
            Self::Limited => "limited",
            Self::Failed => "failed",
        }
    }
}

/// A turn that is kept; what has to be sent for it is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What the carrier is given.
    pub bytes: String,
}

/// Everything a turn needs; shared by all channels.
#[derive(Debug)]
pub struct TurnService {
    /// The database.
    pub store: Arc<Store>,
    /// What is kept and sent.
    pub outbox: Outbox,
    /// Words, doors, places.
    pub vocabulary: Vocabulary,
    /// Phrases.
    pub catalogue: Catalogue,
    /// Where a person answers.
    pub desk: Option<Desk>,
    /// A person calls back whoever asks for one and can be called.
    pub calls_back: bool,
    /// Text messages and calls can be sent out, not only answered.
    pub reaches_out: bool,
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
    /// The number for emergencies, which always answers, then when to come again, then whom to call meanwhile.
    pub fn say(&self, language: Language, catalogue: &Catalogue, desk: Option<&Desk>) -> &str {
        let made = Language::ALL.into_iter().zip(&self.0).find(|(known, _)| *known == language);
        made.map_or("", |(_, text)| {
            text.get_or_init(|| {
                let mut said = vec![catalogue.say(language, Phrase::EmergencyFirst, &[]), catalogue.say(language, Phrase::Enough, &[])];
                said.extend(desk.map(|desk| catalogue.say(language, Phrase::Telephone, &[("phone", desk.phone.compact().into())])));
                sms::gsm7::fold(&said.join("\n"))
            })
        })
    }
}

impl TurnService {
    /// Takes one turn. `say` puts an answer into the words of the channel: its bytes are kept, and given again to
    /// whoever delivers the message twice.
    pub async fn take(&self, request: &Request, say: impl Fn(ToRender<'_>) -> Rendered) -> Result<Taken, StoreError> {
        let begun = Instant::now();
        let taken = async {
            match self.take_once(request, say).await {
                // Nothing more can be kept, but what was said before can still be said again.
                Err(failed) if failed.is_retryable() => {
                    let before = self.store.answered(request.channel.name(), &request.carrier_id).await?;
                    before.map(|bytes| (bytes, Outcome::Again)).ok_or(failed)
                }
                taken => taken,
            }
        };
        let taken = tokio::time::timeout(self.store.patience(), taken).await.unwrap_or(Err(StoreError::Silent));
        counters::turn(request.channel.name(), taken.as_ref().map_or(Outcome::Failed, |(_, outcome)| *outcome).name(), begun.elapsed());
        taken.map(|(bytes, _)| Taken { bytes })
    }

    /// Takes one turn by text message. `envelope` wraps a text, or silence, into the bytes that the carrier is given.
    pub async fn take_text(&self, request: &Request, envelope: impl Fn(Option<&str>) -> String) -> Result<Taken, StoreError> {
        let now = self.clock.now();
        let say = |say: ToRender<'_>| match say {
            ToRender::Answer(answer) => {
                let sms = self.sms(answer, now);
                Rendered::in_band(envelope(Some(&sms.text)), sms.segments.len())
            }
            ToRender::Notice(text) => Rendered::in_band(envelope(Some(text)), 1),
            ToRender::NotSent | ToRender::Nothing => Rendered::in_band(envelope(None), 0),
        };
        self.take(request, say).await
    }

    /// The answer's bytes, and what became of the turn.
    async fn take_once(&self, request: &Request, say: impl Fn(ToRender<'_>) -> Rendered) -> Result<(String, Outcome), StoreError> {
        let sender = request.sender.as_deref().unwrap_or_default();
        // A call is answered whoever calls: they pay for it.
        if request.class == BudgetClass::Texts && !self.limits.answers(sender) {
            return Ok((self.ignore(request, say(ToRender::Nothing).bytes).await?, Outcome::Ignored));
        }
        match self.try_once(request, &say, true).await? {
            Some(taken) => Ok(taken),
            // Nobody more can be called back today: who answers now, instead of a promise.
            None => self.try_once(request, &say, false).await?.ok_or(StoreError::Overloaded),
        }
    }

    /// The same; nothing where it would have promised a call for which there is no room, which is asked for only with
    /// `promises`.
    async fn try_once(&self, request: &Request, say: &impl Fn(ToRender<'_>) -> Rendered, promises: bool) -> Result<Option<(String, Outcome)>, StoreError> {
        let PreparedTurn { understood, answer, mut turn, beside, is_newcomer } = self.prepare(request, promises).await?;
        let Rendered { bytes, units, deliveries } = say(ToRender::Answer(&answer));
        turn.answer.clone_from(&bytes);
        turn.deliveries = deliveries;
        let is_text = beside.is_some() || request.class == BudgetClass::Texts;
        let (charge, units) = if let Some((delivery, segments)) = beside {
            turn.deliveries.push(delivery);
            (self.charge(request, BudgetClass::Texts, segments, turn.message.received, None, say(ToRender::NotSent).bytes), segments)
        } else {
            let (charge, notices) = self.charge_answer(request, &understood, &answer, &turn, units, say);
            turn.notices = notices;
            (charge, units)
        };
        turn.charge = Some(charge);
        for delivery in turn.deliveries.iter_mut().chain(&mut turn.notices) {
            delivery.is_urgent = is_danger(&answer);
            delivery.leaves_no_trace |= answer.leaves_no_trace;
            // Whoever asks about something grave never waits behind others, however new they are.
            delivery.is_newcomer = is_newcomer && !answer.leaves_no_trace;
        }
        let committed = self.outbox.commit(turn).await?;
        Ok(Some(match committed {
            Committed::New => {
                tracing::info!(
                    channel = request.channel.name(),
                    intent = understood.intent.name(),
                    language = understood.language.code(),
                    units,
                    records = answer.records().len(),
                    "turn.answered"
                );
                if is_text {
                    counters::segments(request.channel.name(), units);
                }
                (bytes, Outcome::Answered)
            }
            Committed::Limited { instead, why } => {
                counters::limited(why);
                if is_danger(&answer) && instead == say(ToRender::Nothing).bytes {
                    tracing::error!(
                        why,
                        "danger.not_answered: the budget for danger is spent. Look at limits.danger_hour and limits.danger_day, and who writes"
                    );
                } else {
                    tracing::warn!(channel = request.channel.name(), why, "turn.limited");
                }
                (instead, Outcome::Limited)
            }
            Committed::Before(before) => (before, Outcome::Again),
            Committed::Full => return Ok(None),
        }))
    }

    /// What an answer costs, and what is sent instead where a budget ends with it. Whoever is in danger is answered from
    /// budgets of their own, also while sending is stopped; a call that was paid for goes on.
    fn charge_answer(
        &self,
        request: &Request,
        understood: &Understanding,
        answer: &Answer,
        turn: &KeptTurn,
        units: usize,
        say: &impl Fn(ToRender<'_>) -> Rendered,
    ) -> (Charge, Vec<Delivery>) {
        let silence = say(ToRender::Nothing).bytes;
        let class = match request.class {
            BudgetClass::Texts | BudgetClass::Chats if is_danger(answer) => BudgetClass::Danger,
            BudgetClass::Calls | BudgetClass::Minutes if is_danger(answer) => BudgetClass::Nothing,
            class => class,
        };
        let notice = match class {
            // A list of places that help may be too long for what is left; the numbers to call are not.
            BudgetClass::Danger if units > 1 => Some(say(ToRender::Answer(&only_numbers(answer)))),
            BudgetClass::Danger | BudgetClass::Calls | BudgetClass::Missed | BudgetClass::Minutes | BudgetClass::Nothing => None,
            // The last segment of a budget says that STOP was heard, not that there are no more.
            BudgetClass::Texts | BudgetClass::Chats if matches!(turn.request, Some(SideRequest::OptOut(_))) => {
                Some(Rendered { bytes: turn.answer.clone(), units, deliveries: turn.deliveries.clone() })
            }
            BudgetClass::Texts | BudgetClass::Chats => Some(say(ToRender::Notice(self.notice.say(answer.language, &self.catalogue, self.desk.as_ref())))),
        };
        let (notice, notices) = notice.map(|notice| (notice.bytes, notice.deliveries)).unzip();
        let mut charge = self.charge(request, class, units, turn.message.received, notice, silence);
        charge.budgets.splice(0..0, self.same_words(request, class, &understood.intent, turn.message.received));
        (charge, notices.unwrap_or_default())
    }

    fn charge(&self, request: &Request, class: BudgetClass, units: usize, now: DateTime<Utc>, notice: Option<String>, silence: String) -> Charge {
        let (hasher, sender) = (self.keys.hasher(now), request.sender.as_deref().unwrap_or_default());
        Charge { notice, silence, ..self.limits.charge(class, units, sender, now, |text| hasher.key(text)) }
    }

    /// A machine that answers us says the same again and again. Words that we asked for are no such sign: keys, digits,
    /// what stands on every page.
    fn same_words(&self, request: &Request, class: BudgetClass, intent: &Intent, now: DateTime<Utc>) -> Option<Budget> {
        let is_free = matches!(intent, Intent::Search(_) | Intent::Offer(_) | Intent::Request(_) | Intent::Unclear(_));
        let Input::Text(text) = &request.input else { return None };
        if class != BudgetClass::Texts || !is_free || text.chars().all(|sign| !sign.is_alphabetic()) {
            return None;
        }
        let hasher = self.keys.hasher(now);
        Some(self.limits.same_words(request.sender.as_deref()?, text, now, |text| hasher.key(text)))
    }

    /// Takes one turn and gives back all that was understood and said; for `ask`.
    pub async fn explain(&self, request: &Request) -> Result<Reply, StoreError> {
        let mut promises = true;
        loop {
            let PreparedTurn { understood, answer, mut turn, .. } = self.prepare(request, promises).await?;
            let sms = self.sms(&answer, turn.message.received);
            turn.answer.clone_from(&sms.text);
            let mut reply = Reply { understood, answer, sms };
            match self.outbox.commit(turn).await? {
                Committed::Limited { instead, .. } => reply.sms = Sms::of(instead),
                Committed::Full if promises => {
                    promises = false;
                    continue;
                }
                Committed::New | Committed::Before(_) | Committed::Full => {}
            }
            return Ok(reply);
        }
    }

    /// Why a text by itself is understood as it is; for `ask`.
    pub fn because(&self, text: &str, understood: &Understanding) -> Vec<Reason> {
        let today = self.clock.now().with_timezone(&self.zone).date_naive();
        intent::because(text, understood.intent.wanted(), &Session::default(), &self.vocabulary, today)
    }

    /// An answer as a text message.
    pub fn sms(&self, answer: &Answer, now: DateTime<Utc>) -> Sms {
        let today = now.with_timezone(&self.zone).date_naive();
        sms::render(answer, &Words { catalogue: &self.catalogue, language: answer.language, today }, &self.vocabulary)
    }

    /// Keeps that a machine, or a country that is not answered, wrote: its number is not.
    async fn ignore(&self, request: &Request, silence: String) -> Result<String, StoreError> {
        let message = CarrierMessage { channel: request.channel.name(), carrier_id: request.carrier_id.clone(), received: self.clock.now() };
        let ignored = JournalEntry::Ignored { message, silence: silence.clone() };
        tracing::warn!(channel = request.channel.name(), "turn.ignored");
        Ok(match self.outbox.commit(ignored).await? {
            Committed::Before(before) => before,
            Committed::New | Committed::Limited { .. } | Committed::Full => silence,
        })
    }

    /// A call of ours did not reach them: puts them into the queue of those whom a person calls, where a person does and
    /// they want calls. Twice in vain, and they are left in peace until they call.
    pub async fn leave_to_a_person(&self, channel: Channel, number: &str, carrier_id: String) -> Result<(), StoreError> {
        let (person, now) = (self.keys.person(number), self.clock.now());
        if self.limits.callable(number).is_none() || self.store.has_stopped(&person).await? {
            return Ok(());
        }
        let hasher = self.keys.hasher(now);
        let language = Language::default().code().to_owned();
        let sealed = self.calls_back.then(|| self.keys.seal_number(&person, number).ok()).flatten();
        let wanted = sealed.map(|number| CallBack { number, language, theme: None, postal_code: None, hour: None, recording: None });
        let counted = Charge {
            segments: 1,
            budgets: vec![self.limits.in_vain(number, now, |text| hasher.key(text))],
            notice: None,
            silence: String::new(),
            is_urgent: true,
        };
        let room = self.limits.room(Asks::Number(number), now, |text| hasher.key(text));
        let mut left = LeftToPerson {
            message: CarrierMessage { channel: channel.name(), carrier_id, received: now },
            charge: counted,
            request: wanted.map(|call_back| CallBackRequest { person, call_back, room }),
        };
        // Where the queue is full it was promised to nobody; that the call was in vain is counted all the same.
        if self.outbox.commit(left.clone()).await? == Committed::Full {
            left.request = None;
            self.outbox.commit(left).await?;
        }
        Ok(())
    }

    /// Forgets the conversation under that name: a call that is over, somebody who blocks us.
    pub async fn forget_conversation(&self, channel: Channel, memory: &str, carrier_id: String) -> Result<(), StoreError> {
        let received = self.clock.now();
        let sender = self.keys.hasher(received).hash(memory);
        let forgotten = JournalEntry::Forgotten { message: CarrierMessage { channel: channel.name(), carrier_id, received }, sender };
        self.outbox.commit(forgotten).await.map(drop)
    }

    /// The entry that bears the name which was typed, where that name also asks for something else.
    async fn called(&self, input: &Input, understood: &Understanding, setting: &Setting<'_>, view: View) -> Result<Option<(Understanding, Found)>, StoreError> {
        let Some(wanted) = intent::possible_name(input, understood) else { return Ok(None) };
        let found = find(&self.store, self.vocabulary.territory(), &dialogue::by_name(&wanted, setting), view).await?;
        let is_called = dialogue::bears_name(&found, &wanted, understood);
        Ok(is_called.then_some((Understanding { intent: Intent::Search(wanted), ..*understood }, found)))
    }

    async fn prepare(&self, request: &Request, promises: bool) -> Result<PreparedTurn, StoreError> {
        let received = self.clock.now();
        let now = received.with_timezone(&self.zone);
        let memory = request.memory().map(|memory| self.keys.hasher(received).hash(memory));
        let (mut session, edition) = self.store.conversation(request.channel.name(), memory.as_ref(), received).await?;
        let is_newcomer = session == Session::default();
        session.language = session.language.or(request.language);
        let right = self.called_right(&request.input, request.sender.as_deref()).await?;
        let understood = intent::read(&request.input, &session, &self.vocabulary, now);
        // A call is promised only where the number to call is sealed already.
        let person = self.person(request);
        let asks_for_call = understood.intent == Intent::Human || session.step == Step::CallHour;
        let number = person.filter(|_| promises && self.calls_back && asks_for_call).and_then(|person| self.number(&person, request));
        let setting = Setting {
            vocabulary: &self.vocabulary,
            now,
            desk: self.desk.as_ref(),
            calls_back: number.is_some(),
            home: self.home.as_ref(),
            manner: request.manner,
        };
        let view = View { edition: Some(edition), scope: Scope::Sms, now, helps: false };
        let called = self.called(&request.input, &understood, &setting, view).await?;
        let (understood, found) = if let Some(called) = called {
            called
        } else {
            let found = find(&self.store, self.vocabulary.territory(), &dialogue::lookup(&understood, &session, &setting), view).await?;
            (understood, found)
        };
        let mut beside = None;
        let mut keeping = request.manner.keeping;
        if understood.intent == Intent::Keep && !found.hits.is_empty() && !found.hits.iter().any(|hit| hit.brief.is_sensitive()) {
            match keeping {
                Keeping::Text => {
                    beside = self.keepsake(request, person, &session, &found, &setting, understood.language);
                    // What cannot be sent is not said to be.
                    if beside.is_none() {
                        keeping = Keeping::Number(self.ticket(&session, understood.language, received).await?);
                    }
                }
                Keeping::Number(None) => keeping = Keeping::Number(self.ticket(&session, understood.language, received).await?),
                Keeping::Number(Some(_)) | Keeping::Not => {}
            }
        }
        let setting = Setting { manner: Manner { keeping, ..request.manner }, ..setting };
        let (answer, session) = dialogue::answer(&understood, &found, session, &setting);
        let mut turn = turn(request, memory, received, &understood, &answer, session);
        turn.notes.extend(right);
        let recording = person.and_then(|person| self.keys.seal_recording(&person, request.recording.as_deref()?).ok());
        turn.request = person.and_then(|person| side_request(person, &understood.intent, &answer, number, recording));
        if let Some(SideRequest::CallBack(call)) = &mut turn.request {
            let hasher = self.keys.hasher(received);
            let asks = request.sender.as_deref().filter(|_| !request.is_chat()).map_or(Asks::Chat, Asks::Number);
            call.room = self.limits.room(asks, received, |text| hasher.key(text));
        }
        Ok(PreparedTurn { understood, answer, turn, beside, is_newcomer })
    }

    /// What is shown, as a text message to the number from which somebody calls.
    fn keepsake(
        &self,
        request: &Request,
        person: Option<Person>,
        session: &Session,
        found: &Found,
        setting: &Setting<'_>,
        language: Language,
    ) -> Option<(Delivery, usize)> {
        let again = Understanding { intent: Intent::Back { again: true }, language };
        let plain = Setting { manner: Manner::default(), ..*setting };
        let (mut answer, _) = dialogue::answer(&again, found, session.clone(), &plain);
        answer.choices.clear();
        let now = setting.now.to_utc();
        let sms = self.sms(&answer, now);
        let person = person?;
        let recipient = self.recipient(&person, request.sender.as_deref()?)?;
        // Whose call it was is not to be found by the message that came of it: they may have said more in it.
        let delivery = Delivery { leaves_no_trace: true, ..Delivery::new(Way::Sms, person, recipient, sms.text, now, ANSWERS_LAST) };
        Some((delivery, sms.segments.len()))
    }

    /// A number for what is shown; `None` where there is none to give.
    async fn ticket(&self, session: &Session, language: Language, now: DateTime<Utc>) -> Result<Option<Ticket>, StoreError> {
        let languages = language.code().to_owned();
        let slip = Ticketed { codes: dialogue::shown(session), languages, style: Style::default().name().to_owned() };
        take_away::number(&self.store, &slip, now).await
    }

    /// Who asks, where it is somebody who can be reached again.
    fn person(&self, request: &Request) -> Option<Person> {
        let sender = request.sender.as_deref().filter(|sender| request.is_chat() || self.limits.answers(sender))?;
        Some(self.keys.person(sender))
    }

    /// A number or chat, sealed for what is sent to it.
    pub fn recipient(&self, person: &Person, number: &str) -> Option<Sealed> {
        self.keys.seal_recipient(person, number).inspect_err(|error| tracing::error!(%error, "delivery.not_sealed")).ok()
    }

    /// The asker's number or chat, sealed, where somebody may call or answer there.
    fn number(&self, person: &Person, request: &Request) -> Option<Sealed> {
        let sender = request.sender.as_deref().filter(|sender| request.is_chat() || self.limits.callable(sender).is_some())?;
        let sealed = self.keys.seal_number(person, sender);
        sealed.inspect_err(|error| tracing::error!(%error, "call_back.not_sealed")).ok()
    }
}

/// True for an answer that says whom to call in an emergency: to whoever is in danger, and to whoever looks for those who
/// help against violence.
pub(crate) fn is_danger(answer: &Answer) -> bool {
    answer.blocks.iter().any(|block| matches!(block, Block::Say(Sentence::Danger) | Block::Emergency(_)))
}

/// What is in it of numbers to call in an emergency, and no more.
fn only_numbers(answer: &Answer) -> Answer {
    let numbers = answer.blocks.iter().filter(|block| matches!(block, Block::Emergency(_))).cloned();
    let blocks = std::iter::once(Block::Say(Sentence::Danger)).chain(numbers).collect();
    Answer { blocks, choices: Vec::new(), hand_over: None, ..answer.clone() }
}

/// What the asker wants beside the answer.
fn side_request(person: Person, intent: &Intent, answer: &Answer, number: Option<Sealed>, recording: Option<Sealed>) -> Option<SideRequest> {
    match (intent, &answer.hand_over) {
        (Intent::Stop, _) => Some(SideRequest::OptOut(person)),
        (Intent::Start, _) => Some(SideRequest::OptIn(person)),
        (_, Some(HandOver { theme, postal_code, hour })) => {
            let call_back = CallBack {
                number: number?,
                language: answer.language.code().to_owned(),
                theme: *theme,
                postal_code: postal_code.clone(),
                hour: *hour,
                recording,
            };
            Some(SideRequest::CallBack(CallBackRequest { person, call_back, room: Vec::new() }))
        }
        _ => None,
    }
}

/// What came of a question, for the figures; nothing where nobody asked one.
fn outcome(intent: &Intent, answer: &Answer) -> Option<&'static str> {
    if answer.notes.iter().any(|note| matches!(note, Note::Unmet { .. })) {
        return Some("nothing");
    }
    if !answer.records().is_empty() {
        return Some("shown");
    }
    match intent {
        Intent::Human | Intent::Danger(_) | Intent::Offer(_) | Intent::Request(_) => Some("person"),
        Intent::Unclear(_) | Intent::Unreadable => Some("unclear"),
        _ => None,
    }
}

/// What a turn comes to before it is put into words.
struct PreparedTurn {
    understood: Understanding,
    answer: Answer,
    turn: KeptTurn,
    /// A text message that goes out beside the answer, and its segments.
    beside: Option<(Delivery, usize)>,
    /// Their conversation begins with this turn.
    is_newcomer: bool,
}

/// What is kept of a turn: nothing that says who asked what where it must leave no trace. A call's memory is under its
/// own name, which is nobody's: it is kept, but not what was said.
fn turn(request: &Request, memory: Option<SenderHash>, received: DateTime<Utc>, understood: &Understanding, answer: &Answer, session: Session) -> KeptTurn {
    let keeps = !answer.leaves_no_trace;
    let remembers = keeps || request.manner.is_call;
    let text = match &request.input {
        Input::Text(text) | Input::Digits(text) => Some(text.clone()),
        Input::Choice(key) => Some(key.to_string()),
        Input::Place(_) | Input::Unreadable | Input::Silence | Input::Start | Input::Door(..) => None,
    };
    let message = CarrierMessage { channel: request.channel.name(), carrier_id: request.carrier_id.clone(), received };
    KeptTurn {
        memory: match memory {
            None => ConversationMemory::Nobody,
            Some(sender) if remembers => ConversationMemory::Kept { sender, session, until: directory::session::forgotten_at(received) },
            Some(sender) => ConversationMemory::Forgotten(sender),
        },
        text: text.filter(|_| keeps),
        intent: Some(understood.intent.name()).filter(|_| keeps),
        counted: outcome(&understood.intent, answer).map(|outcome| CountedOutcome { outcome, language: answer.language }),
        notes: answer.notes.clone(),
        ..KeptTurn::bare(message, String::new())
    }
}
