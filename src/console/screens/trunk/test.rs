//! Whether a trunk works: each step of the test, what helps, and the messages that went to and fro.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::trunk::{
    TestCheck, TestResult, TrunkTest, TrunkTestMessage, TrunkTestStep,
};
use crate::console::action::{Action, Request};
use crate::console::keymap::{Binding, look};
use crate::console::report::Report;
use crate::console::screens::form::paper::Reading;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::words::Words;

/// Blanks before what belongs to the line above.
const MARGIN: usize = 4;

#[derive(Debug)]
pub struct TrunkTestPage {
    name: String,
    state: State,
}

#[derive(Debug)]
enum State {
    Asked,
    Told(Box<TrunkTest>),
    /// It could not be tried.
    Refused(Words),
}

impl TrunkTestPage {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), state: State::Asked }
    }

    fn request(&self) -> Request {
        Request::Setup(SetupRequest::TestTrunk(self.name.clone()))
    }
}

impl Reading for TrunkTestPage {
    type Does = ();

    const KEYS: &'static [Binding<()>] =
        &[look(KeyCode::Char('t'), "t", (), "다시 시험", "test again")];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("회선 시험:", "Test of the trunk"), self.name)
    }

    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        match &self.state {
            State::Asked => Line::wrapped(
                "",
                view.pick(
                    "시험하고 있습니다. 통신사가 답하지 않으면 몇 초 걸립니다 …",
                    "being tested; it takes some seconds when the provider does not answer …",
                ),
                width,
                0,
                Tone::Dim,
            ),
            State::Refused(words) => Line::wrapped("", view.say(words), width, 0, Tone::Bad),
            State::Told(test) => found(view, test, width),
        }
    }

    fn does(&mut self, (): (), _view: &View<'_>) -> Action {
        self.state = State::Asked;
        Action::Ask(self.request())
    }

    fn wanted(&self) -> Option<Request> {
        Some(self.request())
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        let Report::Setup(SetupReport::Tested { name, told }) = report else {
            return Action::Ignored;
        };
        if *name != self.name {
            return Action::Ignored;
        }
        self.state = match told {
            Ok(test) => State::Told(test.clone()),
            Err(words) => State::Refused(words.clone()),
        };
        Action::Redraw
    }
}

fn found(view: &View<'_>, test: &TrunkTest, width: usize) -> Vec<Line> {
    let verdict = if test.ok {
        Line::toned(
            format!("{} {}", lamp(Tone::Good), view.pick("회선이 정상입니다", "the trunk works")),
            Tone::Good,
        )
    } else {
        let text = view.pick(
            "회선에 문제가 있습니다. 아래 ✕ 줄을 보세요",
            "the trunk does not work; see the line with ✕",
        );
        Line::toned(format!("{} {text}", lamp(Tone::Bad)), Tone::Bad)
    };
    let mut lines = vec![verdict, Line::default()];
    lines.extend(test.steps.iter().flat_map(|step| step_lines(view, step, width)));
    if !test.messages.is_empty() {
        lines.push(Line::default());
        lines.push(Line::heading(view.pick("오간 메시지", "Messages sent and received")));
        lines.extend(test.messages.iter().flat_map(|one| message_lines(view, one, width)));
    }
    lines
}

fn step_lines(view: &View<'_>, step: &TrunkTestStep, width: usize) -> Vec<Line> {
    let (ko, en) = match step.check {
        TestCheck::Name => ("주소 찾기 (DNS)", "Address (DNS)"),
        TestCheck::Options => ("응답 (OPTIONS)", "Answer (OPTIONS)"),
        TestCheck::Registration => {
            ("아이디와 비밀번호 (REGISTER)", "User name, password (REGISTER)")
        }
    };
    let (result, tone) = match step.result {
        TestResult::Passed => (("정상", "well"), Tone::Good),
        TestResult::Failed => (("문제", "failed"), Tone::Bad),
        TestResult::NotNeeded => (("필요 없음", "not needed"), Tone::Dim),
        TestResult::NotTried => (("하지 않음", "not tried"), Tone::Dim),
    };
    let mut head = vec![
        (format!("{} {}", lamp(tone), view.pick(ko, en)), Tone::Plain),
        (format!("  {}", view.pick(result.0, result.1)), tone),
    ];
    if matches!(step.result, TestResult::Passed | TestResult::Failed) {
        head.push((format!("  {} ms", step.milliseconds), Tone::Dim));
    }
    let told = Line::wrapped("", view.say(&step.words), width, MARGIN, Tone::Plain);
    std::iter::once(Line(head)).chain(told).collect()
}

/// As `naru trunks test` prints it; credentials have been masked by the daemon.
fn message_lines(view: &View<'_>, message: &TrunkTestMessage, width: usize) -> Vec<Line> {
    let way = if message.sent {
        format!("--> {}", view.pick("보냄", "sent to"))
    } else {
        format!("<-- {}", view.pick("받음", "received from"))
    };
    let head = format!("{way} {}  +{} ms", message.peer, message.after);
    let mut lines = vec![Line::default(), Line::plain(head)];
    for line in &message.lines {
        lines.extend(Line::wrapped("", line, width, MARGIN, Tone::Dim));
    }
    lines
}
