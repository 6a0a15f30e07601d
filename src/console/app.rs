//! The console as a whole: the bar of screens, those opened above them, and what happens to all.

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Rect;

use crate::clock;
use crate::console::action::{Action, Place, Request};
use crate::console::editor::Draft;
use crate::console::event::Event;
use crate::console::frame::Frame;
use crate::console::keymap::{EVERYWHERE, Hint, WRITING};
use crate::console::model::Model;
use crate::console::overlay::Overlay;
use crate::console::places;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::screens::form::page::read_only;
use crate::console::text::make_harmless;
use crate::console::theme::Theme;
use crate::console::view::View;
use crate::live::Update;
use crate::locale::Speech;
use crate::office::zone::zone_named;
use crate::words::Words;

/// How the console was started.
#[derive(Clone, Debug)]
pub struct Settings {
    pub speech: Speech,
    pub theme: Theme,
    pub zone: TimeZone,
    pub may_write: bool,
    /// Where phones register, as they are told.
    pub server: String,
}

#[derive(Debug)]
pub struct App {
    settings: Settings,
    model: Model,
    roots: Vec<Box<dyn Screen>>,
    root: usize,
    above: Vec<Box<dyn Screen>>,
    overlay: Option<Overlay>,
    message: Option<Words>,
    requests: Vec<Request>,
    /// Waits for an editor.
    draft: Option<Draft>,
    now: i64,
    is_over: bool,
}

impl App {
    #[must_use]
    pub fn new(settings: Settings, now: i64) -> Self {
        let model = Model::default();
        Self {
            settings,
            model,
            roots: places::roots(),
            root: 0,
            above: Vec::new(),
            overlay: None,
            message: None,
            requests: Vec::new(),
            draft: None,
            now,
            is_over: false,
        }
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// What the daemon shall be asked, in order.
    pub fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// What somebody wants to write upon.
    pub fn take_draft(&mut self) -> Option<Draft> {
        self.draft.take()
    }

    /// Whether something on the screen moves with the second.
    #[must_use]
    pub fn has_clocks(&self) -> bool {
        self.root == 0 && self.above.is_empty() && !self.model.calls.is_empty()
    }

    /// Time has passed.
    pub fn turn(&mut self, now: i64) {
        self.now = now;
    }

    /// States that no event tells of.
    pub fn look_after_states(&mut self) {
        if self.model.is_up() {
            self.requests.push(Request::States);
        }
    }

    pub fn handle(&mut self, event: Event, now: i64) {
        self.turn(now);
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(key),
            Event::Key(_) | Event::Resized => {}
            Event::Paste(text) => self.paste(&text),
            Event::Closed => self.is_over = true,
            Event::Report(report) => self.told(&report),
        }
    }

    fn key(&mut self, key: KeyEvent) {
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            self.is_over = true;
            return;
        }
        self.message = None;
        if let Some(overlay) = self.overlay.take() {
            self.answer(overlay, key);
            return;
        }
        let action = self.with_top(|screen, view| screen.key(key, view));
        if action == Action::Ignored {
            self.own_key(key);
        } else {
            self.act(action);
        }
    }

    fn paste(&mut self, text: &str) {
        let action = self.with_top(|screen, view| screen.paste(text, view));
        self.act(action);
    }

    fn answer(&mut self, overlay: Overlay, key: KeyEvent) {
        match overlay {
            Overlay::Question { request, .. } if key.code == KeyCode::Char('y') => {
                self.requests.push(request);
            }
            Overlay::Question { .. } if matches!(key.code, KeyCode::Char('n') | KeyCode::Esc) => {}
            question @ Overlay::Question { .. } => self.overlay = Some(question),
            Overlay::Help { .. } | Overlay::Secret(_) => {}
        }
    }

    /// Keys that every screen has.
    fn own_key(&mut self, key: KeyEvent) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "a keyboard has more keys than we use")]
        match key.code {
            KeyCode::Esc if self.above.pop().is_some() => self.show_top(),
            KeyCode::F(1) => self.overlay = Some(self.help()),
            _ if self.is_writing() => {}
            KeyCode::Char('?') => self.overlay = Some(self.help()),
            KeyCode::Char('q') => self.is_over = true,
            KeyCode::Char(digit @ '1'..='9') => self.switch(digit),
            _ => {}
        }
    }

    fn help(&self) -> Overlay {
        let hints = self.hints();
        if self.is_writing() { Overlay::writing(hints) } else { Overlay::help(hints) }
    }

    fn switch(&mut self, digit: char) {
        let place = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        if let Some(root) = place.map(|place| place - 1).filter(|root| *root < self.roots.len()) {
            self.root = root;
            self.above.clear();
            self.show_top();
        }
    }

    /// Asks for what the screen on top wants to know.
    fn show_top(&mut self) {
        let wanted = self.top().wanted();
        if self.model.is_up() {
            self.requests.extend(wanted);
        }
    }

    fn told(&mut self, report: &Report) {
        let was_up = self.model.is_up();
        if let Report::Health(health) = report {
            self.settings.zone = zone_named(&health.timezone).unwrap_or_else(clock::zone);
        }
        let asked = self.model.learn(report);
        self.requests.extend(asked);
        if self.model.is_up() && !was_up {
            // What could not be asked meanwhile is asked now.
            self.message = None;
            self.show_top();
        }
        if let Report::Update(Update::Alert { alert }) = report
            && self.model.me.as_ref().is_none_or(|me| alert.agents.iter().any(|a| a.as_str() == me))
        {
            self.message =
                Some(Words::new(Speech::Korean.alert(alert), Speech::English.alert(alert)));
        }
        if let Report::Done(words) | Report::Refused(words) = report {
            self.message = Some(words.clone());
        }
        if let Report::Doubt { question, request } = report {
            let (question, request) = (question.clone(), (**request).clone());
            self.overlay = Some(Overlay::Question { question, request });
        }
        for action in self.tell_all(report) {
            self.act(action);
        }
    }

    fn tell_all(&mut self, report: &Report) -> Vec<Action> {
        let view = view(&self.settings, &self.model, self.now);
        let screens = self.roots.iter_mut().chain(self.above.iter_mut());
        screens.map(|screen| screen.told(report, &view)).collect()
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Ignored | Action::Redraw => {}
            Action::Open(place) => self.open(place),
            Action::Replace(place) => {
                self.above.pop();
                self.open(place);
            }
            Action::Back => self.back(),
            Action::Leave(words) => {
                self.back();
                self.message = Some(words);
            }
            Action::Ask(request) => self.ask(request),
            Action::Confirm { question, request } => {
                self.overlay = Some(Overlay::Question { question, request });
            }
            Action::Say(words) => self.message = Some(words),
            Action::Write(draft) => self.draft = Some(draft),
            Action::Show(secret) => self.overlay = Some(Overlay::Secret(secret)),
            Action::Narrow(to) => {
                self.above.pop();
                let wanted = self.roots[self.root].narrow(&to);
                self.requests.extend(wanted);
            }
            Action::Become(me, errand) => {
                self.back();
                self.act(errand.begin(Some(&me)));
                self.model.me = Some(me);
            }
            Action::Several(actions) => actions.into_iter().for_each(|action| self.act(action)),
        }
    }

    fn back(&mut self) {
        self.above.pop();
        self.show_top();
    }

    fn ask(&mut self, request: Request) {
        if request.writes() && !self.settings.may_write {
            self.message = Some(read_only());
        } else {
            if let Request::Originate { agent, .. } = &request {
                self.model.me = Some(agent.clone());
            }
            self.requests.push(request);
        }
    }

    fn open(&mut self, place: Place) {
        let view = view(&self.settings, &self.model, self.now);
        if let Some(screen) = places::screen(&view, place) {
            self.above.push(screen);
            self.show_top();
        } else {
            self.message = Some(Words::new("더 이상 없습니다", "it is not there any more"));
        }
    }

    fn with_top<T>(&mut self, act: impl FnOnce(&mut dyn Screen, &View<'_>) -> T) -> T {
        let view = view(&self.settings, &self.model, self.now);
        let top = self.above.last_mut().unwrap_or(&mut self.roots[self.root]);
        act(top.as_mut(), &view)
    }

    /// The keys of what is on top, as the footer shows them.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let view = view(&self.settings, &self.model, self.now);
        let of_screen = || self.top().hints(&view);
        self.overlay.as_ref().map_or_else(of_screen, Overlay::hints)
    }

    /// Whether something lies over the screen for a moment.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.overlay.is_some()
    }

    /// How many screens are open above that of the bar.
    #[must_use]
    pub fn height(&self) -> usize {
        self.above.len()
    }

    /// Whether letters are typed now, rather than being keys.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.top().is_writing()
    }

    fn top(&self) -> &dyn Screen {
        self.above.last().unwrap_or(&self.roots[self.root]).as_ref()
    }

    /// Draws everything that is to be seen.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        let frame = self.frame();
        let view = view(&self.settings, &self.model, self.now);
        let Some(body) = frame.draw(&view, area, buffer) else { return };
        let top = self.above.last_mut().unwrap_or(&mut self.roots[self.root]);
        top.draw(&view, body, buffer);
        frame.draw_message(&view, body, buffer);
        if let Some(overlay) = &self.overlay {
            overlay.draw(&view, &self.settings.server, area, buffer);
        }
        make_harmless(buffer);
    }

    fn frame(&self) -> Frame {
        let view = view(&self.settings, &self.model, self.now);
        let always = match &self.overlay {
            Some(_) => Vec::new(),
            None if self.is_writing() => WRITING[..1].to_vec(),
            None => EVERYWHERE[..2].to_vec(),
        };
        let (title, message) = (self.top().title(&view), self.message.clone());
        Frame { root: self.root, title, hints: self.hints(), always, message }
    }
}

fn view<'a>(settings: &'a Settings, model: &'a Model, now: i64) -> View<'a> {
    View {
        model,
        theme: settings.theme,
        speech: settings.speech,
        zone: &settings.zone,
        now,
        may_write: settings.may_write,
    }
}
