//! The office's workflows, in the order in which they are asked.

use ratatui::crossterm::event::KeyCode;
use serde_json::{Value, json};

use crate::api::schema::workflow::{WorkflowLine, WorkflowList};
use crate::console::action::{Action, Place, Request};
use crate::console::document::word;
use crate::console::edit::{Edit, Step, Target};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::setup::{SetupPlace, SetupReport, SetupRequest};
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Open,
    Switch,
    Edit,
    New,
    Earlier,
    Later,
    Remove,
}

#[derive(Debug, Default)]
pub struct Workflows {
    list: Option<WorkflowList>,
    saving: Saving,
}

impl Listed for Workflows {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("워크플로우", "WORKFLOW", Width::Share(2)),
        column("상태", "STATE", Width::Columns(8)),
        column("시작", "TRIGGER", Width::Columns(20)),
        column("단계", "STEPS", Width::Columns(5)),
        column("실행", "RUNS", Width::Columns(7)),
        column("번호", "NUMBERS", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Open, "단계", "its steps"),
        write(KeyCode::Char('o'), "o", Does::Switch, "켜고 끄기", "on or off"),
        write(KeyCode::Char('e'), "e", Does::Edit, "고치기", "edit"),
        write(KeyCode::Char('n'), "n", Does::New, "새로", "new"),
        write(KeyCode::Char('['), "[ ]", Does::Earlier, "순서", "order"),
        write(KeyCode::Char(']'), "]", Does::Later, "뒤로", "later"),
        write(KeyCode::Char('x'), "x", Does::Remove, "삭제", "remove"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(office) = &view.model.office else { return Vec::new() };
        let line = |item: &Value| row(view, item, self.list.as_ref());
        office.items("workflows").iter().map(line).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "워크플로우가 없습니다. n을 누르면 예제로 하나를 시작합니다",
            "there are no workflows; n begins one with an example",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        if matches!(does, Does::New) {
            return Action::Open(Place::Setup(SetupPlace::WorkflowEdit(None)));
        }
        let Some(name) = chosen else { return Action::Ignored };
        match does {
            Does::New => Action::Ignored,
            Does::Edit => {
                Action::Open(Place::Setup(SetupPlace::WorkflowEdit(Some(name.to_owned()))))
            }
            Does::Earlier => self.shift(name, false),
            Does::Later => self.shift(name, true),
            Does::Remove => self.remove(name),
            Does::Open => Action::Open(Place::Setup(SetupPlace::Workflow(name.to_owned()))),
            Does::Switch => switch(view, name, &mut self.saving),
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Setup(SetupRequest::Workflows))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Setup(SetupReport::Workflows(list)) = report {
            self.list = Some((**list).clone());
            return Action::Redraw;
        }
        self.saving.told(report)
    }
}

impl Workflows {
    /// They are asked in the order in which they stand.
    fn shift(&mut self, name: &str, is_down: bool) -> Action {
        let id = name.to_owned();
        let step = Step::Shift { path: "workflows".to_owned(), key: "name", id, is_down };
        Action::Ask(self.saving.of(vec![Edit { target: Target::Whole, steps: vec![step] }]))
    }

    fn remove(&mut self, name: &str) -> Action {
        let question = Words::new(
            format!("워크플로우 {name}을(를) 삭제할까요? 실행 취소 화면에서 되돌릴 수 있습니다"),
            format!("Remove the workflow {name}? The Undo screen takes it back"),
        );
        let target = Target::Item { section: "workflows", key: "name", id: name.to_owned() };
        self.saving.remove(target, question)
    }
}

/// Switches a workflow on or off; the office's own rules say whether that can be.
#[must_use]
pub fn switch(view: &View<'_>, name: &str, saving: &mut Saving) -> Action {
    let office = view.model.office.as_ref();
    let Some(item) = office.and_then(|office| office.item("workflows", "name", name)) else {
        return Action::Ignored;
    };
    let to = if is_on(item) { Some(json!("false")) } else { None };
    let target = Target::Item { section: "workflows", key: "name", id: name.to_owned() };
    let steps = vec![Step::Set("active".to_owned(), to)];
    Action::Ask(saving.of(vec![Edit { target, steps }]))
}

#[must_use]
pub fn is_on(item: &Value) -> bool {
    word(item, "active") != "false"
}

/// `● on`.
#[must_use]
pub fn shown_state(view: &View<'_>, item: &Value) -> (String, Tone) {
    let (said, tone) = if is_on(item) {
        (view.pick("켜짐", "on"), Tone::Good)
    } else {
        (view.pick("꺼짐", "off"), Tone::Dim)
    };
    (format!("{} {said}", lamp(tone)), tone)
}

/// What starts it, in words.
#[must_use]
pub fn trigger<'v>(view: &View<'v>, item: &'v Value) -> &'v str {
    let word = item.get("trigger").and_then(Value::as_str).unwrap_or_default();
    let (ko, en) = match word {
        "customer_called" => ("고객이 걸었을 때", "a customer calls"),
        "call_entered" => ("연결되기 전", "before agents ring"),
        "call_queued" => ("기다리는 동안", "while they wait"),
        "agent_called" => ("매니저가 걸 때", "an agent calls out"),
        "call_ended" => ("전화가 끝난 뒤", "after the call"),
        "module" => ("다른 워크플로우가 부름", "another calls it"),
        other => (other, other),
    };
    view.pick(ko, en)
}

/// Its figures by version, the one in force first.
#[must_use]
pub fn figures<'l>(list: &'l WorkflowList, name: &str) -> Vec<&'l WorkflowFigures> {
    let version = list.workflows.iter().find(|line| line.name == name).map(|line| &line.version);
    let mut found: Vec<&WorkflowFigures> =
        list.figures.iter().filter(|figures| figures.workflow == name).collect();
    found.sort_by_key(|figures| Some(&figures.version) != version);
    found
}

fn row(view: &View<'_>, item: &Value, list: Option<&WorkflowList>) -> Row {
    let name = word(item, "name");
    let steps = item.get("steps").and_then(Value::as_array).map_or(0, Vec::len);
    let line: Option<&WorkflowLine> =
        list.and_then(|list| list.workflows.iter().find(|line| line.name == name));
    let in_force = list.and_then(|list| {
        let newest = figures(list, &name).into_iter().next()?;
        (Some(&newest.version) == line.map(|line| &line.version)).then_some(newest)
    });
    let runs = in_force.map_or(0, |figures| figures.runs.values().sum::<u64>());
    let plain = |text: String| (text, Tone::Plain);
    let cells = vec![
        plain(name.clone()),
        shown_state(view, item),
        plain(trigger(view, item).to_owned()),
        plain(steps.to_string()),
        plain(runs.to_string()),
        plain(line.map_or_else(String::new, |line| line.numbers.join(", "))),
    ];
    Row { id: name, cells }
}
