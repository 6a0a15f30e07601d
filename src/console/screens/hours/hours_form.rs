//! What a set of operating hours can be told: its clock, the ranges of each day, public holidays.

use serde_json::{Value, json};

use crate::console::document::find;
use crate::console::edit::Target;
use crate::console::screens::form::page::Page;
use crate::console::screens::hours::hours::target;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::office::hours::week::Week;
use crate::words::Words;

/// The days of the week from Monday on.
pub const DAYS: [(&str, &str); 7] = [
    ("월", "Mon"),
    ("화", "Tue"),
    ("수", "Wed"),
    ("목", "Thu"),
    ("금", "Fri"),
    ("토", "Sat"),
    ("일", "Sun"),
];

#[must_use]
pub fn new_hours() -> Page {
    let mut fields = vec![Field::text(
        "name",
        Words::new("이름", "Name"),
        Words::new("번호와 팀이 부르는 이름, 예: 사무실", "what numbers and teams call it: office"),
        None,
    )];
    fields.extend(fields_of(&Value::Null));
    let title = Words::new("새 운영시간", "New hours");
    Page::new(title, Form::new(Target::New { section: "hours" }, fields))
}

/// None: there is no such set. The cursor stands on `day`, such as `wed`, if it is one.
#[must_use]
pub fn hours_form(view: &View<'_>, name: &str, day: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("hours", "name", name)?;
    let title = Words::new(format!("운영시간 {name}"), format!("Hours {name}"));
    let mut form = Form::new(target(name), fields_of(item));
    form.stand_on(&format!("week.{day}"));
    Some(Page::comparing(title, form))
}

fn fields_of(item: &Value) -> Vec<Field> {
    let day = |(key, (ko, en)): (&str, (&str, &str))| {
        let path = format!("week.{key}");
        Field::words(
            &path,
            Words::new(ko, en),
            Words::new(
                "쉼표로: 09:00-12:00, 13:00-18:00. 비우면 닫힘. 22:00-06:00은 다음 날까지",
                "by commas: 09:00-12:00, 13:00-18:00; empty: closed; 22:00-06:00 ends next day",
            ),
            find(item, &path),
        )
    };
    let mut fields: Vec<Field> = Week::DAYS.into_iter().zip(DAYS).map(day).collect();
    fields.push(Field::choice(
        "public_holidays",
        Words::new("공휴일", "Public holidays"),
        vec![
            Choice::new(None, "쉬지 않음", "none"),
            Choice::new(Some(json!("KR")), "대한민국 공휴일에 쉼", "closed on those of Korea"),
            Choice::new(Some(json!("JP")), "일본 공휴일에 쉼", "closed on those of Japan"),
        ],
        find(item, "public_holidays"),
    ));
    fields.push(Field::text(
        "timezone",
        Words::new("시간대", "Time zone"),
        Words::new("비우면 Asia/Seoul", "Asia/Seoul unless told"),
        find(item, "timezone"),
    ));
    fields
}
