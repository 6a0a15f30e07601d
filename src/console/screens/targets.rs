//! What today's figures shall reach, as rows and forms among the rules of the office (L161).

use serde_json::Value;

use crate::console::document::{find, said};
use crate::console::edit::Target;
use crate::console::screens::form::page::Page;
use crate::console::view::View;
use crate::console::widgets::field::Field;
use crate::console::widgets::form::Form;
use crate::console::widgets::table::Row;
use crate::words::Words;

/// Where they stand in the document.
pub const SECTION: &str = "policies.targets";

/// Each as the document has it.
#[must_use]
pub fn targets<'v>(view: &View<'v>) -> &'v [Value] {
    let all = view.model.office.as_ref().and_then(|office| find(office.whole(), SECTION));
    all.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The one of a row.
#[must_use]
pub fn of_row<'v>(view: &View<'v>, id: &str) -> Option<&'v Value> {
    let index = id.strip_prefix(SECTION)?.strip_prefix('.')?;
    targets(view).get(index.parse::<usize>().ok()?)
}

#[must_use]
pub fn rows(view: &View<'_>) -> Vec<Row> {
    let label = view.pick("오늘의 목표", "A target of today");
    let row = |(index, item): (usize, &Value)| {
        Row::plain(format!("{SECTION}.{index}"), [label.to_owned(), said(item)])
    };
    targets(view).iter().enumerate().map(row).collect()
}

#[must_use]
pub fn new_target() -> Page {
    let title = Words::new("새 목표", "New target");
    Page::new(title, Form::new(Target::New { section: SECTION }, fields(&Value::Null)))
}

#[must_use]
pub fn target(item: &Value) -> Page {
    let title = Words::new("오늘의 목표", "A target of today");
    let target = Target::Same { section: SECTION, item: item.clone() };
    Page::new(title, Form::new(target, fields(item)))
}

fn fields(item: &Value) -> Vec<Field> {
    let at = |path: &str| find(item, path);
    let percent =
        || Words::new("오늘 전화의 퍼센트, 0이면 쓰지 않음", "percent of today's calls; 0 is off");
    vec![
        Field::text(
            "answer_rate",
            Words::new("응답률", "Answer rate"),
            percent(),
            at("answer_rate"),
        ),
        Field::text(
            "service_level",
            Words::new("서비스 레벨", "Service level"),
            percent(),
            at("service_level"),
        ),
        Field::text(
            "within",
            Words::new("이 시간 안에 받으면 제때", "In time is within"),
            Words::new("1s~1h, 비우면 20s", "1s to 1h; 20s unless told"),
            at("within"),
        ),
        Field::words(
            "numbers",
            Words::new("번호", "Numbers"),
            Words::new("쉼표로, 비우면 모두", "parted by commas; all unless told"),
            at("numbers"),
        ),
        Field::text(
            "hours",
            Words::new("운영시간", "Hours"),
            Words::new("운영시간의 이름, 비우면 언제나", "the name of a set; always unless told"),
            at("hours"),
        ),
        Field::text(
            "time",
            Words::new("하루 중 시간", "Time of the day"),
            Words::new("예: 09:00-12:00", "such as 09:00-12:00"),
            at("time"),
        ),
        Field::text(
            "webhook",
            Words::new("알릴 주소", "Told to"),
            Words::new("예: https://crm.example/alarm", "such as https://crm.example/alarm"),
            at("webhook"),
        ),
    ]
}
