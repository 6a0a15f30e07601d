//! What came of telling another system.

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookEnd {
    /// The server has taken it (2xx), at this try.
    Taken { tries: u8 },
    /// The server does not want it, and asking again would not help.
    Refused { status: u16 },
    /// All tries were in vain; the last because of this.
    GivenUp { tries: u8, why: String },
    /// Too many wait to be sent.
    TooMany,
    /// naru was stopped before it was taken.
    Cut,
}

impl WebhookEnd {
    #[must_use]
    pub fn is_well(&self) -> bool {
        match self {
            Self::Taken { .. } => true,
            Self::Refused { .. } | Self::GivenUp { .. } | Self::TooMany | Self::Cut => false,
        }
    }

    #[must_use]
    pub fn words(&self, step: &str) -> Words {
        match self {
            Self::Taken { tries: 1 } => Words::new(
                format!("'{step}' 단계의 알림을 상대 서버가 받았습니다."),
                format!("The other system has taken what '{step}' told it."),
            ),
            Self::Taken { tries } => Words::new(
                format!("'{step}' 단계의 알림을 상대 서버가 {tries}번째에 받았습니다."),
                format!("The other system has taken what '{step}' told it, at try {tries}."),
            ),
            Self::Refused { status } => Words::new(
                format!("'{step}' 단계의 알림을 상대 서버가 거절했습니다({status})."),
                format!("The other system refuses what '{step}' tells it ({status})."),
            ),
            Self::GivenUp { tries, why } => Words::new(
                format!("'{step}' 단계의 알림을 {tries}번 보냈지만 전하지 못했습니다: {why}"),
                format!("What '{step}' tells was sent {tries} times in vain: {why}"),
            ),
            Self::TooMany => Words::new(
                format!("보낼 알림이 너무 많아 '{step}' 단계의 알림을 보내지 않았습니다."),
                format!("Too much waits to be sent, so what '{step}' tells is left out."),
            ),
            Self::Cut => Words::new(
                format!("naru가 종료되어 '{step}' 단계의 알림을 더 보내지 않습니다."),
                format!("naru was stopped before the other system had taken what '{step}' tells."),
            ),
        }
    }
}
