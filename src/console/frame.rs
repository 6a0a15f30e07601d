//! What stands around a screen: the bar of screens, its title, what is wrong with the connection, the
//! last message, and the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::console::bar;
use crate::console::footer::Footer;
use crate::console::keymap::{BACK, Hint};
use crate::console::model::Connection;
use crate::console::text::local;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, row, run, wrapped};
use crate::words::Words;

/// Smaller than this, there is no room for anything.
const LEAST: (u16, u16) = (40, 10);

#[derive(Debug)]
pub(crate) struct Frame {
    /// The place of the bar's screen that is seen.
    pub(crate) root: usize,
    /// Empty: the bar names it.
    pub(crate) title: String,
    pub(crate) hints: Vec<Hint>,
    /// Keys that are seen however many others there are.
    pub(crate) always: Vec<Hint>,
    pub(crate) message: Option<Words>,
}

impl Frame {
    /// Draws it, and answers where the screen is. None: there is no room.
    pub(crate) fn draw(&self, view: &View<'_>, area: Rect, buffer: &mut Buffer) -> Option<Rect> {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            put(buffer, (area.x, area.y), area.width, "80x24 …", view.theme.title());
            return None;
        }
        self.draw_bar(view, row(area, 0), buffer);
        let mut top = 1;
        if !self.title.is_empty() {
            let line = row(area, 1);
            let pieces = [
                (BACK.label.to_owned(), view.theme.key()),
                (format!(" ‹ {}", self.title), view.theme.title()),
            ];
            run(buffer, line, &pieces);
            top = 2;
        }
        if let Connection::Down(why) = &view.model.connection {
            let line = row(area, usize::from(top));
            let text = format!("✕ {}", view.say(why));
            put(buffer, (line.x, line.y), line.width, &text, view.theme.tone(Tone::Bad));
            top += 1;
        }
        let footer = Footer::new(&self.hints, self.always.clone(), view.speech, area.width);
        let under = footer.height();
        let keys = Rect { y: area.bottom() - under, height: under, ..area };
        footer.draw(view.theme, view.speech, keys, buffer);
        Some(Rect { y: area.y + top + 1, height: area.height - top - 2 - under, ..area })
    }

    fn draw_bar(&self, view: &View<'_>, line: Rect, buffer: &mut Buffer) {
        let right = match &view.model.connection {
            Connection::Trying => view.pick("연결 중 …", "connecting …").to_owned(),
            Connection::Down(_) => view.pick("✕ 끊김", "✕ off").to_owned(),
            Connection::Up => local(view.now, view.zone, "%H:%M"),
        };
        let wide = u16::try_from(right.width()).unwrap_or(0).min(line.width);
        let left = Rect { width: line.width - wide, ..line };
        bar::draw((view.theme, view.speech), self.root, left, buffer);
        put(buffer, (left.right(), line.y), wide, &right, view.theme.tone(Tone::Plain));
    }

    /// Over the screen's last lines, if it is long.
    pub(crate) fn draw_message(&self, view: &View<'_>, body: Rect, buffer: &mut Buffer) {
        let Some(message) = &self.message else { return };
        let mut lines = wrapped(view.say(message), usize::from(body.width));
        lines.truncate(usize::from(body.height));
        let above = u16::try_from(lines.len().saturating_sub(1)).unwrap_or(0);
        for (y, line) in (body.bottom() - above..).zip(lines) {
            put(buffer, (body.x, y), body.width, &line, view.theme.tone(Tone::Warn));
        }
    }
}
