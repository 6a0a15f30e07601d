//! Addresses that are not answered all they ask.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::ban::BanLine;
use crate::console::action::{Action, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Pardon,
}

#[derive(Debug, Default)]
pub struct Bans {
    bans: Vec<BanLine>,
}

impl Listed for Bans {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("주소", "ADDRESS", Width::Share(1)),
        column("틀린 비밀번호", "WRONG PASSWORDS", Width::Columns(16)),
        column("답하지 않음", "UNANSWERED", Width::Columns(12)),
        column("읽지 않음", "DROPPED", Width::Columns(10)),
        column("마지막", "LAST", Width::Columns(12)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Char('r'), "r", Does::Look, "다시 보기", "look again"),
        write(KeyCode::Char('u'), "u", Does::Pardon, "풀어 주기", "answer again"),
    ];

    fn above(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let text = view.pick(
            "비밀번호를 추측하거나, 비밀번호 없이 끝없이 요청하는 주소입니다. 맞는 비밀번호는 여기서도 통하고, 한 시간 조용하면 잊습니다",
            "Addresses that guess passwords, or ask without end and give none. The right one is let in all the same; an hour of quiet is forgiven",
        );
        Line::wrapped("", text, width, 0, Tone::Dim)
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let row = |ban: &BanLine| {
            let cells = [
                ban.address.clone(),
                ban.wrong.to_string(),
                ban.unanswered.to_string(),
                ban.dropped.to_string(),
                view.moment(ban.last),
            ];
            Row::plain(ban.address.clone(), cells)
        };
        self.bans.iter().map(row).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("막힌 주소가 없습니다", "no address is held back")
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        match (does, chosen) {
            (Does::Look, _) => Action::Ask(Request::Setup(SetupRequest::Bans)),
            (Does::Pardon, Some(address)) => {
                Action::Ask(Request::Setup(SetupRequest::Pardon(address.to_owned())))
            }
            (Does::Pardon, None) => Action::Ignored,
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Setup(SetupRequest::Bans))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Setup(SetupReport::Bans(bans)) = report {
            self.bans.clone_from(bans);
            return Action::Redraw;
        }
        Action::Ignored
    }
}
