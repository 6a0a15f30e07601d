//! Days on which a set of hours is not what its week says.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Place};
use crate::console::edit::{Edit, Step, Target};
use crate::console::keymap::{Binding, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::page::Page;
use crate::console::screens::form::saving::Saving;
use crate::console::screens::hours::hours::target;
use crate::console::screens::hours::week::hours_of;
use crate::console::setup::SetupPlace;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::office::hours::day_range::DayRange;
use crate::office::hours::hours::Hours;
use crate::words::Words;

/// Public holidays of so many days are listed.
const AHEAD: i64 = 400;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    New,
    Remove,
    Import,
}

#[derive(Debug)]
pub struct Holidays {
    name: String,
    saving: Saving,
}

impl Holidays {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), saving: Saving::default() }
    }

    fn remove(&mut self, id: &str) -> Action {
        let Some((key, day)) = id.split_once(' ') else {
            return Action::Say(Words::new(
                "공휴일은 운영시간의 '공휴일' 설정으로 켜고 끕니다",
                "public holidays are switched on and off in the settings of the hours",
            ));
        };
        let key = if key == "date" { "date" } else { "from" };
        let step = Step::Pull { path: "holidays".to_owned(), key, id: day.to_owned() };
        let question = Words::new(
            format!("{day} 휴일을 삭제할까요?"),
            format!("Remove the holiday of {day}?"),
        );
        let edit = Edit { target: target(&self.name), steps: vec![step] };
        self.saving.compare(vec![edit], question)
    }
}

impl Listed for Holidays {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("날짜", "DAYS", Width::Columns(24)),
        column("휴일", "HOLIDAY", Width::Share(2)),
        column("", "", Width::Columns(8)),
        column("그날의 시간", "OPEN THEN", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Char('n'), "n", Does::New, "새 휴일", "new holiday"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
        write(KeyCode::Char('i'), "i", Does::Import, "달력 파일", "calendar file"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("휴일:", "Holidays of"), self.name)
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let Some(country) = hours_of(view, &self.name).and_then(|hours| hours.public_holidays)
        else {
            return Vec::new();
        };
        let known = country.known_until().map(|day| day.to_string()).unwrap_or_default();
        let text = match view.speech {
            crate::locale::Speech::Korean => format!("공휴일은 {known}까지 알고 있습니다"),
            crate::locale::Speech::English => format!("public holidays are known until {known}"),
        };
        vec![Line::toned(text, Tone::Dim)]
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        hours_of(view, &self.name).map_or_else(Vec::new, |hours| rows(view, &hours))
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "휴일이 없습니다. n으로 하루를, i로 달력 파일(.ics)을 더합니다",
            "no holidays: n adds a day, i takes those of a calendar file (.ics)",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        match (does, chosen) {
            (Does::New, _) => Action::Open(Place::Setup(SetupPlace::NewHoliday(self.name.clone()))),
            (Does::Remove, Some(id)) => self.remove(id),
            (Does::Import, _) => {
                Action::Open(Place::Setup(SetupPlace::HolidayFile(self.name.clone())))
            }
            (Does::Remove, None) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

/// By their first day; those that are over are left out.
fn rows(view: &View<'_>, hours: &Hours) -> Vec<Row> {
    let Ok(now) = Timestamp::from_millisecond(view.now) else { return Vec::new() };
    let today = hours.timezone.to_datetime(now).date();
    let mut rows: BTreeMap<(Date, Date), Row> = BTreeMap::new();
    let ahead = std::iter::successors(Some(today), |day| day.checked_add(1.day()).ok());
    for day in ahead.take(usize::try_from(AHEAD).unwrap_or_default()) {
        if let Some(words) = hours.public_holidays.and_then(|country| country.holiday(day)) {
            let kind = view.pick("공휴일", "public").to_owned();
            let cells = [dated(view, day), view.say(words).to_owned(), kind, String::new()];
            rows.insert((day, day), Row::plain(day.to_string(), cells));
        }
    }
    for holiday in hours.holidays.iter().filter(|holiday| holiday.to >= today) {
        let (from, to) = (holiday.from, holiday.to);
        let (id, days) = if from == to {
            (format!("date {from}"), dated(view, from))
        } else {
            (format!("from {from}"), format!("{from} – {to}"))
        };
        let kind = view.pick("자체", "own").to_owned();
        let open: Vec<String> = holiday.open.iter().map(DayRange::to_string).collect();
        let cells = [days, holiday.name.clone(), kind, open.join(", ")];
        rows.insert((from, to), Row::plain(id, cells));
    }
    rows.into_values().collect()
}

/// `2026-12-04 Fri`.
fn dated(view: &View<'_>, day: Date) -> String {
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    let (ko, en) = crate::console::screens::hours::hours_form::DAYS[at.min(6)];
    format!("{day} {}", view.pick(ko, en))
}

/// A holiday that is added to a set.
#[must_use]
pub fn new_holiday(hours: &str) -> Page {
    let text = |path: &str, label: Words, help: Words| Field::text(path, label, help, None);
    let day = Words::new("예: 2027-01-01", "such as 2027-01-01");
    let fields = vec![
        text("date", Words::new("하루면 그날", "One day"), day.clone()),
        text("from", Words::new("여러 날이면 첫날", "Several: the first day"), day.clone()),
        text("to", Words::new("마지막 날", "the last day"), day),
        text(
            "name",
            Words::new("이름", "Name"),
            Words::new("예: 창립 기념일", "such as Founding day"),
        ),
        Field::words(
            "open",
            Words::new("그날의 시간", "Open then"),
            Words::new(
                "쉬면 비웁니다. 짧게 열면: 10:00-12:00",
                "empty: closed all day; for a short day: 10:00-12:00",
            ),
            None,
        ),
    ];
    let target = Target::Within {
        section: "hours",
        key: "name",
        id: hours.to_owned(),
        path: "holidays".to_owned(),
    };
    let title = Words::new(format!("{hours}: 새 휴일"), format!("{hours}: new holiday"));
    Page::comparing(title, Form::new(target, fields))
}
