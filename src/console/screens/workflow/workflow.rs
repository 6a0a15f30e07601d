//! One workflow: its steps as a tree, how often callers came to each, where they left.

use ratatui::crossterm::event::KeyCode;
use serde_json::Value;

use crate::api::schema::workflow::WorkflowList;
use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::screens::form::saving::Saving;
use crate::console::screens::workflow::tree::{Node, tree};
use crate::console::screens::workflow::workflows::{figures, shown_state, switch, trigger};
use crate::console::setup::{SetupPlace, SetupReport, SetupRequest};
use crate::console::text::fit;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::figures::workflow_figures::WorkflowFigures;
use crate::history::walk_record::{StepCount, WalkEnd};
use crate::office::condition_words::condition;
use crate::office::workflow::workflow::Workflow;
use crate::office::workflow_action_words::does as told_step;
use crate::office::workflow_words::{beginning_in_full, running};
use crate::words::Words;

/// Columns of what leads to a step: its name is to be seen, too.
const LONGEST_WAY: usize = 22;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Version,
    Switch,
    Edit,
}

#[derive(Debug)]
pub struct WorkflowPage {
    name: String,
    /// None: it is gone.
    workflow: Option<Workflow>,
    list: Option<WorkflowList>,
    /// Whose figures are seen: 0 is the version in force.
    version: usize,
    saving: Saving,
}

impl WorkflowPage {
    #[must_use]
    pub fn new(view: &View<'_>, name: &str) -> Self {
        let workflow = workflow_of(view, name);
        let (name, saving) = (name.to_owned(), Saving::default());
        Self { name, workflow, list: None, version: 0, saving }
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

    /// Which version's figures are seen, and how its runs ended.
    fn version_lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let versions = self.versions();
        let Some(seen) = self.seen() else {
            let text = view.pick("아직 실행된 적이 없습니다", "it has not been run yet");
            return vec![Line::toned(text, Tone::Dim)];
        };
        // The first eight are enough to tell versions of one workflow apart.
        let version: String = seen.version.chars().take(8).collect();
        let head = format!(
            "{} {version} ({}/{}, {} {})",
            view.pick("버전", "version"),
            self.version + 1,
            versions.len(),
            view.pick("처음", "since"),
            view.moment(seen.first),
        );
        let ends = seen.runs.iter().map(|(end, count)| format!("{} {count}", ended(view, *end)));
        let ends = ends.collect::<Vec<_>>().join("   ");
        let mut lines = vec![Line::plain(head)];
        lines.extend(Line::wrapped("", &ends, width, 0, Tone::Dim));
        lines
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

    fn above(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let Some(item) = self.item(view) else { return Vec::new() };
        let (state, tone) = shown_state(view, item);
        let mut pieces =
            vec![(format!("{state}  "), tone), (format!("{}  ", trigger(view, item)), Tone::Plain)];
        if let Some(workflow) = &self.workflow {
            let only = condition(&workflow.only);
            let only = if only.is_empty() {
                only
            } else {
                Words::new(format!("{}일 때만", only.ko), format!("only if {}", only.en))
            };
            let more = [beginning_in_full(&workflow.trigger), running(&workflow.run), only];
            let more = Words::joined(&more, ", ");
            pieces.push((view.say(&more).to_owned(), Tone::Dim));
        }
        let mut lines = vec![Line(pieces)];
        lines.extend(self.version_lines(view, width));
        lines.push(Line::default());
        lines
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(workflow) = &self.workflow else { return Vec::new() };
        let seen = self.seen();
        let nodes = tree(workflow).into_iter().enumerate();
        nodes.map(|(index, node)| row(view, (index, &node), seen)).collect()
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

    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        if let Report::Setup(SetupReport::Workflows(list)) = report {
            self.list = Some((**list).clone());
            return Action::Redraw;
        }
        if let Report::Office(_) = report {
            self.workflow = workflow_of(view, &self.name);
            return Action::Redraw;
        }
        self.saving.told(report)
    }
}

/// As the office understands it.
fn workflow_of(view: &View<'_>, name: &str) -> Option<Workflow> {
    let office = view.model.office.as_ref()?.read()?;
    let found = office.workflows.into_iter().find(|workflow| workflow.name.0 == name)?;
    Some((*found).clone())
}

fn row(view: &View<'_>, (index, node): (usize, &Node<'_>), seen: Option<&WorkflowFigures>) -> Row {
    let nothing = StepCount::default();
    let count = |step: &str| seen.and_then(|figures| figures.steps.get(step)).unwrap_or(&nothing);
    // How often the key that leads here was pressed.
    let pressed = node.pressed.and_then(|(from, key)| count(&from.0).keys.get(&key).copied());
    let pressed = pressed.map(|times| format!("×{times}")).unwrap_or_default();
    let by = fit(view.say(&node.by), LONGEST_WAY);
    let by = by.trim_end();
    let by = if by.is_empty() { String::new() } else { format!("{by}{pressed}  ") };
    let step = &node.step.name;
    let id = format!("{index} {step}");
    let again = if node.is_again { view.pick(" ↑ 위에", " ↑ above") } else { "" };
    let name = format!("{}{by}{step}{again}", node.branch);
    if node.is_again {
        return Row { id, cells: vec![(name, Tone::Dim)] };
    }
    let StepCount { views, left, .. } = count(&step.0);
    let lost = (left * 100).checked_div(*views).filter(|_| *left > 0);
    let lost = lost.map_or_else(String::new, |percent| format!("{left} {percent}%"));
    let cells = vec![
        (name, Tone::Plain),
        (view.say(&told_step(&node.step.action)).to_owned(), Tone::Dim),
        (format!("{views:>6}"), Tone::Plain),
        (format!("{lost:>10}"), if *left > 0 { Tone::Warn } else { Tone::Plain }),
    ];
    Row { id, cells }
}
