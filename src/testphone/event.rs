//! What a test phone tells the one who holds it.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Registered,
    /// 408 also when no answer came at all.
    RegistrationRefused {
        status: u16,
    },
    /// Our call goes on: 180, 183 …
    Progress {
        status: u16,
    },
    /// A call rings here.
    Offered {
        caller: String,
    },
    /// Our call was answered, or our answer was acknowledged.
    Answered,
    Ended(Ending),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    WeHungUp,
    TheyHungUp,
    /// Their CANCEL, with its Reason header.
    Cancelled {
        reason: Option<String>,
    },
    /// The final answer to our INVITE; 487 after our own CANCEL.
    Refused {
        status: u16,
    },
    /// Nothing came back for 32 seconds.
    NoReply,
}
