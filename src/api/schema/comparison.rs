//! What a change of the office would have done to calls that were.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::Words;

/// Yesterday's calls from customers, played through two offices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficeComparison {
    /// The day, from its first moment to the next day's; milliseconds since 1970.
    pub from: i64,
    pub to: i64,
    /// Calls of that day that were played.
    pub calls: usize,
    /// There were more: these are a part of them, spread over the day.
    pub is_sample: bool,
    /// Of those played.
    pub elsewhere: usize,
    /// A few of them, the newest first.
    pub examples: Vec<ComparedCall>,
}

/// A call that would have gone elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComparedCall {
    pub id: u64,
    /// Where it goes by the office as it is.
    pub before: Words,
    pub after: Words,
}

impl OfficeComparison {
    /// One sentence, for whoever is about to save.
    #[must_use]
    pub fn words(&self) -> Words {
        let Self { calls, elsewhere, .. } = self;
        if *calls == 0 {
            return Words::new("어제는 온 전화가 없었습니다", "there were no calls yesterday");
        }
        let (ko_of, en_of) = if self.is_sample {
            (
                format!("어제 전화 가운데 고른 {calls}건"),
                format!("{calls} picked of yesterday's calls"),
            )
        } else {
            (format!("어제 전화 {calls}건"), format!("yesterday's {calls} calls"))
        };
        if *elsewhere == 0 {
            return Words::new(
                format!("{ko_of}은 모두 그대로 갔을 것입니다"),
                format!("of {en_of} all would have gone the same way"),
            );
        }
        let example = self.examples.first();
        let shown = |pick: fn(&Words) -> &str| {
            example.map_or_else(String::new, |call| {
                format!(" ({} ⇒ {})", pick(&call.before), pick(&call.after))
            })
        };
        Words::new(
            format!("{ko_of} 가운데 {elsewhere}건이 다른 곳으로 갔을 것입니다{}", shown(|w| &w.ko)),
            format!("{elsewhere} of {en_of} would have gone elsewhere{}", shown(|w| &w.en)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_called_one() {
        let mut told = OfficeComparison {
            from: 0,
            to: 1,
            calls: 42,
            is_sample: false,
            elsewhere: 0,
            examples: Vec::new(),
        };
        assert_eq!(told.words().en, "of yesterday's 42 calls all would have gone the same way");
        told.elsewhere = 5;
        assert_eq!(told.words().en, "5 of yesterday's 42 calls would have gone elsewhere");
        told.is_sample = true;
        assert_eq!(
            told.words().ko,
            "어제 전화 가운데 고른 42건 가운데 5건이 다른 곳으로 갔을 것입니다"
        );
        told.calls = 0;
        assert_eq!(told.words().en, "there were no calls yesterday");
    }
}
