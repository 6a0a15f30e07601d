//! What a test phone is told to do.

use tokio::sync::oneshot;

use crate::testphone::heard::Heard;

#[derive(Debug)]
pub enum Order {
    Register {
        expires: u32,
    },
    Dial {
        number: String,
    },
    HangUp,
    /// Say a tone of so many hertz, or silence.
    Say(Option<f64>),
    /// Hand over what was heard since the last time, and forget it.
    TellHeard(oneshot::Sender<Heard>),
}
