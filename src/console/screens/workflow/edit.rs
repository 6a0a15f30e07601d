//! A workflow that is being written: in the editor, then checked here, then saved or gone back to.

use ratatui::crossterm::event::KeyCode;

use crate::api::refusal::Refusal;
use crate::api::schema::comparison::OfficeComparison;
use crate::console::action::{Action, Request};
use crate::console::editor::{self, Draft};
use crate::console::keymap::{Binding, write};
use crate::console::report::{Report, saved};
use crate::console::screens::form::comparing::unknown;
use crate::console::screens::form::paper::Reading;
use crate::console::setup::{SetupReport, SetupRequest, Tried, WorkflowTry};
use crate::console::theme::{Tone, lamp};
use crate::console::ticket;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::workflow_text::{beginning, for_editor, from_editor};
use crate::locale::Speech;
use crate::words::Words;
use crate::yaml::Fault;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Save,
    Edit,
}

#[derive(Debug)]
pub struct WorkflowEdit {
    /// None: it is a new one.
    name: Option<String>,
    /// As it is saved; a new one's is empty.
    original: String,
    /// As it was written last.
    text: String,
    ticket: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Its text is being read.
    Reading,
    /// A new one, to be begun.
    Ready,
    /// The editor has it.
    Writing,
    Checking,
    Saving,
    Tried(Tried),
    Refused(Refusal),
    /// There is no editor, or it failed.
    Failed(Words),
}

impl WorkflowEdit {
    #[must_use]
    pub fn of(name: &str) -> Self {
        let (original, text) = (String::new(), String::new());
        Self { name: Some(name.to_owned()), original, text, ticket: 0, state: State::Reading }
    }

    #[must_use]
    pub fn new_one(view: &View<'_>) -> Self {
        let text = beginning(view);
        Self { name: None, original: text.clone(), text, ticket: 0, state: State::Ready }
    }

    fn edit(&mut self, view: &View<'_>) -> Action {
        if editor::command().is_none() {
            self.state = State::Failed(editor::missing());
            return Action::Redraw;
        }
        let faults = match &self.state {
            State::Refused(refusal) => refusal.errors.clone(),
            State::Reading
            | State::Ready
            | State::Writing
            | State::Checking
            | State::Saving
            | State::Tried(_)
            | State::Failed(_) => Vec::new(),
        };
        let text = for_editor(view, &self.text, &faults);
        self.ticket = ticket::next();
        self.state = State::Writing;
        Action::Write(Draft { ticket: self.ticket, text })
    }

    fn written(&mut self, told: &Result<String, Words>) -> Action {
        match told {
            Ok(text) => {
                self.text = from_editor(text);
                self.ask(false)
            }
            Err(words) => {
                self.state = State::Failed(words.clone());
                Action::Redraw
            }
        }
    }

    fn ask(&mut self, saves: bool) -> Action {
        self.ticket = ticket::next();
        self.state = if saves { State::Saving } else { State::Checking };
        let (name, text) = (self.name.clone(), self.text.clone());
        let wanted = WorkflowTry { name, text, saves, ticket: self.ticket };
        Action::Ask(Request::Setup(SetupRequest::TryWorkflow(wanted)))
    }

    fn tried(&mut self, told: &Result<Tried, Refusal>) -> Action {
        let was_saving = matches!(self.state, State::Saving);
        match told {
            Ok(_) if was_saving => Action::Leave(saved()),
            Ok(tried) => {
                self.state = State::Tried(tried.clone());
                Action::Redraw
            }
            Err(refusal) => {
                self.state = State::Refused(refusal.clone());
                Action::Redraw
            }
        }
    }

    fn save(&mut self) -> Action {
        match &self.state {
            State::Tried(tried) if !tried.changes.is_empty() => self.ask(true),
            State::Tried(_) => {
                Action::Leave(Words::new("바뀐 것이 없습니다", "nothing has been changed"))
            }
            State::Reading | State::Writing | State::Checking | State::Saving => Action::Ignored,
            State::Ready | State::Refused(_) | State::Failed(_) => Action::Say(Words::new(
                "저장할 것이 아직 없습니다. e로 편집기를 엽니다",
                "there is nothing to save yet; e opens the editor",
            )),
        }
    }
}

impl Reading for WorkflowEdit {
    type Does = Does;

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Enter, "Enter", Does::Save, "저장", "save"),
        write(KeyCode::Char('e'), "e", Does::Edit, "다시 편집기로", "to the editor again"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        let new = view.pick("새 워크플로우", "new workflow");
        let name = self.name.as_deref().unwrap_or(new);
        format!("{} {name}", view.pick("워크플로우 고치기:", "Editing the workflow"))
    }

    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let dim = |ko, en| vec![Line::toned(view.pick(ko, en), Tone::Dim)];
        match &self.state {
            State::Reading => dim("불러오는 중입니다", "being read"),
            State::Ready => ready_lines(view, width),
            State::Writing => dim("편집기에서 고치는 중입니다", "in the editor"),
            State::Checking => dim("검사하고 있습니다 …", "being checked …"),
            State::Saving => dim("저장하고 있습니다 …", "being saved …"),
            State::Failed(words) => Line::wrapped("", view.say(words), width, 0, Tone::Bad),
            State::Tried(tried) => tried_lines(view, tried, width),
            State::Refused(refusal) => refused_lines(view, refusal, &self.text, width),
        }
    }

    fn does(&mut self, does: Does, view: &View<'_>) -> Action {
        match does {
            Does::Save => self.save(),
            Does::Edit if matches!(self.state, State::Checking | State::Saving) => Action::Ignored,
            Does::Edit => self.edit(view),
        }
    }

    fn wanted(&self) -> Option<Request> {
        let name = self.name.clone().filter(|_| matches!(self.state, State::Reading))?;
        Some(Request::Setup(SetupRequest::WorkflowText(name)))
    }

    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        let Report::Setup(report) = report else { return Action::Ignored };
        if let SetupReport::WorkflowText { name, text } = report
            && self.name.as_ref() == Some(name)
            && matches!(self.state, State::Reading)
        {
            self.original.clone_from(text);
            self.text.clone_from(text);
            return self.edit(view);
        }
        if let SetupReport::Written { ticket, told } = report
            && *ticket == self.ticket
        {
            return self.written(told);
        }
        if let SetupReport::WorkflowTried { ticket, told } = report
            && *ticket == self.ticket
        {
            return self.tried(told);
        }
        Action::Ignored
    }

    /// What was written is dropped only by whoever knows that it is.
    fn leaving(&self) -> Option<Words> {
        let is_kept = matches!(&self.state, State::Tried(tried) if tried.changes.is_empty());
        let is_lost = !is_kept && !self.text.is_empty() && self.text != self.original;
        is_lost.then(|| {
            Words::new(
                "저장하지 않은 것이 있습니다. 버리려면 Esc를 한 번 더 누르세요",
                "it is not saved; Esc again drops what was written, e goes on with it",
            )
        })
    }
}

fn ready_lines(view: &View<'_>, width: usize) -> Vec<Line> {
    let Some(command) = editor::command() else {
        return Line::wrapped("", view.say(&editor::missing()), width, 0, Tone::Bad);
    };
    let name = command.split_whitespace().next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    let text = match view.speech {
        Speech::Korean => format!(
            "e를 누르면 편집기({name})가 예제와 함께 열립니다. 고친 뒤 저장하고 편집기를 끝내면 여기로 돌아와 검사합니다. 켜기 전에는 아무 전화도 오지 않습니다."
        ),
        Speech::English => format!(
            "e opens the editor ({name}) with an example. Change it, save and leave the editor: it is checked here, and nothing is changed before you say so. No call comes to it while it is off."
        ),
    };
    Line::wrapped("", &text, width, 0, Tone::Plain)
}

fn tried_lines(view: &View<'_>, tried: &Tried, width: usize) -> Vec<Line> {
    if tried.changes.is_empty() {
        let text = view.pick("바뀐 것이 없습니다", "nothing has been changed");
        return vec![Line::toned(text, Tone::Dim)];
    }
    let good = view.pick("이대로 저장할 수 있습니다", "it can be saved like this");
    let mut lines = vec![Line::toned(format!("{} {good}", lamp(Tone::Good)), Tone::Good)];
    lines.push(Line::default());
    for change in &tried.changes {
        lines.extend(Line::wrapped("", view.say(change), width, 2, Tone::Plain));
    }
    lines.push(Line::default());
    let compared = tried.compared.as_ref().map(OfficeComparison::words);
    let compared = compared.unwrap_or_else(unknown);
    lines.extend(Line::wrapped("", view.say(&compared), width, 0, Tone::Warn));
    lines.push(Line::default());
    let next = view.pick("Enter를 누르면 저장합니다", "Enter saves it");
    lines.push(Line::plain(next));
    lines
}

/// Each fault with the line that it is about.
fn refused_lines(view: &View<'_>, refusal: &Refusal, text: &str, width: usize) -> Vec<Line> {
    let bad = view.pick(
        "아직 저장할 수 없습니다. e를 눌러 고치세요. 잘못된 줄 아래에 까닭이 적혀 있습니다",
        "it cannot be saved yet; e goes back to the editor, with the reason under each line",
    );
    let mut lines = Line::wrapped(lamp(Tone::Bad), bad, width, 2, Tone::Bad);
    lines.push(Line::default());
    if refusal.errors.is_empty() {
        lines.extend(Line::wrapped("", view.say(&refusal.message), width, 0, Tone::Plain));
    }
    for Fault { line, field, message } in &refusal.errors {
        let place = match (*line, view.speech) {
            (0, _) => field.clone(),
            (line, Speech::Korean) => format!("{line}번째 줄  {field}"),
            (line, Speech::English) => format!("line {line}  {field}"),
        };
        lines.push(Line::heading(place));
        let written =
            usize::try_from(*line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?));
        lines.extend(written.map(|text| Line::toned(format!("  {}", text.trim()), Tone::Dim)));
        lines.extend(Line::wrapped("", view.say(message), width, 2, Tone::Plain));
    }
    lines
}
