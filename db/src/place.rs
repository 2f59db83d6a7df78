//! Places that print slips, and their printers, as the programs' settings say.
//!
//! A place and a printer are there as long as a program says so: it says it again and again, and what nobody says
//! any more is gone. So settings that change leave nothing behind, and several gateways share one table.

use chrono::{DateTime, Duration, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::dialect::WorkKind;
use crate::store::{Store, on, within};

/// What a program says holds this long; it says it again three times as often.
pub const SAID_FOR: Duration = Duration::seconds(90);

/// A place where visitors are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServedPlace {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
    /// The number of its desk, in E.164.
    pub phone: Option<String>,
    /// When it is open, in the syntax of OpenStreetMap.
    pub hours: Option<String>,
    /// Its printers.
    pub printers: Vec<ServedPrinter>,
}

/// A printer of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServedPrinter {
    /// Its name, unlike that of any other.
    pub name: String,
    /// Where it hangs.
    pub address: String,
    /// Its kind.
    pub profile: String,
    /// A program prints on it.
    pub is_served: bool,
}

impl Store {
    /// Says for [`SAID_FOR`] which places and printers a program has; what nobody says any more is taken out.
    pub async fn keep_places(&self, places: &[ServedPlace], now: DateTime<Utc>) -> Result<(), StoreError> {
        let until = (now + SAID_FOR).timestamp();
        let mut work = self.begin(WorkKind::Slips).await?;
        for place in places {
            within!(&mut work, connection => {
                sqlx::query(
                    "INSERT INTO place (name, address, phone, hours, served_until) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (name) DO UPDATE SET address = excluded.address, phone = excluded.phone, \
                     hours = excluded.hours, served_until = excluded.served_until",
                )
                .bind(&place.name)
                .bind(&place.address)
                .bind(&place.phone)
                .bind(&place.hours)
                .bind(until)
                .execute(connection)
                .await?;
            });
            for printer in &place.printers {
                within!(&mut work, connection => {
                    sqlx::query(
                        "INSERT INTO printer (name, place, address, profile, served_until) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE \
                         SET place = excluded.place, address = excluded.address, profile = excluded.profile, \
                         served_until = excluded.served_until",
                    )
                    .bind(&printer.name)
                    .bind(&place.name)
                    .bind(&printer.address)
                    .bind(&printer.profile)
                    .bind(until)
                    .execute(connection)
                    .await?;
                });
            }
        }
        // What lasts longer than anybody says was said by a clock that was ahead.
        for statement in [
            "DELETE FROM printer WHERE served_until <= $1 OR served_until > $2",
            "DELETE FROM place WHERE served_until <= $1 OR served_until > $2",
        ] {
            within!(&mut work, connection => sqlx::query(statement)
                .bind(now.timestamp())
                .bind(until)
                .execute(connection)
                .await?
                .rows_affected());
        }
        work.commit().await
    }

    /// A program stops: nothing is asked of its printers any more.
    pub async fn leave_places(&self, places: &[ServedPlace]) -> Result<(), StoreError> {
        let mut work = self.begin(WorkKind::Slips).await?;
        for place in places {
            within!(&mut work, connection => sqlx::query("UPDATE place SET served_until = 0 WHERE name = $1")
                .bind(&place.name)
                .execute(connection)
                .await?
                .rows_affected());
            within!(&mut work, connection => sqlx::query("UPDATE printer SET served_until = 0 WHERE place = $1")
                .bind(&place.name)
                .execute(connection)
                .await?
                .rows_affected());
        }
        work.commit().await
    }

    /// All places and their printers, in the order of their names.
    pub async fn places(&self, now: DateTime<Utc>) -> Result<Vec<ServedPlace>, StoreError> {
        let is_served = |until: i64| until > now.timestamp() && until <= (now + SAID_FOR).timestamp();
        let mut places: Vec<ServedPlace> = on!(self, db => {
            let rows =
                sqlx::query("SELECT name, address, phone, hours FROM place").fetch_all(&mut *db.read().await?).await?;
            rows.iter()
                .map(|row| {
                    Ok(ServedPlace {
                        name: row.try_get(0)?,
                        address: row.try_get(1)?,
                        phone: row.try_get(2)?,
                        hours: row.try_get(3)?,
                        printers: Vec::new(),
                    })
                })
                .collect::<Result<_, sqlx::Error>>()?
        });
        let printers: Vec<(String, ServedPrinter)> = on!(self, db => {
            let rows = sqlx::query("SELECT place, name, address, profile, served_until FROM printer")
                .fetch_all(&mut *db.read().await?)
                .await?;
            rows.iter()
                .map(|row| {
                    Ok((
                        row.try_get(0)?,
                        ServedPrinter {
                            name: row.try_get(1)?,
                            address: row.try_get(2)?,
                            profile: row.try_get(3)?,
                            is_served: is_served(row.try_get(4)?),
                        },
                    ))
                })
                .collect::<Result<_, sqlx::Error>>()?
        });
        places.sort_by(|one, other| one.name.cmp(&other.name));
        for place in &mut places {
            place.printers =
                printers.iter().filter(|(name, _)| *name == place.name).map(|(_, printer)| printer.clone()).collect();
            place.printers.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Ok(places)
    }
}
