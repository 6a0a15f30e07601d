//! Recordings of calls: whose they are, to hear and to delete.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::RecordingFile;
use crate::console::action::{Action, Errand, Place, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::tapes::{TapeReport, TapeRequest};
use crate::console::text::clock;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::recording_name::{Kept, RecordingName};
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Call,
    Play,
    Delete,
}

#[derive(Debug, Default)]
pub struct Recordings {
    files: Vec<RecordingFile>,
}

impl Listed for Recordings {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("언제", "WHEN", Width::Columns(11)),
        column("건 사람", "CALLER", Width::Share(3)),
        column("받는 곳", "CALLED", Width::Share(2)),
        column("매니저", "AGENT", Width::Columns(10)),
        column("통화", "TALK", Width::Columns(7)),
        column("크기", "SIZE", Width::Columns(8)),
        column("파일", "FILE", Width::Wide(22)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Call, "그 통화", "that call"),
        write(KeyCode::Char('p'), "p", Does::Play, "내 전화기로 듣기", "hear it on my phone"),
        write(KeyCode::Char('x'), "x", Does::Delete, "삭제", "delete"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.files.iter().map(|file| row(view, file)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "녹음이 없습니다. 2 번호에서 번호를 골라 '녹음'을 켜면 통화가 녹음됩니다",
            "no recordings: on screen 2, Numbers, a number can be told to record its calls",
        )
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let Some(file) = self.files.iter().find(|file| chosen == Some(file.name.as_str())) else {
            return Action::Ignored;
        };
        let name = file.name.clone();
        match does {
            Does::Call => Action::Open(Place::Call(file.call)),
            Does::Play => Errand::Play(name).begin(view.model.me.as_deref()),
            Does::Delete => Action::Confirm {
                question: Words::new(
                    format!("통화 {}의 녹음 {name}을(를) 아주 지울까요?", file.call),
                    format!("Delete the recording {name} of call {} for good?", file.call),
                ),
                request: Request::Tapes(TapeRequest::DeleteRecording(name)),
            },
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Tapes(TapeRequest::Recordings))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Tapes(TapeReport::Recordings(files)) = report {
            // What callers have left has a list of its own.
            let is_call = |file: &&RecordingFile| {
                let name = file.name.parse::<RecordingName>();
                name.is_ok_and(|name| name.kept == Kept::Conversation)
            };
            self.files = files.iter().filter(is_call).cloned().collect();
            return Action::Redraw;
        }
        if let Report::Tapes(TapeReport::Changed) = report {
            return self.wanted().map_or(Action::Ignored, Action::Ask);
        }
        Action::Ignored
    }
}

fn row(view: &View<'_>, file: &RecordingFile) -> Row {
    let of = file.of.as_ref();
    let agent = of.and_then(|call| call.agent.as_deref());
    let talked = of.and_then(|call| call.talked_ms).map(clock).unwrap_or_default();
    let caller = of.map(|call| names::caller(&call.from_name, &call.from, view.speech));
    let unknown = || format!("{} {}", view.pick("통화", "call"), file.call);
    let plain = |text: String| (text, Tone::Plain);
    let cells = vec![
        plain(view.moment(of.map_or(file.written, |call| call.started))),
        plain(caller.unwrap_or_else(unknown)),
        plain(of.map(|call| call.to.clone()).unwrap_or_default()),
        plain(agent.map(|agent| names::first_name(view.model, agent)).unwrap_or_default()),
        plain(format!("{talked:>7}")),
        (format!("{:>8}", size(file.octets)), Tone::Dim),
        (file.name.clone(), Tone::Dim),
    ];
    Row { id: file.name.clone(), cells }
}

/// `640 kB`, `12.4 MB`.
fn size(octets: u64) -> String {
    let kilobytes = octets.div_ceil(1_000);
    if kilobytes < 1_000 {
        format!("{kilobytes} kB")
    } else {
        format!("{}.{} MB", kilobytes / 1_000, kilobytes % 1_000 / 100)
    }
}
