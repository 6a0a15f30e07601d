//! A change that is saved at once with Enter waits for what yesterday's calls would have met.

use naru::api::schema::comparison::OfficeComparison;
use naru::console::action::Request;
use naru::console::app::App;
use naru::console::event::Event;
use naru::console::report::Report;
use naru::console::setup::{SetupReport, SetupRequest};
use naru::locale::Speech;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::scene::settings;
use crate::snapshot::text;
use crate::world::{NOW, World};

/// Somebody at the console of a daemon that takes its time to compare.
struct Hasty {
    app: App,
    world: World,
    /// Comparisons that have been asked for and not been answered.
    waiting: Vec<u64>,
    saves: usize,
}

impl Hasty {
    /// At the form of a number, whose route has been changed and Enter pressed.
    fn after_enter() -> Self {
        let world = World::default();
        let mut app = App::new(settings(Speech::English, true), NOW);
        app.handle(Event::Report(world.up()), NOW);
        let mut hasty = Self { app, world, waiting: Vec::new(), saves: 0 };
        hasty.settle();
        for key in [KeyCode::Char('2'), KeyCode::Down, KeyCode::Enter, KeyCode::Enter] {
            hasty.press(key);
        }
        // Enter comes before any answer to what was typed.
        hasty.app.handle(Event::Key(KeyEvent::from(KeyCode::Right)), NOW);
        hasty.press(KeyCode::Enter);
        hasty
    }

    fn press(&mut self, key: KeyCode) {
        self.app.handle(Event::Key(KeyEvent::from(key)), NOW);
        self.settle();
    }

    fn settle(&mut self) {
        while let [_, ..] = self.ask().as_slice() {}
    }

    fn ask(&mut self) -> Vec<Request> {
        let requests = self.app.take_requests();
        for request in requests.clone() {
            if let Request::Setup(SetupRequest::Compare { ticket, .. }) = request {
                self.waiting.push(ticket);
                continue;
            }
            self.saves += usize::from(matches!(request, Request::Save { .. }));
            for report in self.world.answer(request) {
                self.app.handle(Event::Report(report), NOW);
            }
        }
        requests
    }

    fn compared(&mut self, elsewhere: Option<usize>) {
        let told = elsewhere.map(|elsewhere| OfficeComparison {
            from: 0,
            to: NOW,
            calls: 7,
            is_sample: false,
            elsewhere,
            examples: Vec::new(),
        });
        let ticket = self.waiting.pop().unwrap();
        let report = Report::Setup(SetupReport::Compared { ticket, told });
        self.app.handle(Event::Report(report), NOW);
        self.settle();
    }

    fn shows(&mut self, words: &str) {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| self.app.draw(frame.area(), frame.buffer_mut())).unwrap();
        let seen = text(terminal.backend().buffer());
        assert!(seen.contains(words), "'{words}' is not seen:\n{seen}");
    }
}

#[test]
fn calls_that_would_go_elsewhere_are_seen_before_it_is_saved() {
    let mut hasty = Hasty::after_enter();
    hasty.shows("looking at yesterday's calls before it is saved");
    assert_eq!(hasty.saves, 0);
    // Impatience saves nothing.
    hasty.press(KeyCode::Enter);
    assert_eq!((hasty.saves, hasty.waiting.len()), (0, 1));
    hasty.compared(Some(3));
    hasty.shows("3 of yesterday's 7 calls would have gone elsewhere");
    hasty.shows("Enter once more saves it all the same");
    assert_eq!(hasty.saves, 0);
    hasty.press(KeyCode::Enter);
    assert_eq!(hasty.saves, 1);
    hasty.shows("saved");
}

#[test]
fn a_late_comparison_is_said_to_be_late() {
    let mut hasty = Hasty::after_enter();
    hasty.compared(None);
    hasty.shows("could not be said in");
    assert_eq!(hasty.saves, 0);
    hasty.press(KeyCode::Enter);
    assert_eq!(hasty.saves, 1);
}

#[test]
fn what_sends_no_call_elsewhere_is_saved_without_another_key() {
    let mut hasty = Hasty::after_enter();
    hasty.compared(Some(0));
    assert_eq!(hasty.saves, 1);
    hasty.shows("saved");
}

#[test]
fn what_is_changed_again_is_compared_again() {
    let mut hasty = Hasty::after_enter();
    hasty.press(KeyCode::Right);
    hasty.compared(Some(0));
    assert_eq!((hasty.saves, hasty.waiting.len()), (0, 1), "nobody has asked to save this");
    hasty.compared(Some(2));
    hasty.shows("2 of yesterday's 7 calls");
    hasty.press(KeyCode::Enter);
    assert_eq!(hasty.saves, 1);
}
