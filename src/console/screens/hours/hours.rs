//! The office's sets of operating hours: open or not, until when, and for whom.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::api::schema::hours::HoursState;
use crate::console::action::{Action, Place, Request};
use crate::console::document::word;
use crate::console::edit::Target;
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::setup::{SetupPlace, SetupRequest};
use crate::console::text::local;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Week,
    New,
    Open,
    Close,
    Schedule,
    Remove,
}

#[derive(Debug, Default)]
pub struct HoursList {
    saving: Saving,
}

impl Listed for HoursList {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("운영시간", "HOURS", Width::Columns(16)),
        column("지금", "NOW", Width::Columns(16)),
        column("언제까지", "UNTIL", Width::Columns(12)),
        column("쓰는 곳", "USED BY", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Week, "한 주", "the week"),
        write(KeyCode::Char('n'), "n", Does::New, "새로", "new"),
        write(KeyCode::Char('o'), "o", Does::Open, "열기", "open"),
        write(KeyCode::Char('c'), "c", Does::Close, "닫기", "close"),
        write(KeyCode::Char('a'), "a", Does::Schedule, "자동", "by schedule"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        office.items("hours").iter().map(|item| row(view, item)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "운영시간이 없습니다. 모든 번호가 언제나 받습니다",
            "there are none: every number answers at all times",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        let open = |place| Action::Open(Place::Setup(place));
        match (does, chosen.map(str::to_owned)) {
            (Does::New, _) => open(SetupPlace::NewHours),
            (Does::Week, Some(name)) => open(SetupPlace::Week(name)),
            (Does::Open, Some(name)) => switch(name, Some(true)),
            (Does::Close, Some(name)) => switch(name, Some(false)),
            (Does::Schedule, Some(name)) => switch(name, None),
            (Does::Remove, Some(name)) => self.remove(&name),
            (Does::Week | Does::Open | Does::Close | Does::Schedule | Does::Remove, None) => {
                Action::Ignored
            }
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::States)
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

impl HoursList {
    fn remove(&mut self, name: &str) -> Action {
        let question = Words::new(
            format!("운영시간 {name}을(를) 삭제할까요?"),
            format!("Remove the hours {name}?"),
        );
        self.saving.remove(target(name), question)
    }
}

/// A set of hours in the office's document.
#[must_use]
pub fn target(name: &str) -> Target {
    Target::Item { section: "hours", key: "name", id: name.to_owned() }
}

/// Asks for hours to be switched by hand.
#[must_use]
pub fn switch(hours: String, open: Option<bool>) -> Action {
    Action::Ask(Request::Setup(SetupRequest::Switch { hours, open }))
}

/// How a set is now, as far as the daemon has said.
#[must_use]
pub fn state<'v>(view: &View<'v>, name: &str) -> Option<&'v HoursState> {
    view.model.hours.iter().find(|state| state.name == name)
}

/// `● open`, and by hand or not.
#[must_use]
pub fn now(view: &View<'_>, state: &HoursState) -> (String, Tone) {
    let (said, tone) = if state.open {
        (view.pick("열림", "open"), Tone::Good)
    } else {
        (view.pick("닫힘", "closed"), Tone::Warn)
    };
    (format!("{} {said}", lamp(tone)), tone)
}

/// When it turns by itself, on the clock of this terminal.
#[must_use]
pub fn until(view: &View<'_>, state: &HoursState) -> String {
    let Some(until) = state.until else { return "–".to_owned() };
    let day = "%m-%d";
    if local(until, view.zone, day) == local(view.now, view.zone, day) {
        local(until, view.zone, "%H:%M")
    } else {
        local(until, view.zone, "%m-%d %H:%M")
    }
}

fn row(view: &View<'_>, item: &Value) -> Row {
    let name = word(item, "name");
    let plain = |text: String| (text, Tone::Plain);
    let mut cells = vec![plain(name.clone())];
    if let Some(state) = state(view, &name) {
        let by_hand =
            if state.switched.is_some() { view.pick(" (수동)", " by hand") } else { "" };
        let (now, tone) = now(view, state);
        cells.push((format!("{now}{by_hand}"), tone));
        cells.push(plain(until(view, state)));
        cells.push(plain(state.used_by.join(", ")));
    }
    Row { id: name, cells }
}
