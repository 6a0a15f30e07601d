//! Whether the sound of a phone or a trunk is encrypted, as a field.

use serde_json::{Value, json};

use crate::console::widgets::field::{Choice, Field};
use crate::office::closed_words;
use crate::office::srtp::SrtpPolicy;
use crate::words::Words;

/// `usual` is what holds when nothing is told.
#[must_use]
pub fn field(usual: SrtpPolicy, original: Option<&Value>) -> Field {
    let choice = |policy: SrtpPolicy| {
        let value = (policy != usual).then(|| json!(policy.name()));
        Choice { label: closed_words::encryption(policy), value }
    };
    let original = original.filter(|value| value.as_str() != Some(usual.name()));
    Field::choice(
        "srtp",
        Words::new("소리 암호화 (SRTP)", "Encrypted sound (SRTP)"),
        SrtpPolicy::ALL.map(choice).to_vec(),
        original,
    )
}
