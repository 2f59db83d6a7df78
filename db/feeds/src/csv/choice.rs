//! A source's words to ours, by the vocabularies of the mapping.

use directory::need::Need;
use directory::record::{
    Access, AccessMode, Answer, Availability, Content, CostKind, For, Mobilisable, NeedOrigin, SpokenLanguage, Status, Welcome, WhenStatus,
};
use directory::theme::{Audience, Theme};
use directory::words::{fold, stem_phrase};

use super::super::Notes;
use super::super::mapping::Choice;
use super::row::Row;

impl Row<'_> {
    /// The first target that applies.
    pub(super) fn first(&self, choices: &[Choice]) -> Option<String> {
        self.all(choices).into_iter().next()
    }

    /// Every target that applies, each once, in the mapping's order.
    fn all(&self, choices: &[Choice]) -> Vec<String> {
        let mut targets: Vec<String> = Vec::new();
        for choice in choices {
            let found: Vec<String> = match &choice.target {
                Some(target) if self.applies(choice) => vec![target.clone()],
                None => choice
                    .columns
                    .iter()
                    .filter_map(|column| self.cell(column))
                    .flat_map(|cell| cell.split(self.mapping.list.as_str()))
                    .map(|item| item.trim().to_owned())
                    .filter(|item| !item.is_empty())
                    .collect(),
                Some(_) => Vec::new(),
            };
            for target in found {
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        targets
    }

    fn applies(&self, choice: &Choice) -> bool {
        if choice.columns.is_empty() {
            return true;
        }
        let cells: Vec<String> = choice.columns.iter().filter_map(|column| self.cell(column)).map(phrase).collect();
        let says = |terms: &[String]| terms.iter().any(|term| cells.iter().any(|cell| cell.contains(&phrase(term))));
        !cells.is_empty() && (choice.terms.is_empty() || says(&choice.terms)) && !says(&choice.except)
    }

    /// Targets that our own lists know; a cell may hold anything where the mapping says `own`.
    fn known<T>(&self, choices: &[Choice], list: &str, read: impl Fn(&str) -> Option<T>, notes: &mut Notes<'_>) -> Vec<T> {
        let mut known = Vec::new();
        for target in self.all(choices) {
            match read(&target) {
                Some(value) => known.push(value),
                None => notes.warn(list, &target, format!("not one of our {list}: left out")),
            }
        }
        known
    }

    pub(super) fn themes(&self, notes: &mut Notes<'_>) -> Vec<Theme> {
        let mut themes = self.known(&self.mapping.themes, "themes", Theme::from_id, notes);
        themes.truncate(3);
        themes
    }

    /// Puts in the needs that the row names: by our own identifiers, or by terms that the mapping knows.
    pub(super) fn add_needs(&self, content: &mut Content, notes: &mut Notes<'_>) {
        for choice in &self.mapping.needs {
            let origin = if choice.target.is_some() { NeedOrigin::Mapped } else { NeedOrigin::Source };
            for id in self.all(std::slice::from_ref(choice)) {
                match (Need::from_id(&id), Need::nearest_id(&id)) {
                    (Some(need), _) => content.add_need(need, origin.clone()),
                    (None, Some(near)) => notes.warn("needs", &id, format!("no need is called so: did you mean {near:?}? left out")),
                    (None, None) => notes.warn("needs", &id, "no need is called so (config/needs lists them): left out"),
                }
            }
        }
    }

    pub(super) fn audiences(&self, notes: &mut Notes<'_>) -> Vec<For> {
        let read = |target: &str| {
            let (audience, welcome) = target.split_once(':').unwrap_or((target, Welcome::Welcome.id()));
            Some(For { audience: Audience::from_id(audience)?, welcome: Welcome::from_id(welcome)? })
        };
        let mut audiences = self.known(&self.mapping.audiences, "audiences", read, notes);
        audiences.dedup_by_key(|one| one.audience);
        audiences
    }

    pub(super) fn languages(&self, notes: &mut Notes<'_>) -> Vec<SpokenLanguage> {
        let read = |code: &str| {
            let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
            is_code.then(|| SpokenLanguage { code: code.to_owned(), interpreter: false })
        };
        self.known(&self.mapping.languages, "languages", read, notes)
    }

    pub(super) fn access(&self, notes: &mut Notes<'_>) -> Access {
        let mut access = Access::default();
        for target in self.all(&self.mapping.access) {
            match (AccessMode::from_id(&target), Mobilisable::from_id(&target)) {
                (Some(mode), _) => access.modes.push(mode),
                (_, Some(by)) => access.by = Some(by),
                _ if target == "no-public" => access.no_public = true,
                _ => notes.warn("access", &target, "no way in that we know: left out"),
            }
        }
        access
    }

    pub(super) fn cost_kind(&self, notes: &mut Notes<'_>) -> CostKind {
        let Some(target) = self.first(&self.mapping.cost) else { return CostKind::Unknown };
        CostKind::from_id(&target).unwrap_or_else(|| {
            notes.warn("cost", &target, "not a kind of cost: left unknown");
            CostKind::Unknown
        })
    }

    /// The entry's state; a state of its event goes into its time.
    pub(super) fn apply_status(&self, content: &mut Content, notes: &mut Notes<'_>) -> Status {
        let Some(target) = self.first(&self.mapping.status) else { return Status::Published };
        if let Some(status) = Status::from_id(&target) {
            return status;
        }
        match (WhenStatus::from_id(&target), &mut content.when) {
            (Some(status), Some(when)) => when.status = status,
            (Some(WhenStatus::Full), None) => {
                content.availability = Some(Availability { room: Answer::No, until: None, note: directory::language::Localized::default() });
            }
            (Some(WhenStatus::Scheduled), None) => {}
            (Some(_), None) => {
                notes.warn("status", &target, "said of an entry without a date: taken as doubtful");
                return Status::Doubtful;
            }
            (None, _) => {
                notes.warn("status", &target, "not a state that we know: taken as doubtful");
                return Status::Doubtful;
            }
        }
        Status::Published
    }
}

/// Folded, without plural endings, between blanks: what contains it holds it as whole words.
fn phrase(text: &str) -> String {
    format!(" {} ", stem_phrase(&fold(text)))
}
