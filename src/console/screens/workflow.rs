//! One workflow: its steps as a tree, how often callers came to each, where they left.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::api::workflow_schema::WorkflowList;
use crate::console::action::{Action, Place, Request};
use crate::console::document::said;
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::saving::Saving;
use crate::console::screens::list::Listed;
use crate::console::screens::workflow_tree::{Node, does as told_step, tree};
use crate::console::screens::workflows::{figures, shown_state, switch, trigger};
use crate::console::setup::{SetupPlace, SetupReport, SetupRequest};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::walk_record::{StepCount, WalkEnd};
use crate::history::workflow_figures::WorkflowFigures;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Version,
    Switch,
    Edit,
}

#[derive(Debug)]
pub struct WorkflowPage {
    name: String,
    list: Option<WorkflowList>,
    /// Whose figures are seen: 0 is the version in force.
    version: usize,
    saving: Saving,
}

impl WorkflowPage {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), list: None, version: 0, saving: Saving::default() }
    }

    fn item<'v>(&self, view: &View<'v>) -> Option<&'v Value> {
        view.model.office.as_ref()?.item("workflows", "name", &self.name)
    }

    fn versions(&self) -> Vec<&WorkflowFigures> {
        self.list.as_ref().map_or_else(Vec::new, |list| figures(list, &self.name))
    }

    fn seen(&self) -> Option<&WorkflowFigures> {
        self.versions().get(self.version).copied()
    }

    fn version_line(&self, view: &View<'_>) -> Line {
        let versions = self.versions();
        let Some(seen) = self.seen() else {
            let text = view.pick("아직 실행된 적이 없습니다", "it has not been run yet");
            return Line::toned(text, Tone::Dim);
        };
        let head = format!(
            "{} {} ({}/{}, {} {})  ",
            view.pick("버전", "version"),
            seen.version,
            self.version + 1,
            versions.len(),
            view.pick("처음", "since"),
            view.moment(seen.first),
        );
        let mut pieces = vec![(head, Tone::Plain)];
        for (end, count) in &seen.runs {
            let tone = if *end == WalkEnd::Failed { Tone::Bad } else { Tone::Dim };
            pieces.push((format!("{} {count}  ", ended(view, *end)), tone));
        }
        Line(pieces)
    }
}

fn ended<'v>(view: &View<'v>, end: WalkEnd) -> &'v str {
    let (ko, en) = match end {
        WalkEnd::Finished => ("끝까지", "to its end"),
        WalkEnd::Connected => ("연결", "connected"),
        WalkEnd::HungUp => ("끊음", "ended the call"),
        WalkEnd::Voicemail => ("음성 메시지", "voicemail"),
        WalkEnd::NoInput => ("입력 없음", "no key"),
        WalkEnd::CallerLeft => ("고객이 끊음", "caller left"),
        WalkEnd::Callback => ("다시 걸기로 약속", "a call back promised"),
        WalkEnd::Failed => ("실패", "failed"),
    };
    view.pick(ko, en)
}

impl Listed for WorkflowPage {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("단계", "STEP", Width::Share(3)),
        column("하는 일", "DOES", Width::Share(2)),
        column("들음", "VIEWS", Width::Columns(6)),
        column("이탈", "LEFT", Width::Columns(10)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Char('v'), "v", Does::Version, "다른 버전", "another version"),
        write(KeyCode::Char('o'), "o", Does::Switch, "켜고 끄기", "on or off"),
        write(KeyCode::Char('e'), "e", Does::Edit, "고치기", "edit"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("워크플로우", "Workflow"), self.name)
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let Some(item) = self.item(view) else { return Vec::new() };
        let (state, tone) = shown_state(view, item);
        let mut pieces =
            vec![(format!("{state}  "), tone), (format!("{}  ", trigger(view, item)), Tone::Plain)];
        for key in ["run", "only", "delay", "repeat", "scope", "missed"] {
            if let Some(value) = item.get(key).filter(|value| *value != "always") {
                pieces.push((format!("{key} {}  ", said(value)), Tone::Dim));
            }
        }
        vec![Line(pieces), self.version_line(view), Line::default()]
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(item) = self.item(view) else { return Vec::new() };
        let seen = self.seen();
        let nodes = tree(item).into_iter().enumerate();
        nodes.map(|(index, node)| row(view, (index, &node), item, seen)).collect()
    }

    fn does(&mut self, does: Does, _chosen: Option<&str>, view: &View<'_>) -> Action {
        match does {
            Does::Version => {
                self.version = (self.version + 1) % self.versions().len().max(1);
                Action::Redraw
            }
            Does::Edit => {
                let place = SetupPlace::WorkflowEdit(Some(self.name.clone()));
                Action::Open(Place::Setup(place))
            }
            Does::Switch => switch(view, &self.name, &mut self.saving),
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

fn row(
    view: &View<'_>,
    (index, node): (usize, &Node),
    item: &Value,
    seen: Option<&WorkflowFigures>,
) -> Row {
    let nothing = StepCount::default();
    let count = |step: &str| seen.and_then(|figures| figures.steps.get(step)).unwrap_or(&nothing);
    // How often the key that leads here was pressed.
    let pressed = match node.by.chars().next().filter(|_| node.by.chars().count() == 1) {
        Some(key) => count(&node.from).keys.get(&key).map(|times| format!("×{times}")),
        None => None,
    };
    let by = match (by(view, &node.by), pressed) {
        ("", _) => String::new(),
        (by, pressed) => format!("{by}{}  ", pressed.unwrap_or_default()),
    };
    let id = format!("{index} {}", node.step);
    let again = if node.is_again { view.pick(" ↑ 위에", " ↑ above") } else { "" };
    let name = format!("{}{by}{}{again}", node.branch, node.step);
    if node.is_again {
        return Row { id, cells: vec![(name, Tone::Dim)] };
    }
    let StepCount { views, left, .. } = count(&node.step);
    let lost = (left * 100).checked_div(*views).filter(|_| *left > 0);
    let lost = lost.map_or_else(String::new, |percent| format!("{left} {percent}%"));
    let cells = vec![
        (name, Tone::Plain),
        (told_step(item, &node.step), Tone::Dim),
        (format!("{views:>6}"), Tone::Plain),
        (format!("{lost:>10}"), if *left > 0 { Tone::Warn } else { Tone::Plain }),
    ];
    Row { id, cells }
}

/// What leads to a step, in words where the document has a word of its own.
fn by<'v>(view: &View<'v>, key: &'v str) -> &'v str {
    match key {
        "otherwise" => view.pick("아니면", "otherwise"),
        "unavailable" => view.pick("받을 사람 없음", "nobody there"),
        "silent" => view.pick("누르지 않음", "no key"),
        "star" => "*",
        other => other,
    }
}
