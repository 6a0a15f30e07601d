//! What can be done to a conversation, wherever it is seen.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Errand, Place, Request};
use crate::console::desk::{DeskRequest, Wish, WishKind};
use crate::console::keymap::{Binding, look, write};
use crate::console::view::View;
use crate::words::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    CallBack,
    Note,
    Tag,
    Assign,
    Snooze,
    Close,
    Open,
    Describe,
}

pub(crate) const fn call_back<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('c'), "c", does, "다시 걸기", "call back")
}

pub(crate) const fn note<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('n'), "n", does, "메모", "note")
}

pub(crate) const fn close<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('x'), "x", does, "종료", "close")
}

pub(crate) const fn mark<D>(does: D) -> Binding<D> {
    write(KeyCode::Char(' '), "Space", does, "고르기", "mark")
}

pub(crate) const fn mark_all<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('*'), "*", does, "모두 고르기", "mark all")
}

pub(crate) const fn snooze<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('z'), "z", does, "보류", "snooze")
}

pub(crate) const fn open<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('o'), "o", does, "다시 열기", "open again")
}

pub(crate) const fn assign<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('a'), "a", does, "담당", "assign")
}

pub(crate) const fn tag<D>(does: D) -> Binding<D> {
    write(KeyCode::Char('t'), "t", does, "태그", "tags")
}

pub(crate) const fn myself<D>(does: D) -> Binding<D> {
    look(KeyCode::Char('m'), "m", does, "내 내선", "my extension")
}

/// What the app is to do.
#[must_use]
pub fn act(deed: Deed, id: u64, view: &View<'_>) -> Action {
    let wish = |wish| Action::Ask(wished(vec![id], wish));
    let form = |kind| Action::Open(Place::Wish(vec![id], kind));
    match deed {
        Deed::CallBack => Errand::CallBack(id).begin(view.model.me.as_deref()),
        Deed::Note => form(WishKind::Note),
        Deed::Describe => form(WishKind::Describe),
        Deed::Tag => form(WishKind::Tag),
        Deed::Snooze => form(WishKind::Snooze),
        Deed::Assign => form(WishKind::Assign),
        Deed::Close => wish(Wish::Close),
        Deed::Open => wish(Wish::Open),
    }
}

fn wished(conversations: Vec<u64>, wish: Wish) -> Request {
    Request::Desk(DeskRequest::Wish { conversations, wish })
}

/// The same to many at once, after one question or by one form. None: it is done to one at a time.
#[must_use]
pub fn act_on_all(deed: Deed, all: Vec<u64>) -> Option<Action> {
    let count = all.len();
    let confirm = |ko: &str, en: &str, request| {
        let question = Words::new(
            format!("고른 상담 {count}건을 모두 {ko}"),
            format!("{en} all {count} marked conversations?"),
        );
        Some(Action::Confirm { question, request })
    };
    let form = |all, kind| Some(Action::Open(Place::Wish(all, kind)));
    match deed {
        Deed::Close => confirm("종료할까요?", "Close", Request::Desk(DeskRequest::CloseAll(all))),
        Deed::Open => confirm("다시 열까요?", "Open again", wished(all, Wish::Open)),
        Deed::Note => form(all, WishKind::Note),
        Deed::Snooze => form(all, WishKind::Snooze),
        Deed::Assign => form(all, WishKind::Assign),
        Deed::CallBack | Deed::Tag | Deed::Describe => None,
    }
}
