//! Places with their printers and kiosks: what is there now, and what was not heard of for too long.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use chrono::Duration;
use db::heartbeat::Heartbeat;
use db::place::ServedPlace;

use super::Desk;
use super::error::{PageResult, page};
use super::guard::Who;
use super::page::{Page, html};

/// A kiosk says every ten minutes that it is there.
const SILENT: Duration = Duration::minutes(25);

struct KioskRow {
    place: String,
    version: String,
    seen: String,
    is_silent: bool,
}

#[derive(Template)]
#[template(path = "places.html")]
struct PlacesPage {
    page: Page,
    places: Vec<ServedPlace>,
    kiosks: Vec<KioskRow>,
    desk: Option<(String, String)>,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, who: Who) -> PageResult {
    page!(desk, who.language(), {
        let now = desk.now();
        let kiosks = desk.engine.store.heartbeats().await?.into_iter().map(|Heartbeat { place, version, seen }| KioskRow {
            place,
            version,
            seen: seen.with_timezone(&desk.engine.zone).format("%d/%m %H:%M").to_string(),
            is_silent: now - seen > SILENT,
        });
        html(&PlacesPage {
            kiosks: kiosks.collect(),
            places: desk.engine.store.places(now).await?,
            desk: desk.engine.desk.as_ref().map(|desk| (desk.name.clone(), desk.phone.national())),
            page: Page::of(&desk, &who, "places"),
        })
    })
}
