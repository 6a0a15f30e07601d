//! One set of hours as a week: days down, the clock across, holidays in their places.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use serde_json::json;

use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, Hint, hints, look, pressed, write};
use crate::console::screen::Screen;
use crate::console::screens::hours::hours::{now, state, switch, until};
use crate::console::screens::hours::hours_form::DAYS;
use crate::console::setup::SetupPlace;
use crate::console::text::fit;
use crate::console::theme::{Theme, Tone};
use crate::console::view::View;
use crate::console::widgets::day_bar::{day_bar, place, scale};
use crate::console::widgets::line::Line;
use crate::console::widgets::paint::row;
use crate::locale::Speech;
use crate::office::document::document::parse;
use crate::office::hours::day_range::DayRange;
use crate::office::hours::hours::Hours;
use crate::office::hours::opening::{Day, Rule};
use crate::office::hours::week::Week;

/// Columns of a day's name and date.
const LABEL: usize = 12;
/// Weeks that can be looked at, both ways.
const WEEKS: i64 = 60;

#[derive(Clone, Copy, Debug)]
enum Does {
    Edit,
    Up,
    Down,
    Earlier,
    Later,
    Holidays,
    Open,
    Close,
    Schedule,
}

/// Keys that only move, told together.
const MOVES: usize = 4;

const KEYS: [Binding<Does>; 9] = [
    look(KeyCode::Up, "↑", Does::Up, "요일", "day"),
    look(KeyCode::Down, "↓", Does::Down, "요일", "day"),
    look(KeyCode::Left, "←", Does::Earlier, "지난주", "last week"),
    look(KeyCode::Right, "→", Does::Later, "다음 주", "next week"),
    look(KeyCode::Enter, "Enter", Does::Edit, "바꾸기", "change"),
    look(KeyCode::Char('h'), "h", Does::Holidays, "휴일", "holidays"),
    write(KeyCode::Char('o'), "o", Does::Open, "열기", "open"),
    write(KeyCode::Char('c'), "c", Does::Close, "닫기", "close"),
    write(KeyCode::Char('a'), "a", Does::Schedule, "자동", "by schedule"),
];

#[derive(Debug)]
pub struct WeekScreen {
    name: String,
    /// From this week.
    weeks: i64,
    /// From Monday.
    day: usize,
}

impl WeekScreen {
    #[must_use]
    pub fn new(view: &View<'_>, name: &str) -> Self {
        let today = hours_of(view, name).and_then(|hours| today(view, &hours));
        let day = today.map(|day| day.weekday().to_monday_zero_offset()).unwrap_or_default();
        Self { name: name.to_owned(), weeks: 0, day: usize::try_from(day).unwrap_or_default() }
    }

    fn step(&mut self, does: Does) -> Action {
        let open = |place| Action::Open(Place::Setup(place));
        let name = self.name.clone();
        match does {
            Does::Up => self.day = self.day.saturating_sub(1),
            Does::Down => self.day = (self.day + 1).min(DAYS.len() - 1),
            Does::Earlier => self.weeks = (self.weeks - 1).max(-WEEKS),
            Does::Later => self.weeks = (self.weeks + 1).min(WEEKS),
            Does::Edit => return open(SetupPlace::HoursForm(name, Week::DAYS[self.day])),
            Does::Holidays => return open(SetupPlace::Holidays(name)),
            Does::Open => return switch(name, Some(true)),
            Does::Close => return switch(name, Some(false)),
            Does::Schedule => return switch(name, None),
        }
        Action::Redraw
    }

    /// How it is now, and for whom.
    fn head(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let Some(state) = state(view, &self.name) else { return Vec::new() };
        let (lamp, tone) = now(view, state);
        let until = match (view.speech, state.until) {
            (_, None) => String::new(),
            (Speech::Korean, Some(_)) => format!("{}까지  ", until(view, state)),
            (Speech::English, Some(_)) => format!("until {}  ", until(view, state)),
        };
        let hand = state.switched.as_ref().map_or_else(String::new, |switch| {
            format!("{} ({})  ", view.pick("수동", "by hand"), switch.who)
        });
        let mut lines =
            vec![Line(vec![(format!("{lamp}  "), tone), (format!("{until}{hand}"), Tone::Plain)])];
        lines.extend(Line::wrapped("", view.say(&state.why), width, 2, Tone::Dim));
        let used = if state.used_by.is_empty() {
            view.pick("쓰는 곳이 없습니다", "nothing follows them").to_owned()
        } else {
            format!("{} {}", view.pick("쓰는 곳:", "used by"), state.used_by.join(", "))
        };
        lines.extend(Line::wrapped("", &used, width, 2, Tone::Plain));
        lines
    }

    fn draw_week(&self, view: &View<'_>, hours: &Hours, area: Rect, buffer: &mut Buffer) {
        let cells: u16 = if area.width >= 130 { 96 } else { 48 };
        let Some(today) = today(view, hours) else { return };
        let Some(monday) = monday(today, self.weeks) else { return };
        let blank = " ".repeat(LABEL);
        if self.weeks == 0 {
            let minute = minute_of(view, hours);
            let before = " ".repeat(usize::from(place(minute, cells)));
            Line::plain(format!("{blank}{before}▼")).draw(view, row(area, 0), buffer);
        }
        let days = std::iter::successors(Some(monday), |day| day.checked_add(1.day()).ok());
        for (index, day) in days.take(DAYS.len()).enumerate() {
            let line = row(area, 1 + index);
            day_line(view, (index, day, day == today), &hours.day(day), cells)
                .draw(view, line, buffer);
            if index == self.day && line.height > 0 {
                let width = u16::try_from(LABEL).unwrap_or(0).min(line.width);
                buffer.set_style(Rect { width, ..line }, Theme::selected());
            }
        }
        let under = Line::toned(format!("{blank}{}", scale(cells)), Tone::Dim);
        under.draw(view, row(area, 8), buffer);
        let legend = view.pick(
            "█ 열림   ▓ 전날부터 이어짐   ▄ 일부   · 닫힘   * 휴일",
            "█ open   ▓ from the day before   ▄ a part   · closed   * holiday",
        );
        Line::toned(format!("{blank}{legend}"), Tone::Dim).draw(view, row(area, 10), buffer);
    }
}

fn day_line(
    view: &View<'_>,
    (index, date, is_today): (usize, Date, bool),
    day: &Day,
    cells: u16,
) -> Line {
    let (ko, en) = DAYS[index.min(DAYS.len() - 1)];
    let mark = if is_today { "▸" } else { " " };
    let label = format!("{mark} {} {}", view.pick(ko, en), date.strftime("%m-%d"));
    let (said, tone) = match &day.rule {
        Rule::Always => (view.pick("언제나", "always").to_owned(), Tone::Plain),
        Rule::Week(ranges) => (short(ranges), Tone::Plain),
        Rule::Holiday(name, ranges) => (format!("* {name} {}", short(ranges)), Tone::Warn),
        Rule::PublicHoliday(ko, en) => (format!("* {}", view.speech.pick(ko, en)), Tone::Warn),
        Rule::Switched => (String::new(), Tone::Plain),
    };
    let bar = day_bar(&day.open, cells);
    let tone_of_bar = if day.open.is_empty() { Tone::Dim } else { Tone::Good };
    Line(vec![
        (fit(&label, LABEL), if is_today { Tone::Good } else { Tone::Plain }),
        (bar, tone_of_bar),
        (format!("  {said}"), tone),
    ])
}

/// `9-12 13-17:30`.
fn short(ranges: &[DayRange]) -> String {
    let clock = |minutes: u16| match (minutes / 60, minutes % 60) {
        (hour, 0) => hour.to_string(),
        (hour, minute) => format!("{hour}:{minute:02}"),
    };
    let range = |range: &DayRange| format!("{}-{}", clock(range.from()), clock(range.to()));
    ranges.iter().map(range).collect::<Vec<_>>().join(" ")
}

fn monday(today: Date, weeks: i64) -> Option<Date> {
    let back = i64::from(today.weekday().to_monday_zero_offset());
    today.checked_add((weeks * 7 - back).days()).ok()
}

fn today(view: &View<'_>, hours: &Hours) -> Option<Date> {
    let now = Timestamp::from_millisecond(view.now).ok()?;
    Some(hours.timezone.to_datetime(now).date())
}

/// Of the day, where the hours are kept.
fn minute_of(view: &View<'_>, hours: &Hours) -> u16 {
    let Ok(now) = Timestamp::from_millisecond(view.now) else { return 0 };
    let clock = hours.timezone.to_datetime(now).time();
    u16::try_from(i16::from(clock.hour()) * 60 + i16::from(clock.minute())).unwrap_or(0)
}

/// A set of hours as the office reads it. None: there is no such set.
#[must_use]
pub fn hours_of(view: &View<'_>, name: &str) -> Option<Hours> {
    let item = view.model.office.as_ref()?.item("hours", "name", name)?;
    let office = parse(&json!({ "hours": [item] }).to_string(), None).ok()?;
    office.hours.into_values().next()
}

impl Screen for WeekScreen {
    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("운영시간", "Hours"), self.name)
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        let moves = [
            Hint { label: "↑↓", ko: "요일", en: "day" },
            Hint { label: "←→", ko: "주", en: "week" },
        ];
        hints(&KEYS[MOVES..], view.may_write).into_iter().chain(moves).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let head = self.head(view, usize::from(area.width));
        for (index, line) in head.iter().enumerate() {
            line.draw(view, row(area, index), buffer);
        }
        let top = u16::try_from(head.len()).unwrap_or(0) + 1;
        let below = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
        if let Some(hours) = hours_of(view, &self.name) {
            self.draw_week(view, &hours, below, buffer);
        }
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        match pressed(&KEYS, key, view.may_write) {
            Some(does) => self.step(does),
            None => Action::Ignored,
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::States)
    }
}
