//! Conversations that somebody has marked in a list, to do something to all of them.

use std::collections::BTreeSet;

use crate::console::action::Action;
use crate::console::screens::conversation::found::Found;
use crate::console::screens::conversation::keys::{Deed, act, act_on_all};
use crate::console::theme::Tone;
use crate::console::view::View;

#[derive(Debug, Default)]
pub struct Marks(BTreeSet<u64>);

impl Marks {
    pub fn turn(&mut self, id: u64) -> Action {
        if !self.0.remove(&id) {
            self.0.insert(id);
        }
        Action::Redraw
    }

    /// All that have come, or none when all of them are marked already.
    pub fn turn_all(&mut self, found: &Found) -> Action {
        let all: BTreeSet<u64> = found.items().iter().map(|one| one.id.0).collect();
        self.0 = if self.0 == all { BTreeSet::new() } else { all };
        Action::Redraw
    }

    /// Those that are gone from the list are marked no more.
    pub fn keep(&mut self, found: &Found) {
        self.0.retain(|id| found.get(*id).is_some());
    }

    /// To what is marked, else to the one that somebody stands on.
    #[must_use]
    pub fn act(&self, deed: Deed, chosen: Option<u64>, view: &View<'_>) -> Action {
        let marked = || act_on_all(deed, self.0.iter().copied().collect());
        let of_all = if self.0.is_empty() { None } else { marked() };
        let of_one = || chosen.map_or(Action::Ignored, |id| act(deed, id, view));
        of_all.unwrap_or_else(of_one)
    }

    /// The cell of a row's mark.
    #[must_use]
    pub fn cell(&self, id: u64) -> (String, Tone) {
        let mark = if self.0.contains(&id) { "x" } else { "" };
        (mark.to_owned(), Tone::Warn)
    }

    /// How many there are, for the line above the list.
    #[must_use]
    pub fn told(&self, view: &View<'_>) -> Option<(String, Tone)> {
        let text = || format!("   {} {}", view.pick("고른 것", "marked"), self.0.len());
        (!self.0.is_empty()).then(|| (text(), Tone::Warn))
    }
}
