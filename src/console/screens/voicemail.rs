//! Messages that callers have left, the new ones marked.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::voicemail::MessageLine;
use crate::console::action::{Action, Errand, Place, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::tapes::{TapeReport, TapeRequest};
use crate::console::text::clock;
use crate::console::theme::{Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::live::Update;
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Play,
    CallBack,
    Heard,
    Delete,
}

#[derive(Debug, Default)]
pub struct Voicemail {
    messages: Vec<MessageLine>,
    /// Somebody has looked; then it is kept up to date.
    is_seen: bool,
}

impl Listed for Voicemail {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("", "", Width::Columns(1)),
        column("언제", "WHEN", Width::Columns(11)),
        column("남긴 사람", "FROM", Width::Share(3)),
        column("건 번호", "DIALLED", Width::Columns(13)),
        column("받을 사람", "FOR", Width::Columns(10)),
        column("길이", "LENGTH", Width::Columns(6)),
        column("들은 사람", "HEARD BY", Width::Share(2)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "그 상담", "that conversation"),
        write(KeyCode::Char('p'), "p", Does::Play, "내 전화기로 듣기", "hear it on my phone"),
        write(KeyCode::Char('c'), "c", Does::CallBack, "다시 걸기", "call back"),
        write(KeyCode::Char('h'), "h", Does::Heard, "들음/새 메시지", "heard or new"),
        write(KeyCode::Char('x'), "x", Does::Delete, "삭제", "delete"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.messages.iter().map(|message| row(view, message)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "남긴 메시지가 없습니다. 받지 못한 전화가 사서함으로 가게 하려면 2 번호에서 정합니다",
            "no messages: where unanswered callers leave one is set on screen 2, Numbers",
        )
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let new = self.messages.iter().filter(|message| message.heard.is_none()).count();
        let text = match view.speech {
            crate::locale::Speech::Korean => format!("새 메시지 {new}건"),
            crate::locale::Speech::English => format!("{new} new"),
        };
        vec![Line::toned(text, if new > 0 { Tone::Warn } else { Tone::Good })]
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let mut messages = self.messages.iter();
        let Some(message) = messages.find(|message| chosen == Some(message.name.as_str())) else {
            return Action::Ignored;
        };
        let name = message.name.clone();
        match (does, message.conversation) {
            (Does::Look, Some(conversation)) => Action::Open(Place::Conversation(conversation)),
            (Does::Look, None) => Action::Open(Place::Call(message.call)),
            (Does::Play, _) => Errand::Play(name).begin(view.model.me.as_deref()),
            (Does::CallBack, Some(conversation)) => {
                Errand::CallBack(conversation).begin(view.model.me.as_deref())
            }
            (Does::CallBack, None) => Action::Open(Place::Dial(message.from.clone())),
            (Does::Heard, _) => {
                let heard = message.heard.is_none();
                Action::Ask(Request::Tapes(TapeRequest::Hear { name, heard }))
            }
            (Does::Delete, _) => Action::Confirm {
                question: Words::new(
                    format!("{}이(가) 남긴 메시지를 아주 지울까요?", message.from),
                    format!("Delete the message from {} for good?", message.from),
                ),
                request: Request::Tapes(TapeRequest::DeleteMessage(name)),
            },
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Tapes(TapeRequest::Messages))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Tapes(TapeReport::Messages(messages)) = report {
            self.messages.clone_from(messages);
            self.is_seen = true;
            return Action::Redraw;
        }
        let is_changed = matches!(report, Report::Tapes(TapeReport::Changed));
        let may_be_new = matches!(report, Report::Update(Update::CallEnded { .. }));
        if is_changed || (may_be_new && self.is_seen) {
            return self.wanted().map_or(Action::Ignored, Action::Ask);
        }
        Action::Ignored
    }
}

fn row(view: &View<'_>, message: &MessageLine) -> Row {
    let is_new = message.heard.is_none();
    let tone = if is_new { Tone::Plain } else { Tone::Dim };
    let agent = message.agent.as_deref().map(|agent| names::first_name(view.model, agent));
    let whom = agent.or_else(|| message.team.clone()).unwrap_or_else(|| "–".to_owned());
    let heard = message.heard.map(|at| {
        format!("{} {}", message.heard_by.as_deref().unwrap_or_default(), view.moment(at))
    });
    let seconds = i64::try_from(message.seconds).unwrap_or(i64::MAX);
    let length = clock(seconds.saturating_mul(1_000));
    let cells = vec![
        (lamp(if is_new { Tone::Good } else { Tone::Dim }).to_owned(), tone),
        (view.moment(message.at), tone),
        (names::caller(&message.from_name, &message.from, view.speech), tone),
        (message.number.clone().unwrap_or_default(), tone),
        (whom, tone),
        (format!("{length:>6}"), tone),
        (heard.unwrap_or_default(), tone),
    ];
    Row { id: message.name.clone(), cells }
}
