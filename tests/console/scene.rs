//! A person at the console of the fixed office: keys go in, the daemon's answers too, and what is
//! then to be seen is compared.

use jiff::tz::TimeZone;
use naru::console::app::{App, Settings};
use naru::console::event::Event;
use naru::console::report::Report;
use naru::console::setup::SetupReport;
use naru::console::theme::Theme;
use naru::locale::Speech;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::snapshot::{compare, text};
use crate::world::{NOW, World};

pub(crate) const LANGUAGES: [(&str, Speech); 2] = [("ko", Speech::Korean), ("en", Speech::English)];
pub(crate) const SIZES: [(u16, u16); 2] = [(80, 24), (140, 45)];

pub(crate) struct Scene {
    pub(crate) app: App,
    world: World,
    speech: Speech,
    /// How often the daemon or an editor has been asked for something.
    pub(crate) asked: usize,
}

impl Scene {
    pub(crate) fn new(speech: Speech, world: World, may_write: bool) -> Self {
        let mut app = App::new(settings(speech, may_write), NOW);
        app.handle(Event::Report(world.up()), NOW);
        let mut scene = Self { app, world, speech, asked: 0 };
        scene.settle();
        scene
    }

    /// Answers what the console asks until it asks nothing more.
    fn settle(&mut self) {
        for _ in 0..100 {
            if let Some(draft) = self.app.take_draft() {
                self.asked += 1;
                let told = Ok((self.world.editor)(&draft.text));
                let written = SetupReport::Written { ticket: draft.ticket, told };
                self.app.handle(Event::Report(Report::Setup(written)), NOW);
            }
            let requests = self.app.take_requests();
            if requests.is_empty() {
                return;
            }
            self.asked += requests.len();
            for report in requests.into_iter().flat_map(|request| self.world.answer(request)) {
                self.app.handle(Event::Report(report), NOW);
            }
        }
        panic!("the console asks for ever");
    }

    fn press(&mut self, code: KeyCode) {
        self.app.handle(Event::Key(KeyEvent::from(code)), NOW);
        self.settle();
    }

    /// Keys as they are typed; names such as `<Enter>` stand for keys without a letter.
    pub(crate) fn keys(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let end = rest.find('>').filter(|_| first == '<');
            let (key, len) = match end {
                Some(end) => (named(&rest[..=end]), end + 1),
                None => (KeyCode::Char(first), first.len_utf8()),
            };
            rest = &rest[len..];
            self.press(key);
        }
    }

    /// The screen as text.
    pub(crate) fn seen(&mut self, width: u16, height: u16) -> String {
        text(&self.drawn(width, height))
    }

    /// Drawn as often as a terminal draws it: a screen that changes by being drawn would be caught.
    pub(crate) fn drawn(&mut self, width: u16, height: u16) -> Buffer {
        self.drawn_once(width, height);
        self.drawn_once(width, height)
    }

    pub(crate) fn drawn_once(&mut self, width: u16, height: u16) -> Buffer {
        let area = Rect { x: 0, y: 0, width, height };
        let mut buffer = Buffer::empty(area);
        self.app.draw(area, &mut buffer);
        buffer
    }

    fn compare(&mut self, name: &str, (width, height): (u16, u16)) {
        let language = LANGUAGES.iter().find(|(_, speech)| *speech == self.speech).unwrap().0;
        let seen = self.seen(width, height);
        compare(&format!("{name}.{language}.{width}x{height}"), &seen);
    }
}

pub(crate) fn settings(speech: Speech, may_write: bool) -> Settings {
    Settings {
        speech,
        theme: Theme::Plain,
        zone: TimeZone::get("Asia/Seoul").unwrap(),
        may_write,
        server: "192.0.2.80".to_owned(),
    }
}

fn named(name: &str) -> KeyCode {
    match name {
        "<Enter>" => KeyCode::Enter,
        "<Esc>" => KeyCode::Esc,
        "<Tab>" => KeyCode::Tab,
        "<Up>" => KeyCode::Up,
        "<Down>" => KeyCode::Down,
        "<Left>" => KeyCode::Left,
        "<Right>" => KeyCode::Right,
        "<Home>" => KeyCode::Home,
        "<End>" => KeyCode::End,
        "<PageUp>" => KeyCode::PageUp,
        "<PageDown>" => KeyCode::PageDown,
        "<F1>" => KeyCode::F(1),
        "<Delete>" => KeyCode::Delete,
        "<Backspace>" => KeyCode::Backspace,
        other => panic!("no key {other}"),
    }
}

/// What is seen after these keys, in both languages and sizes.
pub(crate) fn shows(name: &str, keys: &str) {
    shows_in(name, keys, World::default, true);
}

/// The same in another world, or for somebody who may only look.
pub(crate) fn shows_in(name: &str, keys: &str, world: fn() -> World, may_write: bool) {
    for (_, speech) in LANGUAGES {
        for size in SIZES {
            // Drawn before the keys: page keys count lines that are on the screen.
            let mut scene = Scene::new(speech, world(), may_write);
            scene.seen(size.0, size.1);
            scene.keys(keys);
            scene.compare(name, size);
        }
    }
}
