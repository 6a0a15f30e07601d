//! The step that promises a call back, as a document tells it.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::audio::builtin::Prompt;
use crate::office::document::field::read_name;
use crate::office::document::keys::Errors;
use crate::office::document::next::{read_count, read_optional_next};
use crate::office::document::speech::read_speech;
use crate::office::document::voicemail::read_time;
use crate::office::library::Library;
use crate::office::workflow::action::Callback;
use crate::office::workflow::name::Next;
use crate::office::workflow::speech::Speech;
use crate::yaml::Part;

const KEYS: [&str; 5] = ["number_of", "tries", "pause", "thanks", "unavailable"];

/// Our choice: who is called six times is not called back but pursued.
const TRIES: (u8, u8) = (1, 5);
const USUAL_TRIES: u8 = 2;
const PAUSES: RangeInclusive<u64> = 30..=3_600;
const PAUSE: Duration = Duration::from_secs(300);

/// Every key may be left out.
pub(crate) fn read_callback(
    part: &Part<'_>,
    library: &Library,
    errors: &mut Errors,
) -> Option<Callback> {
    let keys = part.keys(&KEYS, errors)?;
    let thanks = match keys.get("thanks") {
        Some(part) => read_speech(part, library, errors),
        None => Some(Speech::Prompt(Prompt::CallbackSet)),
    };
    Some(Callback {
        number_of: keys.get("number_of").and_then(|part| read_name(part, errors)),
        tries: read_count(&keys, "tries", TRIES, USUAL_TRIES, errors),
        pause: read_time(&keys, "pause", (PAUSES, PAUSE), errors),
        thanks: thanks?,
        unavailable: read_optional_next(&keys, "unavailable", errors).unwrap_or(Next::End),
    })
}
