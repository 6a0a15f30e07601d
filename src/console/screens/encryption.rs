//! Whether the sound of a phone or a trunk is encrypted, as a field.

use serde_json::{Value, json};

use crate::console::widgets::field::{Choice, Field};
use crate::office::srtp::SrtpPolicy;
use crate::words::Words;

/// `usual` is what holds when nothing is told.
#[must_use]
pub fn field(usual: SrtpPolicy, original: Option<&Value>) -> Field {
    let choice = |policy: SrtpPolicy| {
        let (ko, en) = match policy {
            SrtpPolicy::Off => ("암호화하지 않음", "never"),
            SrtpPolicy::Optional => ("상대가 할 수 있으면 암호화", "when the other side can"),
            SrtpPolicy::Required => ("암호화된 통화만", "always, else no call"),
        };
        let value = (policy != usual).then(|| json!(policy.name()));
        Choice::new(value, ko, en)
    };
    let original = original.filter(|value| value.as_str() != Some(usual.name()));
    Field::choice(
        "srtp",
        Words::new("소리 암호화 (SRTP)", "Encrypted sound (SRTP)"),
        SrtpPolicy::ALL.map(choice).to_vec(),
        original,
    )
}
