//! The bells of the room: when the loudspeaker tells the time, and how.

use jiff::Timestamp;
use ratatui::crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::console::action::{Action, Place};
use crate::console::document::{find, word, words};
use crate::console::edit::Target;
use crate::console::keymap::{Binding, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::page::Page;
use crate::console::screens::form::saving::Saving;
use crate::console::screens::room;
use crate::console::setup::SetupPlace;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::office::bell::{Bell, Days};
use crate::office::closed_words::{days, room_sound};
use crate::office::room_sound::RoomSound;
use crate::words::Words;

/// Whose clock a bell is read on unless it says so.
const HOME: &str = "Asia/Seoul";

/// Days that are chosen together, then each of them.
const TOGETHER: [&str; 4] = [
    "mon, tue, wed, thu, fri",
    "mon, tue, wed, thu, fri, sat",
    "sat, sun",
    "mon, tue, wed, thu, fri, sat, sun",
];
const EACH: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Change,
    New,
    Remove,
}

#[derive(Debug, Default)]
pub struct Bells {
    saving: Saving,
}

impl Listed for Bells {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("시각", "AT", Width::Columns(6)),
        column("요일", "DAYS", Width::Share(2)),
        column("소리", "SOUND", Width::Share(2)),
        column("크기", "VOLUME", Width::Columns(7)),
        column("다음", "NEXT", Width::Columns(12)),
        column("시간대", "TIME ZONE", Width::Wide(20)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Enter, "Enter", Does::Change, "바꾸기", "change"),
        write(KeyCode::Char('n'), "n", Does::New, "새 벨", "new bell"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        bells(view).iter().enumerate().map(|(index, bell)| row(view, (index, bell))).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "벨이 없습니다. n을 누르면 정한 시각에 사무실 스피커가 울립니다",
            "no bells; n adds one: the loudspeaker of the room tells that time",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let bell = chosen.and_then(|id| bells(view).get(id.parse::<usize>().ok()?).cloned());
        match (does, bell) {
            (Does::New, _) => Action::Open(Place::Setup(SetupPlace::NewBell)),
            (Does::Change, Some(bell)) => Action::Open(Place::Setup(SetupPlace::Bell(bell))),
            (Does::Remove, Some(bell)) => {
                let at = word(&bell, "at");
                let question = Words::new(
                    format!("{at} 벨을 삭제할까요?"),
                    format!("Remove the bell of {at}?"),
                );
                self.saving.remove(Target::Same { section: "bells", item: bell }, question)
            }
            (Does::Change | Does::Remove, None) => Action::Ignored,
        }
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.saving.told(report)
    }
}

fn bells<'v>(view: &View<'v>) -> &'v [Value] {
    view.model.office.as_ref().map_or(&[], |office| office.items("bells"))
}

fn row(view: &View<'_>, (index, item): (usize, &Value)) -> Row {
    let bell = read(item);
    let said = bell.as_ref().map(|bell| (days(bell.days), room_sound(bell.sound), bell.volume));
    let (on, sound, volume) = said.map_or_else(
        || (String::new(), String::new(), String::new()),
        |(on, sound, volume)| {
            (view.say(&on).to_owned(), view.say(&sound).to_owned(), format!("{volume}%"))
        },
    );
    let next = bell.as_ref().and_then(|bell| {
        let now = Timestamp::from_millisecond(view.now).ok()?;
        Some(view.moment(bell.next(now)?.as_millisecond()))
    });
    let zone = Some(word(item, "timezone")).filter(|zone| !zone.is_empty());
    let zone = zone.unwrap_or_else(|| HOME.to_owned());
    let cells = [word(item, "at"), on, sound, volume, next.unwrap_or_default(), zone];
    Row::plain(index.to_string(), cells)
}

/// As the office understands it.
fn read(item: &Value) -> Option<Bell> {
    let whole = json!({ "bells": [item] }).to_string();
    let office = crate::office::document::document::parse(&whole, None).ok()?;
    office.speaker.bells.into_iter().next()
}

#[must_use]
pub fn new_bell() -> Page {
    let title = Words::new("새 벨", "New bell");
    Page::new(title, Form::new(Target::New { section: "bells" }, fields(&Value::Null)))
}

#[must_use]
pub fn bell(item: &Value) -> Page {
    let at = word(item, "at");
    let title = Words::new(format!("{at} 벨"), format!("Bell of {at}"));
    let target = Target::Same { section: "bells", item: item.clone() };
    Page::new(title, Form::new(target, fields(item)))
}

fn fields(item: &Value) -> Vec<Field> {
    let at = |path: &str| find(item, path);
    let usual = |path: &str, usual: &str| at(path).filter(|value| value.as_str() != Some(usual));
    let on = words(item, "days").join(", ");
    let on = at("days").filter(|_| on != TOGETHER[0]);
    vec![
        Field::text(
            "at",
            Words::new("시각", "At"),
            Words::new("예: 08:50", "such as 08:50"),
            at("at"),
        ),
        Field::choice("days", Words::new("요일", "On"), choices_of_days(on), on),
        Field::choice(
            "sound",
            Words::new("소리", "Sound"),
            room::sounds(RoomSound::Chime),
            usual("sound", RoomSound::Chime.name()),
        ),
        Field::text(
            "volume",
            Words::new("크기", "Volume"),
            Words::new("1~100, 비우면 80", "1 to 100; 80 unless told"),
            at("volume"),
        ),
        Field::text(
            "timezone",
            Words::new("시간대", "Time zone"),
            Words::new("비우면 Asia/Seoul", "Asia/Seoul unless told"),
            at("timezone"),
        ),
    ]
}

/// Those of `now` are among them, however they were chosen.
fn choices_of_days(now: Option<&Value>) -> Vec<Choice> {
    let named = |names: &str| Days::of(names.split(", ")).ok();
    let choice = |(index, names): (usize, &str)| {
        let list: Vec<&str> = names.split(", ").collect();
        let label = named(names).map_or_else(|| Words::same(names), days);
        Choice { label, value: (index > 0).then(|| json!(list)) }
    };
    let mut choices: Vec<Choice> =
        TOGETHER.into_iter().chain(EACH).enumerate().map(choice).collect();
    if let Some(now) = now
        && !choices.iter().any(|choice| choice.value.as_ref() == Some(now))
    {
        let names = words(&json!({ "days": now }), "days").join(", ");
        choices
            .extend(named(&names).map(|on| Choice { label: days(on), value: Some(now.clone()) }));
    }
    choices
}
