//! Says an intent's answer: block by block, with the keys that do something next and what is
//! remembered of it.

use super::{Found, Hit, Keeping, PAGE, REQUESTED, Setting, card, chosen, here, listing, names_one_thing, refuge, shown};
use crate::answer::{Action, Answer, BestHour, Block, Choice, Coming, HandOver, Note, Sentence, Title};
use crate::code::Typed;
use crate::danger::DangerKind;
use crate::emergency::{self, EmergencyNumber, Serves, Whereabouts};
use crate::intent::Intent;
use crate::language::Language;
use crate::locality::Locality;
use crate::name;
use crate::need::Need;
use crate::query::Wanted;
use crate::record::Kind;
use crate::session::{Listing, MOST_LISTED, Offered, Session, Step};
use crate::theme::Theme;
use crate::ticket::Ticket;
use crate::vocabulary::Vocabulary;

/// Above addresses stand so many numbers of everybody, and one for this danger.
const GENERAL_BESIDE: usize = 2;

/// One answer in the making.
pub(super) struct Turn<'a> {
    setting: &'a Setting<'a>,
    found: &'a Found,
    language: Language,
    session: Session,
    blocks: Vec<Block>,
    choices: Vec<Choice>,
    notes: Vec<Note>,
    hand_over: Option<HandOver>,
    /// Nothing of this turn may stay with the sender: no session, hence no digits to choose by.
    leaves_no_trace: bool,
}

impl<'a> Turn<'a> {
    pub(super) fn new(setting: &'a Setting<'a>, found: &'a Found, language: Language, mut session: Session) -> Self {
        session.language = Some(language);
        Self { setting, found, language, session, blocks: Vec::new(), choices: Vec::new(), notes: Vec::new(), hand_over: None, leaves_no_trace: false }
    }

    pub(super) fn finish(self) -> (Answer, Session) {
        let Self { language, blocks, choices, notes, hand_over, leaves_no_trace, .. } = self;
        let session = match (leaves_no_trace, self.setting.manner.is_call) {
            (true, false) => Session { language: Some(language), ..Session::default() },
            // What a call needs to go on, without the words that were said.
            (true, true) => Session {
                listing: self.session.listing.map(|listing| Listing {
                    wanted: Wanted { words: Vec::new(), said: Vec::new(), needs: Vec::new(), ..listing.wanted },
                    by_word: Vec::new(),
                    ..listing
                }),
                pending: self.session.pending.map(|pending| Wanted { words: Vec::new(), said: Vec::new(), needs: Vec::new(), ..pending }),
                ..self.session
            },
            (false, _) => self.session,
        };
        (Answer { language, blocks, choices, notes, leaves_no_trace, hand_over, demo: false }, session)
    }
}

/// True where something is asked for, and it may be danger.
fn may_be_danger(intent: &Intent) -> bool {
    !matches!(intent, Intent::Danger(_)) && intent.wanted().is_some_and(|wanted| wanted.danger.is_some())
}

impl Turn<'_> {
    pub(super) fn take(&mut self, intent: &Intent) {
        if !matches!(intent, Intent::Pick(_) | Intent::More | Intent::Back { .. } | Intent::Keep | Intent::Human | Intent::Report | Intent::Detail) {
            // One comes back to the needs of a door from what they led to alone.
            self.session.offered = None;
        }
        self.session.asks_silence |= intent.wanted().is_some_and(|wanted| wanted.asks_silence);
        if may_be_danger(intent) {
            self.say(Sentence::EmergencyFirst);
        }
        match intent {
            Intent::Search(wanted) => self.search(wanted),
            Intent::Request(wanted) => self.request(wanted),
            Intent::Offer(_) => self.say_with_person(Sentence::OfferByPerson(self.setting.desk.cloned())),
            Intent::Unclear(wanted) => self.unclear(wanted),
            Intent::Unreadable => self.say_with_person(Sentence::Readable),
            Intent::Pick(number) => self.pick(*number),
            Intent::More => self.more(),
            Intent::Back { again } => self.back(*again),
            Intent::Code(typed) => self.code(*typed),
            Intent::Ticket(digits) => self.ticket(Ticket::parse(digits)),
            Intent::Human => self.person(),
            Intent::Report => self.report(),
            Intent::Detail => self.detail(),
            Intent::Nearer(wanted) => self.nearer(wanted),
            Intent::Keep => self.keep(),
            Intent::Language(None) => self.languages(),
            Intent::Language(Some(language)) => self.language(*language),
            Intent::Help => self.say_with_person(Sentence::Help),
            Intent::Stop => {
                self.session = Session { language: Some(self.language), ..Session::default() };
                self.say(Sentence::Stopped);
            }
            Intent::Start => {
                self.say(Sentence::Started);
                self.say_with_person(Sentence::Help);
            }
            Intent::Danger(wanted) => self.danger(wanted),
            Intent::Thanks => {
                self.session = Session { language: Some(self.language), place: self.session.place.take(), ..Session::default() };
                self.say(Sentence::Thanks);
            }
        }
    }

    fn say(&mut self, sentence: Sentence) {
        self.blocks.push(Block::Say(sentence));
    }

    fn say_with_person(&mut self, sentence: Sentence) {
        self.say(sentence);
        self.offer_key('0', Action::Person);
    }

    fn offer_key(&mut self, key: char, action: Action) {
        self.choices.push(Choice { key, action });
    }

    /// True where nothing of this turn is remembered: there is nothing to choose from by digits then.
    fn forgets(&self) -> bool {
        self.leaves_no_trace && !self.setting.manner.is_call
    }

    /// Each language by a digit, in the order in which all channels show them.
    fn languages(&mut self) {
        self.say(Sentence::WhichLanguage);
        for key in ('1'..).take(Language::ALL.len()) {
            self.offer_key(key, Action::Pick);
        }
        self.offer_key('0', Action::Person);
        self.session.step = Step::Languages;
        self.session.listing = None;
    }

    fn language(&mut self, language: Language) {
        self.language = language;
        self.session.language = Some(language);
        self.say(Sentence::LanguageSet);
        self.doors(1);
    }

    /// What is shown, to be taken away; before a page of doors, a slip that somebody took is asked for.
    fn keep(&mut self) {
        if self.setting.manner.keeping == Keeping::Not {
            return self.say_with_person(Sentence::NothingToPick);
        }
        if shown(&self.session).is_empty() {
            self.session.step = Step::Ticket;
            return self.say_with_person(Sentence::WhichTicket);
        }
        let sensitive = self.found.hits.is_empty() || self.found.hits.iter().any(|hit| hit.brief.is_sensitive());
        self.leaves_no_trace |= sensitive;
        self.say(match self.setting.manner.keeping {
            // A number can be guessed, a phone read by somebody else.
            _ if sensitive => Sentence::NotKept,
            Keeping::Text => Sentence::Texted,
            Keeping::Number(Some(ticket)) => Sentence::TicketIs(ticket),
            Keeping::Number(None) | Keeping::Not => Sentence::NotKept,
        });
        self.offer_key('*', Action::Back);
        self.offer_key('0', Action::Person);
    }

    fn search(&mut self, wanted: &Wanted) {
        self.search_among(wanted, &self.found.hits);
    }

    fn search_among(&mut self, wanted: &Wanted, hits: &[Hit]) {
        self.leaves_no_trace |= is_sensitive(wanted);
        // A house for battered women is an answer; the emergency numbers come before it.
        let is_about_safety = wanted.themes.first() == Some(&Theme::Safety);
        if is_about_safety && (hits.is_empty() || self.place_of(wanted).is_none()) {
            return self.danger(wanted);
        }
        if self.place_of(wanted).is_none() && !hits.is_empty() {
            // It was called by its name: where it is stands on its line.
            self.session.pending = None;
            return self.list(wanted.clone(), hits);
        }
        let Some(place) = self.place_of(wanted) else {
            self.session.pending = Some(Wanted { said: Vec::new(), ..wanted.clone() });
            self.session.step = Step::Nothing;
            return self.say_with_person(if self.forgets() { Sentence::WhereAgain } else { Sentence::Where(wanted.clone()) });
        };
        self.session.place = Some(place.clone());
        self.session.pending = None;
        if is_about_safety {
            let numbers = self.emergency_numbers(Whereabouts::from(&place), wanted);
            let (general, lines): (Vec<_>, Vec<_>) = numbers.into_iter().partition(EmergencyNumber::is_general);
            let beside = general.into_iter().take(GENERAL_BESIDE).chain(lines.into_iter().take(1));
            self.blocks.push(Block::Emergency(beside.collect()));
        }
        let wanted = Wanted { locality: Some(place), ..wanted.clone() };
        if !self.found.needs.is_empty() {
            return self.offer_needs(Offered { wanted, needs: self.found.needs.clone() });
        }
        self.list(wanted, hits);
        if is_about_safety {
            self.say(Sentence::EraseThis);
        }
    }

    fn place_of(&self, wanted: &Wanted) -> Option<Locality> {
        wanted.locality.clone().or_else(|| self.session.place.clone()).or_else(|| self.setting.assumed().cloned())
    }

    fn request(&mut self, wanted: &Wanted) {
        if self.place_of(wanted).is_none() {
            return self.search(&Wanted { kinds: REQUESTED.to_vec(), ..wanted.clone() });
        }
        // "Who lends a ladder?" is answered by a ladder, or by a person: not by a dog-sitter.
        let answers = |hit: &&Hit| hit.by_word || wanted.needs.iter().any(|need| hit.brief.needs.contains(need));
        let fitting: Vec<Hit> = self.found.hits.iter().filter(answers).cloned().collect();
        if fitting.is_empty() {
            self.notes.push(unmet(wanted, self.place_of(wanted).as_ref()));
            return self.say_with_person(Sentence::RequestByPerson(self.setting.desk.cloned()));
        }
        self.search_among(wanted, &fitting);
    }

    fn unclear(&mut self, wanted: &Wanted) {
        if !self.found.hits.is_empty() {
            return self.search(wanted);
        }
        if !wanted.needs.is_empty() {
            return self.ask_which(wanted);
        }
        if let Some(place) = &wanted.locality {
            self.session.place = Some(place.clone());
            self.say(Sentence::What(place_name(place, self.setting.vocabulary, self.language)));
        } else {
            self.say(Sentence::Unclear);
        }
        self.doors(1);
    }

    fn doors(&mut self, page: u8) {
        let doors = self.setting.vocabulary.doors().iter().filter(|door| door.page == page);
        let labels: Vec<(u8, String)> = doors.map(|door| (door.key, door.label.best(self.language).unwrap_or(&door.id).to_owned())).collect();
        for (key, _) in &labels {
            self.offer_key(char::from(b'0' + key), Action::Pick);
        }
        self.blocks.push(Block::Doors(labels));
        if page == 1 {
            self.offer_key('8', Action::More);
        }
        self.offer_keep();
        self.offer_key('0', Action::Person);
        self.session.step = Step::Doors(page);
        self.session.listing = None;
        self.session.offered = None;
    }

    /// What the many entries behind a door are there for, and the way to all of them.
    fn offer_needs(&mut self, offered: Offered) {
        let listing = Listing { wanted: offered.wanted.clone(), ..Listing::default() };
        self.blocks.push(Block::Title(title(&listing, &[], self.setting, self.language)));
        self.offer(offered);
    }

    /// The needs that a message that was hardly understood may ask for.
    fn ask_which(&mut self, wanted: &Wanted) {
        self.session.place = wanted.locality.clone().or_else(|| self.session.place.clone());
        self.say(Sentence::WhichNeed);
        let themes = wanted.needs.iter().map(|need| need.theme()).collect();
        self.offer(Offered { wanted: Wanted { themes, needs: Vec::new(), said: Vec::new(), ..wanted.clone() }, needs: wanted.needs.clone() });
    }

    fn offer(&mut self, offered: Offered) {
        let needs: Vec<(u8, Need)> = (1..).zip(offered.needs.iter().copied()).collect();
        for (key, _) in &needs {
            self.offer_key(char::from(b'0' + key), Action::Pick);
        }
        self.blocks.push(Block::Needs(needs));
        self.offer_key('8', Action::Everything);
        self.offer_key('0', Action::Person);
        self.session.step = Step::Needs;
        self.session.listing = None;
        self.session.offered = Some(offered);
    }

    fn offer_keep(&mut self) {
        if self.setting.manner.keeping != Keeping::Not {
            self.offer_key('7', Action::Keep);
        }
    }

    fn pick(&mut self, number: u8) {
        match self.session.step {
            Step::Languages => match Language::ALL.get(usize::from(number).wrapping_sub(1)) {
                Some(language) => self.language(*language),
                None => self.say_with_person(Sentence::NoSuchChoice(number)),
            },
            Step::Doors(page) => match self.setting.vocabulary.door(page, number) {
                Some(wanted) if wanted.themes.contains(&Theme::Safety) => self.danger(&wanted),
                Some(wanted) => self.search(&wanted),
                None => self.say_with_person(Sentence::NoSuchChoice(number)),
            },
            Step::Needs => match chosen(&self.session, number) {
                Some(wanted) => self.search(&wanted),
                None => self.say_with_person(Sentence::NoSuchChoice(number)),
            },
            Step::CallHour => self.call_hour(number),
            Step::Listing | Step::Card(_) => self.show_card_or(Sentence::NoSuchChoice(number)),
            _ => self.say_with_person(Sentence::NothingToPick),
        }
    }

    fn more(&mut self) {
        if let Step::Doors(page) = self.session.step {
            return self.doors(if page == 1 { 2 } else { 1 });
        }
        if let (Step::Needs, Some(offered)) = (self.session.step, &self.session.offered) {
            return self.list(offered.wanted.clone(), &self.found.hits);
        }
        let Some(mut listing) = self.session.listing.take() else { return self.say_with_person(Sentence::NothingToPick) };
        if listing.next_page().is_some() {
            listing.first += PAGE;
            return self.show_page(listing, &self.found.hits);
        }
        self.session.listing = Some(listing);
        self.say_with_person(Sentence::NoMore);
    }

    fn back(&mut self, again: bool) {
        match (self.session.step, self.session.listing.take()) {
            (Step::Card(code), Some(listing)) if again && !self.found.hits.is_empty() => {
                self.session.listing = Some(listing);
                self.show_card_or(Sentence::NoSuchCode(code));
            }
            // From a list back to the doors, or to the needs of the door that it is behind; from an entry back to its list.
            (Step::Listing, _) if !again => match self.session.offered.take() {
                Some(offered) => self.offer_needs(offered),
                None => self.doors(1),
            },
            (Step::Needs, _) if again => {
                let offered = self.session.offered.take().unwrap_or_default();
                self.offer_needs(offered);
            }
            (Step::Listing | Step::Card(_), Some(listing)) if !self.found.hits.is_empty() => self.show_page(listing, &self.found.hits),
            (Step::Doors(page), _) if again => self.doors(page),
            (Step::Languages, _) => self.languages(),
            (Step::Ticket, _) if again => self.say_with_person(Sentence::WhichTicket),
            (Step::CallHour, listing) if again => {
                self.session.listing = listing;
                self.person();
            }
            (Step::Danger, _) if again => self.danger(&Wanted { themes: vec![Theme::Safety], ..Wanted::default() }),
            (Step::Empty, Some(listing)) if again => {
                // It was counted the first time.
                self.nothing_found(listing);
                self.notes.clear();
            }
            _ if again && self.session.pending.is_some() => match (here(&self.session, self.setting), self.session.pending.take()) {
                (Some(wanted), _) => self.search(&wanted),
                (None, pending) => self.search(&pending.unwrap_or_default()),
            },
            _ => {
                self.session.pending = None;
                self.doors(1);
            }
        }
    }

    fn code(&mut self, typed: Typed) {
        match typed {
            Typed::Misread => self.say_with_person(Sentence::MisreadCode),
            Typed::Right(code) => self.show_card_or(Sentence::NoSuchCode(code)),
        }
    }

    /// The records of a slip, as far as they are still there.
    fn ticket(&mut self, ticket: Option<Ticket>) {
        let Some(ticket) = ticket else { return self.say_with_person(Sentence::MisreadTicket) };
        if self.found.hits.is_empty() {
            return self.say_with_person(Sentence::NoSuchTicket);
        }
        // What was listed before has nothing to do with it.
        self.session.listing = None;
        if self.found.record.is_some() {
            return self.show_card_or(Sentence::NoSuchTicket);
        }
        let codes = self.found.hits.iter().map(|hit| hit.brief.code).collect();
        self.show_page(Listing { codes, ticket: Some(ticket), ..Listing::default() }, &self.found.hits);
    }

    fn person(&mut self) {
        let desk = self.setting.desk.cloned();
        if !self.setting.calls_back || self.session.asks_silence {
            return self.say(Sentence::Person(desk));
        }
        self.say(Sentence::CallBack(desk));
        if !self.setting.manner.replies_here {
            self.say(Sentence::WhenCall);
            for key in ('1'..).take(BestHour::ALL.len()) {
                self.offer_key(key, Action::Pick);
            }
            self.session.step = Step::CallHour;
        }
        self.hand_over = Some(self.to_pass_on(None));
    }

    /// The hour at which they are called back, where that is still to be had.
    fn call_hour(&mut self, number: u8) {
        let hour = BestHour::ALL.get(usize::from(number).wrapping_sub(1)).copied();
        match hour.filter(|_| self.setting.calls_back) {
            Some(hour) => {
                self.say(Sentence::HourNoted(hour));
                self.hand_over = Some(self.to_pass_on(Some(hour)));
                self.session.step = Step::Nothing;
            }
            None => self.say_with_person(Sentence::NoSuchChoice(number)),
        }
    }

    /// What whoever calls back may know.
    fn to_pass_on(&self, hour: Option<BestHour>) -> HandOver {
        let (listing, offered) = (self.session.listing.as_ref(), self.session.offered.as_ref());
        let wanted = listing.map(|listing| &listing.wanted).or(self.session.pending.as_ref()).or(offered.map(|offered| &offered.wanted));
        match wanted {
            // Of a sensitive subject not even the place is passed on.
            Some(wanted) if wanted.themes.iter().any(|theme| theme.is_sensitive()) => HandOver { hour, ..HandOver::default() },
            wanted => {
                let place = wanted.and_then(|wanted| wanted.locality.as_ref()).or(self.session.place.as_ref());
                HandOver {
                    theme: wanted.and_then(|wanted| wanted.themes.first().copied()),
                    postal_code: place.and_then(|place| place.postal_codes.first().cloned()),
                    hour,
                }
            }
        }
    }

    fn report(&mut self) {
        match self.found.hits.first() {
            Some(hit) => {
                self.notes.push(Note::Doubt(hit.brief.code));
                self.say_with_person(Sentence::Doubted(hit.brief.name(self.language).to_owned()));
            }
            None => self.say_with_person(Sentence::DoubtWhich),
        }
    }

    /// What an entry says is on its card; of several, one must be chosen first.
    fn detail(&mut self) {
        if self.found.record.is_some() {
            return self.show_card_or(Sentence::NothingToPick);
        }
        let listed = self.session.listing.as_ref().filter(|_| self.session.step == Step::Listing).map_or(0, |listing| listing.page().len());
        if listed == 0 {
            return self.say_with_person(Sentence::NothingToPick);
        }
        self.say(Sentence::WhichOne);
        for key in ('1'..).take(listed) {
            self.offer_key(key, Action::Pick);
        }
        self.offer_key('0', Action::Person);
    }

    /// The same question, from where the asker really is: what was listed is too far from there.
    fn nearer(&mut self, wanted: &Wanted) {
        let wanted = Wanted { locality: None, guesses_place: false, ..wanted.clone() };
        self.session.place = None;
        self.session.listing = None;
        self.session.step = Step::Nothing;
        self.say_with_person(Sentence::Where(wanted.clone()));
        self.session.pending = Some(wanted);
    }

    fn danger(&mut self, wanted: &Wanted) {
        self.leaves_no_trace = true;
        let place = wanted.locality.as_ref().or(self.session.place.as_ref()).or(self.setting.home);
        let place = place.map(Whereabouts::from).unwrap_or_default();
        self.say(Sentence::Danger);
        self.blocks.push(Block::Emergency(self.emergency_numbers(place, wanted)));
        if let Some(refuge) = refuge::nearest(wanted, self.found, self.setting, self.language) {
            self.say(refuge);
        }
        // Where somebody else reads or hears, less is more.
        if let Some(desk) = self.setting.desk.filter(|_| !wanted.asks_silence) {
            self.say(Sentence::OrPlace(desk.clone()));
        }
        self.say(Sentence::EraseThis);
        self.session.step = if self.setting.manner.is_call { Step::Danger } else { Step::Nothing };
    }

    /// The numbers of everybody, then those for this kind of danger, and who listens in the asker's language. Others say
    /// nothing to somebody who sees a number without its name.
    fn emergency_numbers(&self, place: Whereabouts, wanted: &Wanted) -> Vec<EmergencyNumber> {
        let despairs = wanted.themes.contains(&Theme::Mind);
        let kind = wanted.danger.unwrap_or(if despairs { DangerKind::Suicide } else { DangerKind::ViolenceHome });
        let language = self.language.code();
        let numbers = self.setting.vocabulary.emergency().all();
        let (serves, beside) = emergency::serving(kind);
        let is_known = |serves: Serves| numbers.iter().any(|number| number.country == place.country && number.serves.contains(&serves));
        let serves = if is_known(serves) { serves } else { Serves::ViolenceHome };
        let ordered = emergency::first(numbers, place, Some(serves), language);
        let listens = |number: &EmergencyNumber| !is_for_body(kind) && number.main() == Some(Serves::Talk) && number.speaks(language);
        let is_for_this = |number: &EmergencyNumber| number.serves.contains(&serves) || beside.is_some_and(|beside| number.serves.contains(&beside));
        let fits = |number: &&EmergencyNumber| number.is_general() || is_for_this(number) || listens(number);
        ordered.into_iter().filter(fits).cloned().collect()
    }

    /// Shows the first page of a search.
    fn list(&mut self, wanted: Wanted, hits: &[Hit]) {
        let listed = hits.get(..MOST_LISTED).unwrap_or(hits);
        let codes = listed.iter().map(|hit| hit.brief.code).collect();
        let by_word = listed.iter().filter(|hit| hit.by_word).map(|hit| hit.brief.code).collect();
        let is_called = hits.first().is_some_and(|hit| name::said(&hit.brief.name, &wanted).is_some());
        self.leaves_no_trace |= is_called && hits.iter().any(|hit| hit.brief.is_sensitive());
        // The words of the whole message are not kept.
        let wanted = Wanted { said: Vec::new(), ..wanted };
        let listing = Listing { wanted, codes, by_word, first: 0, ticket: None, is_called };
        if hits.is_empty() {
            return self.nothing_found(listing);
        }
        self.show_page(listing, hits);
    }

    fn nothing_found(&mut self, listing: Listing) {
        self.notes.push(unmet(&listing.wanted, listing.wanted.locality.as_ref()));
        self.say(Sentence::NothingFound(title(&listing, &[], self.setting, self.language)));
        // A machine that has no answer hands over.
        if self.setting.desk.is_some() && !self.leaves_no_trace && !self.setting.manner.is_call {
            self.say(Sentence::Person(self.setting.desk.cloned()));
        }
        self.session.step = if self.forgets() { Step::Nothing } else { Step::Empty };
        self.session.listing = Some(listing).filter(|_| self.session.step == Step::Empty);
        self.offer_key('0', Action::Person);
    }

    fn show_page(&mut self, listing: Listing, hits: &[Hit]) {
        let shown: Vec<&Hit> = hits.iter().take(PAGE).collect();
        self.blocks.push(Block::Title(title(&listing, &shown, self.setting, self.language)));
        for (number, hit) in (1..).zip(&shown) {
            if !self.forgets() {
                self.offer_key(char::from(b'0' + number), Action::Pick);
            }
            self.blocks.push(Block::Entry(listing::entry(number, hit, &listing.wanted, self.setting, self.language)));
        }
        if self.forgets() {
            self.say(Sentence::SendCode);
        } else if listing.next_page().is_some() {
            self.offer_key('8', Action::More);
        }
        self.offer_key('0', Action::Person);
        self.session.step = Step::Listing;
        self.session.listing = Some(listing);
    }

    /// Shows the record that was asked for by itself, or says that there is none.
    fn show_card_or(&mut self, absent: Sentence) {
        let (Some(hit), Some(record)) = (self.found.hits.first(), &self.found.record) else { return self.say_with_person(absent) };
        self.leaves_no_trace |= hit.brief.is_sensitive();
        self.blocks.push(Block::Card(Box::new(card(hit, record, self.setting, self.language))));
        if self.session.listing.is_some() {
            self.offer_key('*', Action::Back);
        }
        if !hit.brief.is_sensitive() {
            self.offer_keep();
        }
        self.offer_key('0', Action::Person);
        self.session.step = Step::Card(hit.brief.code);
    }
}

/// True for what an ambulance or the fire brigade helps with: who only listens comes later.
fn is_for_body(kind: DangerKind) -> bool {
    matches!(kind, DangerKind::Fire | DangerKind::Gas | DangerKind::Medical | DangerKind::Cold)
}

/// What is counted where nothing was found.
fn unmet(wanted: &Wanted, place: Option<&Locality>) -> Note {
    Note::Unmet { theme: wanted.themes.first().copied(), postal_code: place.and_then(|place| place.postal_codes.first().cloned()) }
}

/// What a page of a listing answers.
fn title(listing: &Listing, shown: &[&Hit], setting: &Setting<'_>, language: Language) -> Title {
    let wanted = &listing.wanted;
    let by_word = !listing.by_word.is_empty();
    // Where nothing is open, nothing is called open.
    let is_open = |hit: &&Hit| matches!(listing::coming(hit, wanted, setting), Coming::OpenUntil(_));
    let place = wanted.locality.as_ref().map(|place| {
        let code = place.postal_codes.first().filter(|_| place.postal_codes.len() == 1);
        code.unwrap_or(&place.name).clone()
    });
    let title = Title {
        place,
        days: wanted.when,
        agenda: wanted.kinds.contains(&Kind::Event),
        open_now: wanted.open_now && (shown.is_empty() || shown.iter().any(is_open)),
        ..Title::default()
    };
    if let Some(ticket) = listing.ticket {
        // The word is printed on slips of all languages as it is sent.
        return Title { word: Some(format!("ticket {ticket}")), theme: wanted.themes.first().copied(), ..title };
    }
    if let Some(called) = shown.first().filter(|_| listing.is_called) {
        return Title { theme: called.brief.themes.first().copied(), place: None, ..title };
    }
    let Some(asked) = wanted.needs.first().copied() else {
        return Title {
            theme: wanted.themes.first().copied(),
            missing: wanted.words.first().filter(|_| !by_word && !shown.is_empty() && names_one_thing(wanted, setting.vocabulary)).cloned(),
            word: wanted.words.first().filter(|_| by_word || wanted.themes.is_empty() || wanted.is_strange).cloned(),
            ..title
        };
    };
    let has = |need: &Need| shown.first().is_none_or(|hit| hit.brief.needs.contains(need));
    let answered = wanted.needs.iter().copied().find(has);
    // What holds the word, and nothing says which need it answers, is listed as what was asked for.
    let stands_in = || wanted.needs.iter().flat_map(|need| need.stand_ins()).find(has).filter(|_| !by_word);
    let (need, missing) = match answered {
        Some(need) => (need, None),
        None => stands_in().map_or((asked, None), |other| {
            // A house for families among beds for the night: what was asked for is there.
            let is_there = shown.iter().any(|hit| wanted.needs.iter().any(|need| hit.brief.needs.contains(need)));
            // What must not be named is not named as missing either.
            (other, Some(asked.short(language).to_owned()).filter(|_| !is_there && !asked.theme().is_sensitive()))
        }),
    };
    Title { theme: Some(need.theme()), need: Some(need), missing, ..title }
}

/// The commune's name in that language, with the postal code where there is only one.
fn place_name(place: &Locality, vocabulary: &Vocabulary, language: Language) -> String {
    match place.postal_codes.as_slice() {
        [code] => match vocabulary.territory().commune_name(place.country, code, language) {
            Some(name) => format!("{code} {name}"),
            None => code.clone(),
        },
        _ => place.name.clone(),
    }
}

/// True where the subject itself must not stay with the sender. A door is a page of subjects, and says
/// nothing of the asker's own: it has no words.
fn is_sensitive(wanted: &Wanted) -> bool {
    let named = wanted.themes.first().into_iter().chain(wanted.themes.iter().filter(|_| !wanted.words.is_empty()));
    named.into_iter().any(|theme| theme.is_sensitive())
}
