//! A list to choose from, with a search.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::console::text::safe;
use crate::console::theme::{Theme, Tone};
use crate::console::view::View;
use crate::console::widgets::entry::Entry;
use crate::console::widgets::line::Line;
use crate::console::widgets::paint::{put, row};
use crate::office::sought::Sought;

/// A column and how wide it is.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub ko: &'static str,
    pub en: &'static str,
    pub width: Width,
}

#[derive(Clone, Copy, Debug)]
pub enum Width {
    Columns(u16),
    /// What is left, by weight.
    Share(u16),
    /// Only on screens of 110 columns and more.
    Wide(u16),
}

pub(crate) const fn column(ko: &'static str, en: &'static str, width: Width) -> Column {
    Column { ko, en, width }
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub cells: Vec<(String, Tone)>,
}

impl Row {
    pub fn plain(id: impl Into<String>, cells: impl IntoIterator<Item = String>) -> Self {
        let cells = cells.into_iter().map(|cell| (cell, Tone::Plain)).collect();
        Self { id: id.into(), cells }
    }

    fn fits(&self, wanted: &str, sought: &Sought) -> bool {
        let is_in = |text: &str| text.to_lowercase().contains(wanted) || sought.is_in_text(text);
        self.cells.iter().any(|(text, _)| is_in(text))
    }
}

#[derive(Debug, Default)]
pub struct Table {
    /// The chosen row stays the same when others come and go.
    chosen: Option<String>,
    at: usize,
    first: usize,
    /// Rows on the screen, for the page keys.
    page: usize,
    search: Entry,
    is_searching: bool,
}

impl Table {
    /// The rows that the search lets through.
    fn shown<'r>(&self, rows: &'r [Row]) -> Vec<&'r Row> {
        let wanted = self.search.text().to_lowercase();
        let sought = Sought::new(&wanted, None);
        rows.iter().filter(|row| wanted.is_empty() || row.fits(&wanted, &sought)).collect()
    }

    #[must_use]
    pub fn chosen<'r>(&self, rows: &'r [Row]) -> Option<&'r Row> {
        let shown = self.shown(rows);
        let same = self.chosen.as_ref().and_then(|id| shown.iter().find(|row| row.id == *id));
        same.or_else(|| shown.get(self.at.min(shown.len().saturating_sub(1)))).copied()
    }

    #[must_use]
    pub fn is_at_end(&self, rows: &[Row]) -> bool {
        self.place(&self.shown(rows)) + 1 >= self.shown(rows).len()
    }

    #[must_use]
    pub fn is_searching(&self) -> bool {
        self.is_searching
    }

    /// Whether the key moved something.
    pub fn key(&mut self, key: KeyEvent, rows: &[Row]) -> bool {
        if self.is_searching {
            return self.search_key(key, rows);
        }
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return false;
        }
        let page = isize::try_from(self.page.max(1)).unwrap_or(1);
        #[expect(clippy::wildcard_enum_match_arm, reason = "a keyboard has more keys than a list")]
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => self.step(-1, rows),
            KeyCode::Down | KeyCode::Char('j') => self.step(1, rows),
            KeyCode::PageUp => self.step(-page, rows),
            KeyCode::PageDown => self.step(page, rows),
            KeyCode::Home => self.step(isize::MIN, rows),
            KeyCode::End => self.step(isize::MAX, rows),
            KeyCode::Char('/') => self.is_searching = true,
            KeyCode::Esc if !self.search.text().is_empty() => self.search = Entry::default(),
            _ => return false,
        }
        true
    }

    fn search_key(&mut self, key: KeyEvent, rows: &[Row]) -> bool {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is typed")]
        match key.code {
            KeyCode::Enter => self.is_searching = false,
            KeyCode::Esc => {
                self.is_searching = false;
                self.search = Entry::default();
            }
            KeyCode::Up => self.step(-1, rows),
            KeyCode::Down => self.step(1, rows),
            _ => return self.search.key(key),
        }
        true
    }

    fn place(&self, shown: &[&Row]) -> usize {
        let same = self.chosen.as_ref().and_then(|id| shown.iter().position(|row| row.id == *id));
        same.unwrap_or(self.at).min(shown.len().saturating_sub(1))
    }

    fn step(&mut self, by: isize, rows: &[Row]) {
        let shown = self.shown(rows);
        let place = self.place(&shown).saturating_add_signed(by);
        self.at = place.min(shown.len().saturating_sub(1));
        self.chosen = shown.get(self.at).map(|row| row.id.clone());
    }

    pub fn draw(
        &mut self,
        view: &View<'_>,
        (area, buffer): (Rect, &mut Buffer),
        (columns, rows): (&[Column], &[Row]),
        is_active: bool,
    ) {
        if area.height < 2 {
            return;
        }
        let widths = widths(columns, area.width);
        draw_head(view, buffer, area, columns, &widths);
        let mut body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        if self.is_searching || !self.search.text().is_empty() {
            body.height -= 1;
            self.draw_search(view, buffer, row(area, usize::from(area.height) - 1));
        }
        let shown = self.shown(rows);
        let place = self.place(&shown);
        if shown.is_empty() && !rows.is_empty() {
            let text = view.pick("찾는 것이 없습니다", "nothing here fits the search");
            Line::toned(text, Tone::Dim).draw(view, row(body, 0), buffer);
        }
        if is_active && let Some(entry) = shown.get(place) {
            let whole = whole(view, (columns, &widths), entry, usize::from(area.width));
            // What is cut may be long; the list stays a list.
            let height = u16::try_from(whole.len()).unwrap_or(u16::MAX).min(body.height / 3);
            body.height -= height;
            let below = Rect { y: body.bottom(), height, ..area };
            for (index, line) in whole.iter().enumerate() {
                line.draw(view, row(below, index), buffer);
            }
        }
        self.page = usize::from(body.height);
        self.at = place;
        self.first = self.first.min(place).max((place + 1).saturating_sub(self.page));
        self.first = self.first.min(shown.len().saturating_sub(self.page));
        for (index, entry) in shown.iter().enumerate().skip(self.first).take(self.page) {
            let line = row(body, index - self.first);
            draw_row(view, buffer, line, entry, &widths);
            if is_active && index == place {
                buffer.set_style(line, Theme::selected());
            }
        }
    }

    fn draw_search(&self, view: &View<'_>, buffer: &mut Buffer, line: Rect) {
        let cursor = if self.is_searching { "▏" } else { "" };
        let text = format!("/{}{cursor}", self.search.text());
        put(buffer, (line.x, line.y), line.width, &text, view.theme.key());
    }
}

/// What is cut of a row, or has no column on a screen of this width: its head and all of it.
fn whole(
    view: &View<'_>,
    (columns, widths): (&[Column], &[u16]),
    entry: &Row,
    width: usize,
) -> Vec<Line> {
    let cells = columns.iter().zip(widths).zip(&entry.cells);
    let cut = cells.filter(|((_, width), (text, _))| safe(text).width() > usize::from(**width));
    let lines = cut.flat_map(|((column, _), (text, tone))| {
        let head = view.speech.pick(column.ko, column.en);
        Line::wrapped(&format!("  {head}"), text.trim(), width, HEAD, *tone)
    });
    lines.collect()
}

/// Columns of the heads beside what is cut.
const HEAD: usize = 14;

/// The columns and a blank between any two.
fn widths(columns: &[Column], width: u16) -> Vec<u16> {
    let own = |column: &Column| match column.width {
        Width::Columns(columns) => Some(columns),
        Width::Wide(columns) => (width >= 110).then_some(columns).or(Some(0)),
        Width::Share(_) => None,
    };
    let gaps = columns.iter().filter(|column| own(column) != Some(0)).count().saturating_sub(1);
    let fixed: u16 = columns.iter().filter_map(own).sum();
    let left = width.saturating_sub(fixed + 2 * u16::try_from(gaps).unwrap_or(0));
    let weight = |column: &Column| match column.width {
        Width::Share(weight) => weight,
        Width::Columns(_) | Width::Wide(_) => 0,
    };
    let all: u16 = columns.iter().map(weight).sum();
    let share = |column: &Column| {
        let share = u32::from(left) * u32::from(weight(column)) / u32::from(all.max(1));
        u16::try_from(share).unwrap_or(0)
    };
    columns.iter().map(|column| own(column).unwrap_or_else(|| share(column))).collect()
}

fn draw_head(view: &View<'_>, buffer: &mut Buffer, area: Rect, columns: &[Column], widths: &[u16]) {
    put(buffer, (area.x, area.y), area.width, "", Theme::head());
    let mut x = area.x;
    for (column, width) in columns.iter().zip(widths).filter(|(_, width)| **width > 0) {
        let head = view.speech.pick(column.ko, column.en);
        put(buffer, (x, area.y), *width, head, Theme::head());
        x += width + 2;
    }
}

fn draw_row(view: &View<'_>, buffer: &mut Buffer, line: Rect, entry: &Row, widths: &[u16]) {
    let mut x = line.x;
    for ((text, tone), width) in entry.cells.iter().zip(widths).filter(|(_, width)| **width > 0) {
        put(buffer, (x, line.y), *width, text, view.theme.tone(*tone));
        x += width + 2;
    }
}
