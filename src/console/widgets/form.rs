//! Fields to fill in, told at once what would be wrong and what would change.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::api::refusal::Refusal;
use crate::api::schema::schema::OfficeChanges;
use crate::console::edit::{Edit, Step, Target};
use crate::console::theme::{Theme, Tone};
use crate::console::view::View;
use crate::console::widgets::field::{Field, Kind};
use crate::console::widgets::field_draw;
use crate::console::widgets::paint::{put, row, wrapped};
use crate::words::Words;

#[derive(Debug)]
pub struct Form {
    pub target: Target,
    pub fields: Vec<Field>,
    /// Steps that belong to what is told here but have no field.
    pub always: Vec<Step>,
    at: usize,
    first: usize,
    /// Columns of the rows of text in lines, and the first row that is seen.
    prose_width: usize,
    prose_first: usize,
    verdict: Option<Verdict>,
    /// What else is to be known before it is saved.
    pub notice: Option<Words>,
}

#[derive(Clone, Debug)]
struct Verdict {
    place: String,
    said: Result<OfficeChanges, Refusal>,
}

/// Lines under the fields.
const UNDER: u16 = 4;

impl Form {
    #[must_use]
    pub fn new(target: Target, fields: Vec<Field>) -> Self {
        let at = fields.iter().position(|field| !field.is_heading()).unwrap_or(0);
        Self {
            target,
            fields,
            always: Vec::new(),
            at,
            first: 0,
            prose_width: 0,
            prose_first: 0,
            verdict: None,
            notice: None,
        }
    }

    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.fields.iter().any(Field::is_changed)
    }

    /// Whether text in lines has been written.
    #[must_use]
    pub fn is_prose_changed(&self) -> bool {
        let is_prose = |field: &&Field| matches!(field.kind, Kind::Prose(_));
        self.fields.iter().filter(is_prose).any(Field::is_changed)
    }

    /// Puts the cursor on a field, if there is one of that path.
    pub fn stand_on(&mut self, path: &str) {
        self.at = self.fields.iter().position(|field| field.path == path).unwrap_or(self.at);
    }

    /// What is told here, as an edit.
    #[must_use]
    pub fn edit(&self) -> Edit {
        let step = |field: &Field| Step::Set(field.path.clone(), field.value());
        let changed = self.fields.iter().filter(|field| field.is_changed()).map(step);
        Edit {
            target: self.target.clone(),
            steps: self.always.iter().cloned().chain(changed).collect(),
        }
    }

    /// What is in a field now, as text.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        let field = self.fields.iter().find(|field| field.path == path);
        field.and_then(Field::value).and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The words of a list in a field now.
    #[must_use]
    pub fn words(&self, path: &str) -> Vec<String> {
        let field = self.fields.iter().find(|field| field.path == path);
        let value = field.and_then(Field::value);
        let list = value.as_ref().and_then(serde_json::Value::as_array);
        let words = list.into_iter().flatten().filter_map(|word| word.as_str());
        words.map(str::to_owned).collect()
    }

    /// What is told here would change something, and nothing is wrong with it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let said = self.verdict.as_ref().map(|verdict| &verdict.said);
        matches!(said, Some(Ok(told)) if !told.changes.is_empty())
    }

    pub fn judge(&mut self, place: &str, said: &Result<OfficeChanges, Refusal>) {
        self.verdict = Some(Verdict { place: place.to_owned(), said: said.clone() });
    }

    /// Whether the key did something here.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is the field's")]
        match key.code {
            KeyCode::Up if self.step_row(false) => {}
            KeyCode::Down if self.step_row(true) => {}
            KeyCode::Up | KeyCode::BackTab => self.step_back(),
            KeyCode::Down | KeyCode::Tab => self.step_on(),
            _ => return self.fields.get_mut(self.at).is_some_and(|field| field.key(key)),
        }
        true
    }

    pub fn paste(&mut self, text: &str) -> bool {
        match self.fields.get_mut(self.at).map(|field| &mut field.kind) {
            Some(Kind::Text(entry) | Kind::Prose(entry) | Kind::Words(entry)) => {
                entry.paste(text);
                true
            }
            Some(Kind::Choice(..) | Kind::Heading) | None => false,
        }
    }

    /// Within text in lines.
    fn step_row(&mut self, is_down: bool) -> bool {
        let width = self.prose_width;
        match self.fields.get_mut(self.at).map(|field| &mut field.kind) {
            Some(Kind::Prose(entry)) => entry.step_row(width, is_down),
            Some(Kind::Text(_) | Kind::Words(_) | Kind::Choice(..) | Kind::Heading) | None => false,
        }
    }

    fn step_on(&mut self) {
        let places = (self.at + 1)..self.fields.len();
        self.at = places.into_iter().find(|at| !self.fields[*at].is_heading()).unwrap_or(self.at);
    }

    fn step_back(&mut self) {
        let mut places = (0..self.at).rev();
        self.at = places.find(|at| !self.fields[*at].is_heading()).unwrap_or(self.at);
    }

    pub fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let under = if self.notice.is_some() { UNDER + 2 } else { UNDER };
        let body = Rect { height: area.height.saturating_sub(under), ..area };
        let page = usize::from(body.height);
        // A heading just above the field is seen with it.
        let top = if self.at == 1 { 0 } else { self.at };
        self.first = self.first.min(top).max((self.at + 1).saturating_sub(page));
        let wide = self.fields.iter().map(|field| view.say(&field.label).width()).max();
        let label = u16::try_from(wide.unwrap_or(0) + 4).unwrap_or(0).min(area.width / 2);
        for (index, field) in self.fields.iter().enumerate().skip(self.first).take(page) {
            let line = row(body, index - self.first);
            let fault = self.fault(view, field);
            field_draw::draw(view, buffer, (line, label), (field, index == self.at), fault);
        }
        self.draw_prose(view, body, buffer);
        let y = area.y + body.height;
        self.draw_under(view, Rect { y, height: under.min(area.height), ..area }, buffer);
    }

    /// Text in lines has the room under its label.
    fn draw_prose(&mut self, view: &View<'_>, body: Rect, buffer: &mut Buffer) {
        let Some(Kind::Prose(entry)) = self.fields.get(self.at).map(|field| &field.kind) else {
            return;
        };
        let place = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        self.prose_width = usize::from(place.width);
        self.prose_first = field_draw::prose(view, buffer, place, (entry, self.prose_first));
    }

    /// What the office says of a field.
    fn fault<'v>(&'v self, view: &View<'_>, field: &Field) -> Option<&'v str> {
        let verdict = self.verdict.as_ref()?;
        let refusal = verdict.said.as_ref().err()?;
        let of_field = |name: &str| {
            let name = name.strip_prefix(&verdict.place).unwrap_or(name);
            name == field.path
                || name.strip_prefix(&field.path).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let fault = refusal.errors.iter().find(|fault| of_field(&fault.field))?;
        Some(view.speech.pick(&fault.message.ko, &fault.message.en))
    }

    /// The help of the field, then what would change or what else is wrong.
    fn draw_under(&self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let help = self.fields.get(self.at).map_or("", |field| view.say(&field.help));
        put(buffer, (area.x, area.y), area.width, "", Theme::head());
        let line = row(area, 1);
        put(buffer, (line.x, line.y), line.width, help, view.theme.tone(Tone::Dim));
        let (text, tone) = self.said(view);
        let notice = self.notice.as_ref().map_or("", |notice| view.say(notice));
        for (index, part) in wrapped(notice, usize::from(area.width)).iter().take(2).enumerate() {
            let line = row(area, 4 + index);
            put(buffer, (line.x, line.y), line.width, part, view.theme.tone(Tone::Warn));
        }
        for (index, part) in wrapped(&text, usize::from(area.width)).iter().take(2).enumerate() {
            let line = row(area, 2 + index);
            put(buffer, (line.x, line.y), line.width, part, view.theme.tone(tone));
        }
    }

    fn said(&self, view: &View<'_>) -> (String, Tone) {
        let Some(verdict) = &self.verdict else { return (String::new(), Tone::Dim) };
        match &verdict.said {
            Ok(told) if told.changes.is_empty() => (String::new(), Tone::Dim),
            Ok(told) => {
                let all: Vec<&str> = told.changes.iter().map(|words| view.say(words)).collect();
                let so = view.pick("저장하면: ", "Saving: ");
                (format!("{so}{}", all.join("; ")), Tone::Good)
            }
            Err(refusal) => (self.refused(view, &verdict.place, refusal).to_owned(), Tone::Bad),
        }
    }

    /// What is wrong with the field one stands in, else with something that is not seen here.
    fn refused<'v>(&'v self, view: &View<'_>, place: &str, refusal: &'v Refusal) -> &'v str {
        let own = self.fields.get(self.at).and_then(|field| self.fault(view, field));
        let is_shown = |field: &str| {
            let name = field.strip_prefix(place).unwrap_or(field);
            self.fields.iter().any(|f| !f.is_heading() && name.starts_with(&f.path))
        };
        let other = || refusal.errors.iter().find(|fault| !is_shown(&fault.field));
        let words = |words: &'v Words| view.speech.pick(&words.ko, &words.en);
        own.or_else(|| other().map(|fault| words(&fault.message)))
            .unwrap_or_else(|| words(&refusal.message))
    }
}
