//! Keys that may be meant for us: what a leg presses from a star on is held back until somebody
//! knows what it was.

use crate::media::telephone_event::Finger;

/// Keys that are kept; no code of ours is nearly as long.
const MOST: usize = 32;

#[derive(Debug, Default)]
pub struct Star {
    state: State,
    kept: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nobody waits for a star of this leg.
    #[default]
    Off,
    Watching,
    Holding,
    /// It is decided; what is left of the press that decided it still comes in.
    Rest,
}

impl Star {
    /// From the leg's next star on.
    pub fn watch(&mut self) {
        if self.state == State::Off {
            self.state = State::Watching;
        }
    }

    /// Whether a packet that tells this of the leg's finger is not to be sent on.
    pub fn holds_back(&mut self, finger: Option<Finger>) -> bool {
        match (self.state, finger) {
            (State::Off, _) => false,
            (State::Watching | State::Rest, Some(Finger::Down('*') | Finger::Tapped('*'))) => {
                self.state = State::Holding;
                self.kept.push('*');
                true
            }
            (State::Holding, Some(Finger::Down(key) | Finger::Tapped(key))) => {
                if self.kept.len() < MOST {
                    self.kept.push(key);
                }
                true
            }
            (State::Rest, Some(Finger::Down(_) | Finger::Tapped(_))) => {
                self.state = State::Watching;
                false
            }
            (State::Watching, _) => false,
            (State::Holding | State::Rest, Some(Finger::Up) | None) => true,
        }
    }

    /// It is known what they were; returns what was held back.
    pub fn decide(&mut self) -> String {
        if self.state == State::Holding {
            self.state = State::Rest;
        }
        std::mem::take(&mut self.kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(star: &mut Star, key: char) -> Vec<bool> {
        [Some(Finger::Down(key)), None, Some(Finger::Up), None]
            .map(|finger| star.holds_back(finger))
            .to_vec()
    }

    #[test]
    fn what_follows_a_star_waits_until_it_is_known() {
        let mut star = Star::default();
        assert_eq!(pressed(&mut star, '*'), [false; 4], "nobody waits for it");
        star.watch();
        assert_eq!(pressed(&mut star, '5'), [false; 4]);
        assert_eq!(pressed(&mut star, '*'), [true; 4]);
        assert!(star.holds_back(Some(Finger::Down('1'))));
        assert_eq!(star.decide(), "*1");
        assert!(star.holds_back(None) && star.holds_back(Some(Finger::Up)), "the rest of the 1");
        assert_eq!(pressed(&mut star, '7'), [false; 4]);
        assert!(star.holds_back(Some(Finger::Tapped('*'))));
        assert_eq!(star.decide(), "*");
        assert_eq!(star.decide(), "");
    }

    #[test]
    fn a_finger_that_never_rests_fills_no_memory() {
        let mut star = Star::default();
        star.watch();
        for _ in 0..1_000 {
            star.holds_back(Some(Finger::Tapped('*')));
        }
        assert_eq!(star.decide().len(), MOST);
    }
}
