//! What days have come to: rates, charts by hour and day, missed calls by reason, numbers, agents.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::stats::{AgentStats, Stats};
use crate::console::action::{Action, Narrowing, Place, Request};
use crate::console::keymap::{Binding, look};
use crate::console::report::Report;
use crate::console::screens::form::paper::Reading;
use crate::console::screens::statistics::agents;
use crate::console::screens::statistics::lines::lines;
use crate::console::statistics::StatsFilter;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;

/// L156: figures of a day that goes on are counted anew each minute.
const FRESH_MS: i64 = 60_000;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Period,
    Filter,
    Export,
}

#[derive(Debug, Default)]
pub struct Statistics {
    filter: StatsFilter,
    found: Option<Box<Stats>>,
    agents: Option<Box<AgentStats>>,
    /// When they were told, in milliseconds since 1970.
    told: i64,
}

impl Reading for Statistics {
    type Does = Does;

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Char('p'), "p", Does::Period, "다음 기간", "next period"),
        look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
        look(KeyCode::Char('e'), "e", Does::Export, "파일로", "to a file"),
    ];

    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let Some(stats) = &self.found else {
            let text = view.pick("세는 중입니다", "being counted");
            return vec![Line::toned(text, Tone::Dim)];
        };
        let mut all = lines(view, (&self.filter, stats), width);
        let agents = self.agents.as_ref().map(|agents| agents::lines(view, agents, width));
        all.extend(agents.unwrap_or_default());
        all
    }

    fn does(&mut self, does: Does, view: &View<'_>) -> Action {
        match does {
            Does::Period => {
                let period = self.filter.period.next();
                let (from, to) = (String::new(), String::new());
                self.filter = StatsFilter { period, from, to, ..self.filter.clone() };
                self.ask()
            }
            Does::Filter => Action::Open(Place::StatsFilter(self.filter.clone())),
            Does::Export => {
                let (filter, speech) = (self.filter.clone(), view.speech);
                Action::Ask(Request::ExportStats { filter, speech })
            }
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Stats(self.filter.clone()))
    }

    fn told(&mut self, report: &Report, view: &View<'_>) -> Action {
        if let Report::Stats { filter, stats } = report
            && *filter == self.filter
        {
            self.found = Some(stats.clone());
            self.told = view.now;
            return Action::Redraw;
        }
        if let Report::AgentStats { filter, agents } = report
            && *filter == self.filter
        {
            self.agents = Some(agents.clone());
            return Action::Redraw;
        }
        // Whoever has not looked at them yet needs none.
        let is_old = self.found.is_some() && view.now - self.told >= FRESH_MS;
        if matches!(report, Report::Figures(_)) && is_old && self.filter.period.is_open() {
            self.told = view.now;
            return self.ask();
        }
        Action::Ignored
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        let Narrowing::Stats(filter) = to else { return None };
        self.filter = filter.clone();
        (self.found, self.agents) = (None, None);
        self.wanted()
    }
}

impl Statistics {
    fn ask(&self) -> Action {
        Action::Ask(Request::Stats(self.filter.clone()))
    }
}
