//! Keys and what they do; footer and help are printed from the same table that is obeyed.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One thing that a key does, as footer and help show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    pub label: &'static str,
    pub ko: &'static str,
    pub en: &'static str,
}

/// One key of a screen.
#[derive(Clone, Copy, Debug)]
pub struct Binding<C> {
    pub key: KeyCode,
    pub does: C,
    pub hint: Hint,
    /// Changes something: not for those who may only look.
    pub writes: bool,
}

/// A key that only shows.
pub(crate) const fn look<C>(
    key: KeyCode,
    label: &'static str,
    does: C,
    ko: &'static str,
    en: &'static str,
) -> Binding<C> {
    Binding { key, does, hint: Hint { label, ko, en }, writes: false }
}

/// A key that changes something.
pub(crate) const fn write<C>(
    key: KeyCode,
    label: &'static str,
    does: C,
    ko: &'static str,
    en: &'static str,
) -> Binding<C> {
    Binding { key, does, hint: Hint { label, ko, en }, writes: true }
}

/// What a key does, if it may.
pub(crate) fn pressed<C: Copy>(keys: &[Binding<C>], event: KeyEvent, may_write: bool) -> Option<C> {
    if event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    let found = keys.iter().find(|binding| binding.key == event.code)?;
    (may_write || !found.writes).then_some(found.does)
}

pub(crate) fn hints<C>(keys: &[Binding<C>], may_write: bool) -> Vec<Hint> {
    keys.iter().filter(|key| may_write || !key.writes).map(|key| key.hint).collect()
}

/// Keys that every screen has.
pub(crate) const EVERYWHERE: [Hint; 7] = [
    Hint { label: "?", ko: "도움말", en: "help" },
    Hint { label: "q", ko: "끝내기", en: "quit" },
    BACK,
    Hint { label: "1-8", ko: "화면", en: "screens" },
    Hint { label: "PgUp PgDn", ko: "한 화면씩", en: "by screens" },
    Hint { label: "Home End", ko: "처음과 끝", en: "first and last" },
    Hint { label: "j k", ko: "목록에서 아래, 위", en: "down and up in lists" },
];

pub(crate) const BACK: Hint = Hint { label: "Esc", ko: "뒤로", en: "back" };

/// Keys wherever letters are typed.
pub(crate) const WRITING: [Hint; 4] = [
    Hint { label: "F1", ko: "도움말", en: "help" },
    Hint { label: "Ctrl-U", ko: "칸 비우기", en: "empty the field" },
    Hint { label: "Home End", ko: "칸의 처음과 끝", en: "first and last letter" },
    Hint { label: "Ctrl-C", ko: "콘솔 끝내기", en: "quit the console" },
];

/// Keys of every list.
pub(crate) const IN_LISTS: [Hint; 2] = [
    Hint { label: "↑↓", ko: "고르기", en: "choose" },
    Hint { label: "/", ko: "찾기", en: "search" },
];

/// Keys of a question.
pub(crate) const ANSWERS: [Hint; 3] = [
    Hint { label: "y", ko: "예", en: "yes" },
    Hint { label: "n", ko: "아니요", en: "no" },
    Hint { label: "Esc", ko: "아니요", en: "no" },
];

/// Keys of what is only read: any of them will do.
pub(crate) const CLOSES: [Hint; 1] = [Hint { label: "Esc", ko: "닫기", en: "close" }];

/// Keys while one types what is searched for.
pub(crate) const SEARCHING: [Hint; 3] = [
    Hint { label: "Enter", ko: "이대로 보기", en: "keep it" },
    Hint { label: "Esc", ko: "모두 보기", en: "show all" },
    Hint { label: "↑↓", ko: "고르기", en: "choose" },
];

/// Keys of every text that is read.
pub(crate) const IN_TEXTS: [Hint; 1] = [Hint { label: "↑↓", ko: "위아래", en: "move" }];
