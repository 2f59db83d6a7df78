//! Figures of a month for those inside, of a quarter for everybody: never of a day, never of a person, and no count so
//! small that it points at one.
//!
//! What is published is of quarters that are over, and of nothing else: two exports are the same, or have no day in
//! common, so that no difference between them says anything. A month that is not over is said in fives, inside.

mod chart;
mod period;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use data_encoding::BASE64;
use db::audit::{Action, Deed};
use db::call_back;
use db::tally::Tally;
use directory::figures::{INSIDE, PUBLIC, Shown, Table, about, together};
use directory::theme::Theme;
use directory::visit::{Need, Visit, week_of};

use self::period::Period;
use super::error::{PageResult, page};
use super::form::Form;
use super::guard::Who;
use super::page::{Page, html};
use super::{Desk, PageError};

/// Bars of one chart.
const MOST_BARS: usize = 12;

/// A table of the figures before it is shown: its name, what its rows and its columns are.
struct Counted {
    name: &'static str,
    rows: &'static str,
    columns: &'static str,
    table: Table,
}

/// A table in words.
struct Section {
    title: String,
    columns: Vec<String>,
    /// Name, counts, total; what is hidden is nothing.
    rows: Vec<(String, Vec<Option<u64>>)>,
    chart: Option<String>,
    chart_says: String,
}

/// How many calls were made, and how soon.
struct Calls {
    count: u64,
    in_time: u64,
    median: i64,
}

/// How true the directory is, now.
struct Truth {
    shown: u64,
    fresh: u64,
    doubted: u64,
}

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresPage {
    page: Page,
    title: String,
    is_public: bool,
    is_running: bool,
    chosen: String,
    periods: Vec<(String, String)>,
    quarters: Vec<(String, String)>,
    sections: Vec<Section>,
    answered: Vec<(String, u64)>,
    calls: Option<Calls>,
    truth: Truth,
    least: u64,
}

/// What the tables are made of.
struct Facts {
    visits: Vec<Visit>,
    needs: Vec<Need>,
    tallies: Vec<Tally>,
}

impl Desk {
    async fn facts(&self, from: NaiveDate, to: NaiveDate) -> Result<Facts, PageError> {
        let store = &self.engine.store;
        // A week belongs to the period in which it begins.
        let first_week = if week_of(from) == from { from } else { week_of(from).checked_add_days(Days::new(7)).unwrap_or(from) };
        Ok(Facts { visits: store.visits(from, to).await?, needs: store.needs(first_week, to).await?, tallies: store.tallies(from, to).await? })
    }

    async fn truth(&self) -> Result<Truth, PageError> {
        let today = self.today();
        let mut truth = Truth { shown: 0, fresh: 0, doubted: 0 };
        self.engine
            .store
            .each_brief(|brief| {
                if brief.status.is_shown() {
                    truth.shown += 1;
                    truth.fresh += u64::from(brief.confirmed_on.is_some_and(|day| (today - day).num_days() < 90));
                }
            })
            .await?;
        let doubts = self.engine.store.doubts().await?;
        truth.doubted = u64::try_from(doubts.iter().map(|(_, count, _)| *count).sum::<i64>()).unwrap_or_default();
        Ok(truth)
    }
}

impl Facts {
    /// The tables, in groups that count the same things.
    fn tables(&self) -> Vec<Vec<Counted>> {
        let turns = || self.tallies.iter().filter(|tally| tally.what == "turn").filter_map(|tally| Some((tally, tally.key.split_once(' ')?)));
        let count = |tally: &Tally| u64::try_from(tally.count).unwrap_or_default();
        let one = |name, rows, columns, seen: Vec<(String, String, u64)>| Counted { name, rows, columns, table: Table::count(seen) };
        let visits = |of: fn(&Visit) -> (String, String)| {
            self.visits
                .iter()
                .map(|visit| {
                    let (row, column) = of(visit);
                    (row, column, 1)
                })
                .collect::<Vec<_>>()
        };
        let of_kind = |what: &'static str| self.tallies.iter().filter(move |tally| tally.what == what);
        vec![
            vec![
                one("questions", "channel", "came", turns().map(|(tally, (came, _))| (tally.channel.clone(), came.to_owned(), count(tally))).collect()),
                one("languages", "spoken", "all", turns().map(|(tally, (_, language))| (language.to_owned(), "count".to_owned(), count(tally))).collect()),
            ],
            vec![
                one("visits", "outcome", "minutes", visits(|visit| (visit.outcome.id().to_owned(), visit.minutes.id().to_owned()))),
                one("visitors", "spoken", "way", visits(|visit| (visit.language.clone(), visit.way.id().to_owned()))),
                one(
                    "ages",
                    "age",
                    "first",
                    visits(|visit| {
                        (visit.age.map_or("none", |age| age.id()).to_owned(), visit.is_first.map_or("none", |first| if first { "y" } else { "n" }).to_owned())
                    }),
                ),
            ],
            vec![one(
                "missing",
                "theme",
                "place",
                of_kind("unmet")
                    .filter_map(|tally| {
                        let (theme, place) = tally.key.split_once(' ')?;
                        Some((theme.to_owned(), place.to_owned(), count(tally)))
                    })
                    .collect(),
            )],
            vec![one("needs", "theme", "why", self.needs.iter().map(|need| (need.theme.id().to_owned(), need.why.id().to_owned(), 1)).collect())],
            vec![one(
                "slips",
                "style",
                "sent",
                self.tallies
                    .iter()
                    .filter_map(|tally| Some((tally.key.split(' ').next()?.to_owned(), tally.what.strip_prefix("slip-")?.to_owned(), count(tally))))
                    .collect(),
            )],
        ]
    }

    /// Call-backs that were made, as long as they are enough to be spoken of.
    fn calls(&self, least: u64) -> Option<Calls> {
        let mut hours: Vec<i64> = Vec::new();
        for tally in self.tallies.iter().filter(|tally| tally.what == call_back::MADE) {
            let taken: i64 = tally.key.parse().ok()?;
            hours.extend(std::iter::repeat_n(taken, usize::try_from(tally.count).unwrap_or_default()));
        }
        hours.sort_unstable();
        let count = hours.len() as u64;
        let in_time = hours.iter().filter(|hours| **hours < call_back::PROMISED.num_hours()).count() as u64;
        // Neither those in time nor those late may be a few.
        let is_enough = count >= least && [in_time, count - in_time].iter().all(|part| *part == 0 || *part >= least);
        is_enough.then(|| Calls { count, in_time, median: hours.get(hours.len() / 2).copied().unwrap_or_default() })
    }
}

/// Of the questions on each channel, how many in a hundred were answered; only where the counts themselves are shown.
fn answered(shown: &Shown, least: u64) -> Vec<(String, u64)> {
    let column = |name: &str| shown.columns.iter().position(|known| known == name);
    let rates = shown.rows.iter().zip(&shown.cells).filter_map(|(channel, cells)| {
        let count = |name: &str| column(name).map_or(Some(0), |place| cells.get(place).copied().flatten());
        let (found, nothing, unclear) = (count("shown")?, count("nothing")?, count("unclear")?);
        let all = found + nothing + unclear;
        (all >= least).then(|| (channel.clone(), found * 100 / all))
    });
    rates.collect()
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let today = desk.today();
        let period = Period::month(form.get("month")).filter(|month| month.first() <= today).unwrap_or_else(|| Period::running(today));
        desk.figures_page(&who, period, false).await
    })
}

/// The page for those who pay: a quarter that is over, to be printed.
pub(super) async fn report(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let period = desk.quarter(&form)?;
        desk.figures_page(&who, period, true).await
    })
}

impl Desk {
    /// A quarter that is over.
    fn quarter(&self, form: &Form) -> Result<Period, PageError> {
        let today = self.today();
        let wanted = form.some("quarter").map_or_else(|| Some(Period::last_quarter(today)), Period::quarter);
        wanted.filter(|quarter| quarter.last() < today).ok_or(PageError::Wrong("figures-quarter"))
    }

    async fn figures_page(self: &Arc<Self>, who: &Who, period: Period, is_public: bool) -> Result<Response, PageError> {
        let (page, today) = (Page::of(self, who, "figures"), self.today());
        let facts = self.facts(period.first(), period.last()).await?;
        let least = if is_public { PUBLIC } else { INSIDE };
        let is_running = period.last() >= today;
        let (mut sections, mut rates) = (Vec::new(), Vec::new());
        for group in facts.tables() {
            let tables: Vec<Table> = group.iter().map(|counted| counted.table.clone()).collect();
            for (counted, mut shown) in group.iter().zip(together(&tables, least)) {
                if counted.name == "questions" {
                    rates = answered(&shown, least);
                }
                if is_running {
                    shown.cells.iter_mut().flatten().for_each(|cell| *cell = cell.map(about));
                }
                if !shown.is_empty() {
                    sections.push(self.section(&page, counted, &shown));
                }
            }
        }
        let name = |period: &Period| (period.id(), period.in_words(&page));
        html(&FiguresPage {
            title: period.in_words(&page),
            is_public,
            is_running,
            chosen: period.id(),
            periods: Period::months_back(today, 13).iter().map(name).collect(),
            quarters: Period::quarters_back(today, 8).iter().map(name).collect(),
            answered: rates.into_iter().map(|(channel, rate)| (page.member("channel", &channel), rate)).collect(),
            calls: facts.calls(least),
            truth: self.truth().await?,
            sections,
            least,
            page,
        })
    }

    fn section(&self, page: &Page, counted: &Counted, shown: &Shown) -> Section {
        let labels = shown.columns.iter().map(|column| self.label(page, counted.columns, column));
        // Of one column the total is the column.
        let columns: Vec<String> = labels.chain((shown.columns.len() > 1).then(|| page.say("figures-total"))).collect();
        let names: Vec<String> = shown.rows.iter().map(|row| self.label(page, counted.rows, row)).collect();
        let mut bars: Vec<(String, u64)> =
            names.iter().zip(&shown.cells).filter_map(|(name, cells)| Some((name.clone(), cells.last().copied().flatten()?))).collect();
        bars.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        bars.truncate(MOST_BARS);
        let title = page.say(&format!("figures-{}", counted.name));
        let chart_says = bars.iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>().join(", ");
        Section {
            chart: chart::bars(&bars).map(|svg| BASE64.encode(svg.as_bytes())),
            chart_says: format!("{title}. {chart_says}"),
            rows: names
                .into_iter()
                .chain([page.say("figures-total")])
                .zip(shown.cells.iter().map(|cells| cells.iter().copied().take(columns.len()).collect()))
                .collect(),
            columns,
            title,
        }
    }

    /// A member of a list in words: themes and places have their own.
    fn label(&self, page: &Page, list: &str, id: &str) -> String {
        match list {
            "theme" => Theme::from_id(id).map_or_else(|| page.say("figures-no-theme"), |theme| self.engine.vocabulary.label(theme, page.language).to_owned()),
            "place" if id.is_empty() => page.say("figures-no-place"),
            "place" => id.to_owned(),
            "all" => page.say("figures-count"),
            _ if id == "none" => page.say("figures-not-noted"),
            "first" => page.say(if id == "y" { "figures-first" } else { "figures-again" }),
            _ => page.member(list, id),
        }
    }
}

/// A quarter that is over, as a table for other programs: a count below ten, and what would give one away, is `<10`.
pub(super) async fn csv(State(desk): State<Arc<Desk>>, who: Who, form: Form) -> PageResult {
    page!(desk, who.language(), {
        let period = desk.quarter(&form)?;
        desk.engine.store.audit(&Deed::of(who.id(), Action::Export, desk.now())).await?;
        let facts = desk.facts(period.first(), period.last()).await?;
        let text = export(&facts, &period.id()).map_err(|error| PageError::Slip(error.to_string()))?;
        let name = format!("attachment; filename=\"passerelle-{}.csv\"", period.id());
        Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], text).into_response())
    })
}

fn export(facts: &Facts, period: &str) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["period", "table", "row", "column", "count"])?;
    for group in facts.tables() {
        let tables: Vec<Table> = group.iter().map(|counted| counted.table.clone()).collect();
        for (counted, shown) in group.iter().zip(together(&tables, PUBLIC)) {
            for (row, cells) in shown.rows.iter().map(String::as_str).chain(["total"]).zip(&shown.cells) {
                for (column, cell) in shown.columns.iter().map(String::as_str).chain(["total"]).zip(cells) {
                    let count = cell.map_or_else(|| format!("<{PUBLIC}"), |count| count.to_string());
                    writer.write_record([period, counted.name, row, column, &count])?;
                }
            }
        }
    }
    if let Some(calls) = facts.calls(PUBLIC) {
        for (what, count) in [("made", calls.count), ("in-time", calls.in_time), ("median-hours", calls.median.unsigned_abs())] {
            writer.write_record([period, "call-backs", what, "", &count.to_string()])?;
        }
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests;
