//! How things look. Blue, yellow and magenta are told apart by the colour-blind too, and no colour
//! says anything that a sign or a word does not say as well.

use ratatui::style::{Color, Modifier, Style};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Colour,
    /// As <https://no-color.org> asks.
    Plain,
}

/// What a thing's state means to whoever looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    /// Wants a look.
    Warn,
    /// Wants a hand.
    Bad,
    Dim,
}

impl Theme {
    /// `NO_COLOR` set to anything but nothing.
    #[must_use]
    pub fn of_environment() -> Self {
        match std::env::var_os("NO_COLOR") {
            Some(value) if !value.is_empty() => Self::Plain,
            Some(_) | None => Self::Colour,
        }
    }

    #[must_use]
    pub fn tone(self, tone: Tone) -> Style {
        let (colour, modifier) = match tone {
            Tone::Plain => return Style::new(),
            Tone::Good => (Color::Cyan, Modifier::empty()),
            Tone::Warn => (Color::Yellow, Modifier::empty()),
            Tone::Bad => (Color::LightMagenta, Modifier::BOLD),
            Tone::Dim => return Style::new().add_modifier(Modifier::DIM),
        };
        self.coloured(colour).add_modifier(modifier)
    }

    #[must_use]
    pub fn title(self) -> Style {
        self.coloured(Color::LightBlue).add_modifier(Modifier::BOLD)
    }

    #[must_use]
    pub fn key(self) -> Style {
        self.coloured(Color::LightBlue).add_modifier(Modifier::BOLD)
    }

    #[must_use]
    pub fn selected() -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Where one writes, within what is selected.
    #[must_use]
    pub fn cursor() -> Style {
        Style::new().remove_modifier(Modifier::REVERSED).add_modifier(Modifier::UNDERLINED)
    }

    #[must_use]
    pub fn head() -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    fn coloured(self, colour: Color) -> Style {
        match self {
            Self::Colour => Style::new().fg(colour),
            Self::Plain => Style::new(),
        }
    }
}

/// The lamp before a state: seen without colour too.
#[must_use]
pub fn lamp(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "●",
        Tone::Warn => "◐",
        Tone::Bad => "✕",
        Tone::Dim | Tone::Plain => "○",
    }
}
