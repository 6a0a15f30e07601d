//! What holds for the whole office.

use ratatui::crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::console::action::{Action, Place, Request};
use crate::console::document::{Document, find};
use crate::console::edit::Target;
use crate::console::keymap::{Binding, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::page::Page;
use crate::console::screens::form::saving::Saving;
use crate::console::screens::targets;
use crate::console::setup::{SetupPlace, SetupReport, SetupRequest};
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::live::Update;
use crate::office::duration;
use crate::words::Words;

const TONES: &str = "policies.conference.tones";

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Change,
    NewTarget,
    RemoveTarget,
}

#[derive(Debug, Default)]
pub struct Policies {
    /// What to look at beside wrap-up.
    warnings: Vec<Words>,
    saving: Saving,
}

impl Listed for Policies {
    type Does = Does;

    const COLUMNS: &'static [Column] =
        &[column("정해진 것", "RULE", Width::Columns(40)), column("값", "NOW", Width::Share(1))];

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Enter, "Enter", Does::Change, "바꾸기", "change"),
        write(KeyCode::Char('n'), "n", Does::NewTarget, "새 목표", "new target"),
        write(KeyCode::Char('x'), "x", Does::RemoveTarget, "목표 삭제", "remove target"),
    ];

    fn above(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let warning =
            |words: &Words| Line::wrapped(lamp(Tone::Warn), view.say(words), width, 2, Tone::Warn);
        self.warnings.iter().flat_map(warning).collect()
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        let row = |field: &Field| {
            let label = view.say(&field.label).to_owned();
            let shown = field.shown(view);
            if shown.is_empty() {
                let unset = view.pick("따로 정하지 않음", "not set").to_owned();
                let cells = vec![(label, Tone::Plain), (unset, Tone::Dim)];
                return Row { id: field.path.clone(), cells };
            }
            Row::plain(field.path.clone(), [label, in_words(view, &shown)])
        };
        let rules = fields(office);
        let rules = rules.iter().filter(|field| !field.is_heading()).map(row);
        rules.chain(targets::rows(view)).collect()
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let path = chosen.unwrap_or_default();
        let open = |place: SetupPlace| Action::Open(Place::Setup(place));
        match (does, targets::of_row(view, path)) {
            (Does::NewTarget, _) => open(SetupPlace::NewTarget),
            (Does::Change, None) => open(SetupPlace::Policies(path.to_owned())),
            (Does::Change, Some(item)) => open(SetupPlace::Target(item.clone())),
            (Does::RemoveTarget, None) => Action::Say(Words::new(
                "여기서는 목표만 삭제합니다",
                "only targets are removed here",
            )),
            (Does::RemoveTarget, Some(item)) => {
                let question = Words::new("이 목표를 삭제할까요?", "Remove this target?");
                let target = Target::Same { section: targets::SECTION, item: item.clone() };
                self.saving.remove(target, question)
            }
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Setup(SetupRequest::Warnings))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Setup(SetupReport::Warnings(warnings)) = report {
            self.warnings.clone_from(warnings);
            return Action::Redraw;
        }
        if let Report::Update(Update::OfficeChanged) = report {
            return Action::Ask(Request::Setup(SetupRequest::Warnings));
        }
        self.saving.told(report)
    }
}

fn in_words(view: &View<'_>, shown: &str) -> String {
    let time = duration::parse(shown).map(|time| view.say(&duration::words(time)).to_owned());
    time.unwrap_or_else(|_| match shown {
        "forever" => view.pick("언제까지나", "for ever").to_owned(),
        "none" => view.pick("제한 없이", "no limit").to_owned(),
        other => other.to_owned(),
    })
}

/// None: the office is not known. The cursor stands on the field of `path`.
#[must_use]
pub fn policies(view: &View<'_>, path: &str) -> Option<Page> {
    let office = view.model.office.as_ref()?;
    let title = Words::new("정책 바꾸기", "Change the rules");
    let mut form = Form::new(Target::Whole, fields(office));
    form.stand_on(path);
    Some(Page::new(title, form))
}

fn fields(office: &Document) -> Vec<Field> {
    let at = |path: &str| find(office.whole(), path);
    let mut fields = dialling(&at);
    fields.extend(wrap_up(&at));
    fields.extend(recording(&at));
    fields.push(Field::heading("통계", "Figures"));
    fields.push(Field::text(
        "policies.timezone",
        Words::new("하루를 세는 시간대", "The clock of days"),
        Words::new(
            "예: Asia/Seoul, 비우면 운영시간의 것",
            "such as Asia/Seoul; that of the hours unless told",
        ),
        at("policies.timezone"),
    ));
    fields.push(Field::heading("여럿이 통화할 때", "When several talk"));
    fields.push(Field::choice(
        TONES,
        Words::new("들어오고 나갈 때 신호음", "A tone when somebody comes or goes"),
        vec![Choice::new(None, "있음", "on"), Choice::new(Some(json!("false")), "없음", "off")],
        at(TONES).filter(|value| *value != "true"),
    ));
    fields
}

fn dialling<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    vec![
        Field::heading("거는 전화", "Calls that go out"),
        Field::text(
            "policies.dial_out.home",
            Words::new("이 사무실의 국가 번호", "This office's country code"),
            Words::new("예: 82", "such as 82"),
            at("policies.dial_out.home"),
        ),
        Field::words(
            "policies.dial_out.countries",
            Words::new("걸 수 있는 나라", "Countries that may be called"),
            Words::new("국가 번호를 쉼표로: +82, +1", "country codes, parted by commas: +82, +1"),
            at("policies.dial_out.countries"),
        ),
        Field::words(
            "policies.dial_out.emergency",
            Words::new("언제나 걸 수 있는 긴급 번호", "Emergency numbers, always allowed"),
            Words::new("쉼표로: 112, 119", "parted by commas: 112, 119"),
            at("policies.dial_out.emergency"),
        ),
    ]
}

fn wrap_up<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    let path = "policies.wrap_up.enabled";
    vec![
        Field::heading("후처리", "Wrap-up"),
        Field::choice(
            path,
            Words::new("통화 뒤의 후처리", "Wrap-up after calls"),
            vec![
                Choice::new(Some(json!("true")), "있음", "on"),
                Choice::new(Some(json!("false")), "없음", "off"),
                Choice::new(None, "기본", "as usual"),
            ],
            at(path),
        ),
        Field::text(
            "policies.wrap_up.limit",
            Words::new("후처리 제한 시간", "Wrap-up: its limit"),
            Words::new("10s~60m, 제한이 없으면 none", "10s to 60m, or none"),
            at("policies.wrap_up.limit"),
        ),
    ]
}

fn recording<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    let format = "policies.recording.format";
    vec![
        Field::heading("녹음", "Recording"),
        Field::choice(
            format,
            Words::new("녹음 파일 종류", "Recordings: kind of file"),
            vec![
                Choice::new(None, "기본 (opus)", "as usual (opus)"),
                Choice::new(Some(json!("opus")), "opus, 1시간에 15 MB", "opus, 15 MB an hour"),
                Choice::new(Some(json!("wav")), "wav, 1시간에 230 MB", "wav, 230 MB an hour"),
            ],
            at(format),
        ),
        Field::text(
            "policies.recording.keep",
            Words::new("녹음 보관 기간", "Recordings are kept for"),
            Words::new("90d처럼 하루 이상, 또는 forever", "a day or more such as 90d, or forever"),
            at("policies.recording.keep"),
        ),
        Field::text(
            "policies.recording.free_disk",
            Words::new("녹음이 남겨 두는 디스크 공간", "Recordings leave free on the disk"),
            Words::new("예: 2GB", "such as 2GB"),
            at("policies.recording.free_disk"),
        ),
        Field::text(
            "policies.recording.limit",
            Words::new("녹음 한 건의 길이 제한", "Longest recording"),
            Words::new("1m~12h", "1m to 12h"),
            at("policies.recording.limit"),
        ),
    ]
}
