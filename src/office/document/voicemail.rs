//! The step in which a caller leaves word, as a document tells it.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::office::document::keys::{Errors, Keys};
use crate::office::document::speech::read_speech;
use crate::office::duration;
use crate::office::library::Library;
use crate::office::workflow::action::Voicemail;
use crate::office::workflow::speech::Speech;
use crate::words::Words;
use crate::yaml::Part;

const KEYS: [&str; 4] = ["say", "limit", "silence", "thanks"];

/// Our choice: behaviour.md, part 5, names no length. Ten minutes are read out in ten minutes.
const LIMITS: RangeInclusive<u64> = 10..=600;
/// Shorter than two seconds cuts off who thinks; a minute of nothing is nothing.
const SILENCES: RangeInclusive<u64> = 2..=60;

/// Every key may be left out.
pub(crate) fn read_voicemail(
    part: &Part<'_>,
    library: &Library,
    errors: &mut Errors,
) -> Option<Voicemail> {
    let keys = part.keys(&KEYS, errors)?;
    let usual = Voicemail::default();
    let mut words = |key: &str, usual: Speech| match keys.get(key) {
        Some(part) => read_speech(part, library, errors),
        None => Some(usual),
    };
    let (say, thanks) = (words("say", usual.say), words("thanks", usual.thanks));
    let limit = read_time(&keys, "limit", (LIMITS, usual.limit), errors);
    let silence = read_time(&keys, "silence", (SILENCES, usual.silence), errors);
    Some(Voicemail { say: say?, limit, silence, thanks: thanks? })
}

pub(crate) fn read_time(
    keys: &Keys<'_>,
    key: &str,
    (range, usual): (RangeInclusive<u64>, Duration),
    errors: &mut Errors,
) -> Duration {
    let Some(part) = keys.get(key) else { return usual };
    let bound = |seconds: &u64| duration::print(Duration::from_secs(*seconds));
    let (least, most) = (bound(range.start()), bound(range.end()));
    let expected =
        Words::new(format!("{least}~{most}로 적습니다"), format!("write {least} to {most}"));
    let time = part.parsed(&expected, errors, |text| match duration::parse(text) {
        Ok(time) if range.contains(&time.as_secs()) => Ok(time),
        Ok(_) | Err(_) => Err(()),
    });
    time.unwrap_or(usual)
}
