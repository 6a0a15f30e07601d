//! A wrap-up rule of its own, of a team or a number.

use serde_json::{Value, json};

use crate::console::widgets::field::{Choice, Field};
use crate::words::Words;

/// `usual` says, in Korean and English, what holds when nothing is told.
#[must_use]
pub fn fields<'a>(
    at: &impl Fn(&str) -> Option<&'a Value>,
    (usual_ko, usual_en): (&str, &str),
) -> Vec<Field> {
    vec![
        Field::choice(
            "wrap_up.enabled",
            Words::new("후처리", "Wrap-up"),
            vec![
                Choice::new(None, usual_ko, usual_en),
                Choice::new(Some(json!("true")), "있음", "on"),
                Choice::new(Some(json!("false")), "없음", "off"),
            ],
            at("wrap_up.enabled"),
        ),
        Field::text(
            "wrap_up.limit",
            Words::new("후처리 제한", "Wrap-up limit"),
            Words::new("10s~60m 또는 none", "10s to 60m, or none"),
            at("wrap_up.limit"),
        ),
    ]
}
