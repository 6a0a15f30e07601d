//! PESQ of what was heard, beside what was said.

use std::panic::catch_unwind;

use naru::media::codec::Codec;

/// What `heard`, by a phone of `codec`, is worth. A phone that is sent nothing hears silence, so what
/// is short is heard with silence at its end.
///
/// `None` where nothing can be said: the algorithm has no answer for some sound that is far shorter
/// or later than it should be, and the crate `pesq` fails there (it counts below zero when it
/// looks for an utterance behind the end of what was heard).
pub(crate) fn worth(said: &[i16], heard: &[i16], codec: Codec) -> Option<f64> {
    let mut whole = heard.to_vec();
    whole.resize(heard.len().max(said.len()), 0);
    let score = catch_unwind(|| match codec {
        Codec::Pcmu | Codec::Pcma => pesq::pesq_8k(said, &whole),
        Codec::G722 | Codec::Opus => pesq::pesq_wb(said, &whole),
    });
    score.ok()?.ok().map(f64::from)
}
