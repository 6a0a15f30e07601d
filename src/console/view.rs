//! What a screen may look at while it draws and decides.

use jiff::tz::TimeZone;

use crate::console::model::Model;
use crate::console::text::local;
use crate::console::theme::Theme;
use crate::locale::Speech;
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub model: &'a Model,
    pub theme: Theme,
    pub speech: Speech,
    pub zone: &'a TimeZone,
    /// Milliseconds since 1970.
    pub now: i64,
    pub may_write: bool,
}

impl<'a> View<'a> {
    #[must_use]
    pub fn pick(&self, ko: &'a str, en: &'a str) -> &'a str {
        self.speech.pick(ko, en)
    }

    #[must_use]
    pub fn say<'w>(&self, words: &'w Words) -> &'w str {
        self.speech.say(words)
    }

    /// A moment as the clock here shows it; today's without its date.
    #[must_use]
    pub fn moment(&self, millis: i64) -> String {
        let day = "%m-%d";
        if local(millis, self.zone, day) == local(self.now, self.zone, day) {
            local(millis, self.zone, "%H:%M:%S")
        } else {
            local(millis, self.zone, "%m-%d %H:%M")
        }
    }
}
