//! Datagrams that wait to be sent. Their memory is used again, so that a relay allocates nothing.

use std::net::SocketAddr;

use crate::leg::LegId;
use crate::media::packet::LARGEST;
use crate::media::srtp::srtp::Srtp;

/// More than the busiest instant makes: three packets for each of 300 playing legs, and reports.
const MOST: usize = 1_024;

/// Which of a leg's two sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Rtp,
    Rtcp,
}

/// One datagram to send from a leg's socket.
#[derive(Debug)]
pub struct Transmit<'a> {
    pub leg: LegId,
    pub channel: Channel,
    pub to: SocketAddr,
    pub data: &'a [u8],
}

#[derive(Debug, Default)]
pub struct Outbox {
    slots: Vec<Slot>,
    taken: usize,
    filled: usize,
}

#[derive(Debug)]
struct Slot {
    leg: LegId,
    channel: Channel,
    to: SocketAddr,
    length: usize,
    bytes: Box<[u8; LARGEST]>,
}

impl Outbox {
    /// Lets `write` fill the next datagram and say how long it is; 0 sends none. What leaves under
    /// `srtp` is sealed here, so that no way out can forget it. Once [`MOST`] wait, more are
    /// dropped: whoever drains has stopped.
    pub fn push(
        &mut self,
        (leg, channel): (LegId, Channel),
        to: SocketAddr,
        srtp: Option<&mut Srtp>,
        write: impl FnOnce(&mut [u8; LARGEST]) -> usize,
    ) {
        if self.filled == MOST {
            return;
        }
        if self.filled == self.slots.len() {
            self.slots.push(Slot { leg, channel, to, length: 0, bytes: Box::new([0; LARGEST]) });
        }
        let slot = &mut self.slots[self.filled];
        (slot.leg, slot.channel, slot.to) = (leg, channel, to);
        slot.length = write(&mut slot.bytes).min(LARGEST);
        if let Some(srtp) = srtp.filter(|_| slot.length > 0) {
            slot.length = match channel {
                Channel::Rtp => srtp.seal_sound(&mut slot.bytes, slot.length),
                Channel::Rtcp => srtp.seal_report(&mut slot.bytes, slot.length),
            };
        }
        if slot.length > 0 {
            self.filled += 1;
        }
    }

    pub fn take(&mut self) -> Option<Transmit<'_>> {
        if self.taken == self.filled {
            (self.taken, self.filled) = (0, 0);
            return None;
        }
        let slot = &self.slots[self.taken];
        self.taken += 1;
        let data = &slot.bytes[..slot.length];
        Some(Transmit { leg: slot.leg, channel: slot.channel, to: slot.to, data })
    }
}
