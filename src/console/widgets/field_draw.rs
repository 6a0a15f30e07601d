//! A field as it is seen: what it is called, what is told, what is wrong with it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::console::theme::{Theme, Tone};
use crate::console::view::View;
use crate::console::widgets::entry::Entry;
use crate::console::widgets::field::{Field, Kind};
use crate::console::widgets::paint::{put, row};

/// Columns that a field has at least.
const LEAST: usize = 16;

pub(crate) fn draw(
    view: &View<'_>,
    buffer: &mut Buffer,
    (line, label): (Rect, u16),
    (field, is_here): (&Field, bool),
    fault: Option<&str>,
) {
    let name = view.say(&field.label);
    if field.is_heading() {
        put(buffer, (line.x, line.y), line.width, name, view.theme.title());
        return;
    }
    let mark = if field.is_changed() { "*" } else { " " };
    let style = view.theme.tone(if is_here { Tone::Plain } else { Tone::Dim });
    put(buffer, (line.x, line.y), label, &format!("{mark} {name}"), style);
    if matches!(field.kind, Kind::Prose(_)) {
        return;
    }
    // Texts stand under what is chosen, which has a sign before it.
    let sign = if matches!(field.kind, Kind::Choice(..)) { 0 } else { 2 };
    let (x, width) = (line.x + label + sign, line.width.saturating_sub(label + sign));
    // The value, and after it what is wrong with it.
    let kept = if fault.is_some() { wide(view, field).min(width / 2) } else { width };
    let (value, cursor) = shown(view, field, is_here, kept);
    put(buffer, (x, line.y), kept, &value, view.theme.tone(Tone::Plain));
    if is_here {
        let marked = Rect { x, width: kept.min(wide(view, field)), ..line };
        buffer.set_style(marked, Theme::selected());
        draw_cursor(buffer, marked, cursor);
    }
    if let Some(fault) = fault {
        let (x, width) = (x + kept + 1, width.saturating_sub(kept + 1));
        put(buffer, (x, line.y), width, &format!("✕ {fault}"), view.theme.tone(Tone::Bad));
    }
}

/// Text in lines; answers the first row that is seen now.
pub(crate) fn prose(
    view: &View<'_>,
    buffer: &mut Buffer,
    area: Rect,
    (entry, first): (&Entry, usize),
) -> usize {
    let (rows, (at, column)) = entry.rows(usize::from(area.width));
    let page = usize::from(area.height).max(1);
    let first = first.min(at).max((at + 1).saturating_sub(page));
    for (index, text) in rows.iter().skip(first).take(page).enumerate() {
        let line = row(area, index);
        put(buffer, (line.x, line.y), line.width, text, view.theme.tone(Tone::Plain));
    }
    let line = row(area, at - first);
    let x = line.x + u16::try_from(column).unwrap_or(0).min(line.width.saturating_sub(1));
    buffer.set_style(Rect { x, width: 1, ..line }, Theme::selected());
    first
}

/// Columns of the value, and one for the cursor behind it.
fn wide(view: &View<'_>, field: &Field) -> u16 {
    let columns = match &field.kind {
        Kind::Text(entry) | Kind::Prose(entry) | Kind::Words(entry) => entry.text().width(),
        Kind::Choice(..) => field.shown(view).width() + 4,
        Kind::Heading => 0,
    };
    u16::try_from(columns.max(LEAST) + 1).unwrap_or(u16::MAX)
}

/// What is seen of the value, and where the cursor stands in it.
fn shown(view: &View<'_>, field: &Field, is_here: bool, width: u16) -> (String, Option<usize>) {
    match &field.kind {
        Kind::Text(entry) | Kind::Words(entry) if is_here => {
            let (text, cursor) = entry.window(usize::from(width));
            (text, Some(cursor))
        }
        Kind::Text(_) | Kind::Words(_) => (field.shown(view), None),
        Kind::Choice(..) if is_here => (format!("‹ {} ›", field.shown(view)), None),
        Kind::Choice(..) => (format!("  {}", field.shown(view)), None),
        Kind::Prose(_) | Kind::Heading => (String::new(), None),
    }
}

fn draw_cursor(buffer: &mut Buffer, marked: Rect, cursor: Option<usize>) {
    let Some(column) = cursor else { return };
    let x = marked.x + u16::try_from(column).unwrap_or(0).min(marked.width.saturating_sub(1));
    buffer.set_style(Rect { x, width: 1, ..marked }, Theme::cursor());
}
