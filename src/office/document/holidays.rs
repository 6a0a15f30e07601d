//! What depends on the day on which a document is taken: how many holidays a set of hours may have,
//! and which of them are over (L147).

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::office::hours::holiday::Holiday;
use crate::office::hours::hours::{Hours, HoursName};
use crate::office::hours::ics::Imported;
use crate::office::snapshot::Office;
use crate::office::warnings::{Concern, Warning};
use crate::words::Words;
use crate::yaml::{Fault, Node, Part};

/// L147: days of one set from today on. Public holidays that are shipped do not count: nobody has
/// written them down.
pub const MOST_DAYS: i64 = 50;
/// Those that are over stay for so long, since figures may be narrowed by today's definition (C9).
const KEPT_DAYS: i64 = 366;

/// Who sends a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A file that says what an office is, with whatever has stood in it for years.
    File,
    /// Somebody who changes single things: a new holiday begins later than today (L147).
    Hand,
}

/// What became of the days of a calendar file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub added: usize,
    pub known: usize,
    pub past: usize,
    pub beyond: usize,
    pub skipped: usize,
}

/// Leaves out what is long over and tells of new holidays that are over already.
///
/// # Errors
/// More days than a set may have, unless it has had as many; from a hand, new ones that do not
/// begin later than today.
pub fn settle(
    text: &str,
    office: &mut Office,
    before: &Office,
    (now, sender): (Timestamp, Sender),
) -> Result<Vec<Warning>, Vec<Fault>> {
    let (mut faults, mut told) = (Vec::new(), Vec::new());
    let places = Places::of(text);
    for (name, hours) in &mut office.hours {
        let today = hours.timezone.to_datetime(now).date();
        let had: &[Holiday] = before.hours.get(name).map_or(&[], |before| &before.holidays);
        if let Some(words) = too_many(hours, had, today) {
            places.refuse(name, words, &mut faults);
        }
        let new = |one: &&Holiday| !had.iter().any(|old| (old.from, old.to) == (one.from, one.to));
        match sender {
            Sender::Hand => {
                let late = hours.holidays.iter().filter(new).filter(|one| one.from <= today);
                late.for_each(|one| places.refuse(name, too_late(one), &mut faults));
            }
            Sender::File => {
                let over = hours.holidays.iter().filter(new).filter(|one| one.to < today).count();
                told.extend((over > 0).then(|| are_over(name, over)));
            }
        }
        let kept_since = today.checked_sub(KEPT_DAYS.days()).unwrap_or(Date::MIN);
        hours.holidays.retain(|one| one.to >= kept_since);
    }
    if faults.is_empty() { Ok(told) } else { Err(faults) }
}

/// Days of the set's own holidays from `today` on, each once.
#[must_use]
pub fn days_ahead(holidays: &[Holiday], today: Date) -> i64 {
    let mut ranges: Vec<(Date, Date)> =
        holidays.iter().map(|one| (one.from.max(today), one.to)).collect();
    ranges.sort();
    let (mut days, mut free) = (0, today);
    for (from, to) in ranges {
        let from = from.max(free);
        if from <= to {
            days += i64::from((to - from).get_days()) + 1;
            free = to.tomorrow().unwrap_or(Date::MAX);
        }
    }
    days
}

/// The days of a calendar become holidays of a set, the nearest first, as many as it may have; of a
/// range that has begun, the days after today.
pub fn add_holidays(holidays: &mut Vec<Holiday>, found: Imported, today: Date) -> Taken {
    let mut taken = Taken { past: found.past, skipped: found.skipped, ..Taken::default() };
    let tomorrow = today.tomorrow().unwrap_or(Date::MAX);
    for new in found.holidays {
        if new.to < tomorrow {
            taken.past += 1;
            continue;
        }
        let new = Holiday { from: new.from.max(tomorrow), ..new };
        if holidays.iter().any(|old| old.from <= new.from && new.to <= old.to) {
            taken.known += 1;
            continue;
        }
        holidays.push(new);
        if days_ahead(holidays, today) > MOST_DAYS {
            holidays.pop();
            taken.beyond += 1;
        } else {
            taken.added += 1;
        }
    }
    holidays.sort_by_key(|holiday| (holiday.from, holiday.to));
    taken
}

fn too_many(hours: &Hours, had: &[Holiday], today: Date) -> Option<Words> {
    let days = days_ahead(&hours.holidays, today);
    let grows = days > days_ahead(had, today);
    (days > MOST_DAYS && grows).then(|| {
        Words::new(
            format!(
                "휴일은 오늘부터 {MOST_DAYS}일까지입니다. 범위는 하루씩 세고, 여기에는 {days}일이 있습니다"
            ),
            format!(
                "from today on there may be {MOST_DAYS} days of holidays, each day of a range counted; here are {days}"
            ),
        )
    })
}

fn too_late(one: &Holiday) -> Words {
    let from = one.from;
    Words::new(
        format!(
            "{from}은 오늘이거나 지난 날이라 새 휴일로 넣을 수 없습니다. 오늘 닫으려면 운영시간을 손으로 닫으세요"
        ),
        format!(
            "a new holiday begins later than today, and {from} does not; to close today, switch the hours by hand"
        ),
    )
}

fn are_over(name: &HoursName, count: usize) -> Warning {
    let message = Words::new(
        format!("운영시간 '{name}': 새로 적은 휴일 {count}개는 이미 지나 아무것도 바꾸지 않습니다"),
        format!("hours '{name}': {count} of the new holidays are over already and change nothing"),
    );
    Warning { concern: Concern::HolidaysOver, workflow: None, agent: None, message }
}

/// Where the holidays of each set stand in the text.
struct Places(BTreeMap<HoursName, (u64, String)>);

impl Places {
    fn of(text: &str) -> Self {
        let Ok(tree) = Node::parse(text) else { return Self(BTreeMap::new()) };
        let sets = Part::whole(&tree).under("hours").map(|part| part.each()).unwrap_or_default();
        let of = sets.iter().filter_map(|set| {
            let name = set.under("name")?.text(&Words::same(""), &mut Vec::new())?;
            Some((HoursName(name), set.under("holidays")?.place()))
        });
        Self(of.collect())
    }

    fn refuse(&self, name: &HoursName, message: Words, faults: &mut Vec<Fault>) {
        let (line, field) = self.0.get(name).cloned().unwrap_or((1, format!("hours {name}")));
        faults.push(Fault { line, field, message });
    }
}
