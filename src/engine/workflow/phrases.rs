//! What is said, once it is known: places, waits, times, numbers.

use std::collections::BTreeMap;

use crate::live::LiveQueue;
use crate::office::saying::Saying;
use crate::office::workflow::phrase::{Figure, Phrase};
use crate::time::Moment;

/// What may be said at this moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) now: Moment,
    /// Where the caller stands, while they wait.
    pub(crate) place: Option<&'a LiveQueue>,
    /// What the caller has typed.
    pub(crate) fields: &'a BTreeMap<String, String>,
}

impl Known<'_> {
    /// Empty: nothing of it is known.
    pub(crate) fn sayings(&self, phrases: &[Phrase]) -> Vec<Saying> {
        phrases.iter().filter_map(|phrase| self.saying(phrase)).collect()
    }

    fn saying(&self, phrase: &Phrase) -> Option<Saying> {
        let at = self.now.unix_millis();
        match phrase {
            Phrase::Prompt(prompt) => Some(Saying::Prompt(*prompt)),
            Phrase::Place => {
                let place = self.place?.position;
                Some(Saying::Place(u32::try_from(place).unwrap_or(u32::MAX)))
            }
            Phrase::Wait => {
                let minutes = self.place?.expected_seconds?.div_ceil(60);
                Some(Saying::Wait { minutes: u32::try_from(minutes).unwrap_or(u32::MAX) })
            }
            Phrase::Time => Some(Saying::Time { at }),
            Phrase::Date => Some(Saying::Date { at }),
            Phrase::Digits(figure) => Some(Saying::Digits(self.figure(figure)?.to_owned())),
            Phrase::Number(figure) => {
                let digits = self.figure(figure)?;
                // More than can be counted is read out.
                Some(match digits.parse() {
                    Ok(count @ ..=9_999) => Saying::Count(count),
                    Ok(_) | Err(_) => Saying::Digits(digits.to_owned()),
                })
            }
        }
    }

    fn figure<'a>(&'a self, figure: &'a Figure) -> Option<&'a str> {
        match figure {
            Figure::Written(digits) => Some(digits),
            Figure::Field(name) => {
                self.fields.get(name).map(String::as_str).filter(|digits| !digits.is_empty())
            }
        }
    }
}
