//! What lies over a screen for a moment: help, a question, a password.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::console::action::Request;
use crate::console::keymap::{ANSWERS, CLOSES, EVERYWHERE, Hint, WRITING};
use crate::console::secret::Secret;
use crate::console::text::fit;
use crate::console::theme::Theme;
use crate::console::view::View;
use crate::console::widgets::blocks::code;
use crate::console::widgets::paint::{put, wrapped};
use crate::words::Words;

#[derive(Clone, Debug)]
pub enum Overlay {
    /// Keys of the screen, and those that are always there.
    Help {
        own: Vec<Hint>,
        always: &'static [Hint],
    },
    Question {
        question: Words,
        request: Request,
    },
    Secret(Secret),
}

impl Overlay {
    #[must_use]
    pub fn help(own: Vec<Hint>) -> Self {
        Self::Help { own, always: &EVERYWHERE }
    }

    /// Where letters are typed.
    #[must_use]
    pub fn writing(own: Vec<Hint>) -> Self {
        Self::Help { own, always: &WRITING }
    }

    /// Its keys; those of what lies under it mean nothing meanwhile.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        match self {
            Self::Question { .. } => ANSWERS.to_vec(),
            Self::Help { .. } | Self::Secret(_) => CLOSES.to_vec(),
        }
    }

    /// `server` is where phones register.
    pub fn draw(&self, view: &View<'_>, server: &str, area: Rect, buffer: &mut Buffer) {
        let (title, lines) = match self {
            Self::Help { own, always } => {
                (view.pick("도움말", "Help"), help_lines(view, own, always))
            }
            Self::Question { question, .. } => {
                let mut lines = wrapped(view.say(question), 60);
                let keys = view.pick("y 예    n 아니요", "y yes    n no");
                lines.extend([String::new(), keys.to_owned()]);
                (view.pick("확인", "Sure?"), lines)
            }
            Self::Secret(secret) => {
                let room = usize::from(area.height.saturating_sub(4));
                let title =
                    view.pick("전화기 계정 (한 번만 보입니다)", "The phone's account, shown once");
                (title, secret_lines(view, secret, server, room))
            }
        };
        draw_box(view.theme, title, &lines, area, buffer);
    }
}

/// The screen's own keys, and beside them those that are always there.
fn help_lines(view: &View<'_>, own: &[Hint], always: &[Hint]) -> Vec<String> {
    let line = |hint: &Hint| format!("{}  {}", fit(hint.label, 9), view.pick(hint.ko, hint.en));
    let (own, always) = (own.iter().map(line), always.iter().map(line));
    let (own, always): (Vec<String>, Vec<String>) = (own.collect(), always.collect());
    let wide = own.iter().map(|line| line.width()).max().unwrap_or(0) + 3;
    let at = |lines: &[String], index: usize| lines.get(index).cloned().unwrap_or_default();
    let both = (0..own.len().max(always.len()))
        .map(|index| format!("{}{}", fit(&at(&own, index), wide), at(&always, index)));
    let lamps = view.pick(
        "● 좋음   ◐ 확인 필요   ✕ 문제   ○ 꺼짐이나 보통",
        "● well   ◐ wants a look   ✕ wrong   ○ off, or nothing special",
    );
    let mut lines: Vec<String> = both.collect();
    lines.extend([String::new(), lamps.to_owned()]);
    lines.push(view.pick("아무 키나 누르면 닫힙니다", "any key closes this").to_owned());
    lines
}

fn secret_lines(view: &View<'_>, secret: &Secret, server: &str, room: usize) -> Vec<String> {
    let pair = |ko, en, value: &str| format!("{}  {value}", fit(view.pick(ko, en), 10));
    let mut lines = vec![
        pair("서버", "Server", server),
        pair("아이디", "User name", &secret.username),
        pair("비밀번호", "Password", &secret.password),
    ];
    // RFC 3261 19.1.1: a SIP URI may carry a password; softphones read it from the code.
    let address = format!("sip:{}:{}@{server}", secret.username, secret.password);
    match code(&address) {
        Some(picture) if picture.len() + lines.len() < room => {
            lines.push(String::new());
            lines.extend(picture);
        }
        Some(_) | None => {}
    }
    lines.push(view.pick("아무 키나 누르면 닫힙니다", "any key closes this").to_owned());
    lines
}

fn draw_box(theme: Theme, title: &str, lines: &[String], area: Rect, buffer: &mut Buffer) {
    let wide = lines.iter().map(|line| line.width()).chain([title.width()]).max().unwrap_or(0);
    let width = u16::try_from(wide + 4).unwrap_or(u16::MAX).min(area.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 2;
    let inner = usize::from(width.saturating_sub(2));
    let edge = theme.title();
    let bar = "─".repeat(inner.saturating_sub(title.width() + 2));
    put(buffer, (x, y), width, &format!("┌ {title} {bar}┐"), edge);
    (y..y + height).for_each(|row| leave_out_halves(buffer, x, row));
    for (at, line) in (1..height.saturating_sub(1)).zip(lines) {
        put(buffer, (x, y + at), width, "│", edge);
        put(buffer, (x + 1, y + at), width - 2, &format!(" {line}"), Style::reset());
        put(buffer, (x + width - 1, y + at), 1, "│", edge);
    }
    let end = y + height.saturating_sub(1);
    put(buffer, (x, end), width, &format!("└{}┘", "─".repeat(inner)), edge);
}

/// A wide character that begins left of the box would lie over its edge.
fn leave_out_halves(buffer: &mut Buffer, x: u16, y: u16) {
    if let Some(left) = x.checked_sub(1).and_then(|left| buffer.cell_mut((left, y)))
        && left.symbol().width() > 1
    {
        left.set_symbol(" ");
    }
}
