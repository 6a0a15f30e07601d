//! Why nobody answered a customer, finely as it is recorded and coarsely as it is counted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The catalogue of behaviour.md 2.6. A call keeps the fine reason; lists and figures fold it with
/// [`MissedReason::coarse`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum MissedReason {
    NotInOperation,
    UserLeft,
    UserLeftInGreeting,
    UserLeftInIvr,
    UserLeftInIvrWithoutInput,
    UserLeftInQueued,
    UserLeftInWaitingManager,
    RingTimeOver,
    NoOperator,
    RejectedByOperator,
    ManagerLeft,
    NoFallbackClient,
    ExceededQueue,
    AbandonedInQueue,
    Workflow,
    WfInputTimeout,
    WfEndCall,
    WfVoiceMail,
    PreservedNumber,
    UnregisteredNumber,
    InboundRateLimit,
    ConcurrencyLimit,
    BlockedUser,
}

impl MissedReason {
    /// Those that an office can do something about; figures count them as missed (L152).
    pub const COUNTED: [Self; 7] = [
        Self::NotInOperation,
        Self::UserLeft,
        Self::RingTimeOver,
        Self::NoOperator,
        Self::ExceededQueue,
        Self::AbandonedInQueue,
        Self::Workflow,
    ];

    /// Some of [`Self::COUNTED`], joined by commas.
    ///
    /// # Errors
    /// The first word that is none of them.
    pub fn list(text: &str) -> Result<BTreeSet<Self>, String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let reason = serde_json::from_value(serde_json::Value::String(word.to_owned()));
                let known = reason.ok().filter(|reason| Self::COUNTED.contains(reason));
                known.ok_or_else(|| word.to_owned())
            })
            .collect()
    }

    /// What it counts as: the caller's leaving is one reason wherever they left, and a workflow's
    /// ending one whichever step ended the call (C7).
    #[must_use]
    pub fn coarse(self) -> Self {
        match self {
            Self::UserLeft
            | Self::UserLeftInGreeting
            | Self::UserLeftInIvr
            | Self::UserLeftInIvrWithoutInput
            | Self::UserLeftInQueued
            | Self::UserLeftInWaitingManager => Self::UserLeft,
            Self::Workflow | Self::WfInputTimeout | Self::WfEndCall | Self::WfVoiceMail => {
                Self::Workflow
            }
            Self::NoOperator
            | Self::RejectedByOperator
            | Self::ManagerLeft
            | Self::NoFallbackClient => Self::NoOperator,
            Self::NotInOperation
            | Self::RingTimeOver
            | Self::ExceededQueue
            | Self::AbandonedInQueue
            | Self::PreservedNumber
            | Self::UnregisteredNumber
            | Self::InboundRateLimit
            | Self::ConcurrencyLimit
            | Self::BlockedUser => self,
        }
    }

    /// Whether figures count it as a call that the office has missed. A stranger's wrong number is
    /// none.
    #[must_use]
    pub fn is_counted(self) -> bool {
        Self::COUNTED.contains(&self.coarse())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fine_reason_counts_as_one_of_seven_or_as_none() {
        // L152, C7
        for (fine, coarse, counted) in [
            (MissedReason::UserLeftInGreeting, MissedReason::UserLeft, true),
            (MissedReason::UserLeftInQueued, MissedReason::UserLeft, true),
            (MissedReason::AbandonedInQueue, MissedReason::AbandonedInQueue, true),
            (MissedReason::WfEndCall, MissedReason::Workflow, true),
            (MissedReason::RejectedByOperator, MissedReason::NoOperator, true),
            (MissedReason::BlockedUser, MissedReason::BlockedUser, false),
            (MissedReason::UnregisteredNumber, MissedReason::UnregisteredNumber, false),
        ] {
            assert_eq!((fine.coarse(), fine.is_counted()), (coarse, counted), "{fine:?}");
            assert_eq!(fine.coarse().coarse(), fine.coarse());
        }
        let some = [MissedReason::UserLeft, MissedReason::RingTimeOver];
        assert_eq!(MissedReason::list("userLeft, ringTimeOver"), Ok(some.into()));
        assert_eq!(MissedReason::list(""), Ok(BTreeSet::new()));
        for wrong in ["blockedUser", "userLeftInIvr", "late"] {
            assert_eq!(MissedReason::list(wrong), Err(wrong.to_owned()));
        }
    }
}
