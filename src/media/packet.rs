//! One RTP packet, looked at where it lies (RFC 3550 5.1).

use rtp_types::{RtpPacket, RtpParseError};

/// The fixed part of a header; we write no other.
pub const HEADER: usize = 12;
/// The longest datagram taken or sent: what Ethernet carries over IPv4.
pub const LARGEST: usize = 1_472;

/// What a packet says; padding, contributing sources and extensions are left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    pub marker: bool,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// # Errors
    /// When the bytes are no whole RTP packet of version 2.
    pub fn parse(data: &'a [u8]) -> Result<Self, RtpParseError> {
        let packet = RtpPacket::parse(data)?;
        let start = packet.payload_offset();
        Ok(Self {
            marker: packet.marker_bit(),
            payload_type: packet.payload_type(),
            sequence: packet.sequence_number(),
            timestamp: packet.timestamp(),
            ssrc: packet.ssrc(),
            payload: data.get(start..start + packet.payload_len()).unwrap_or_default(),
        })
    }

    /// Writes header and payload and returns their length; a payload that does not fit is cut.
    pub fn write(&self, datagram: &mut [u8; LARGEST]) -> usize {
        datagram[0] = 2 << 6;
        datagram[1] = u8::from(self.marker) << 7 | self.payload_type & 0x7f;
        datagram[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        datagram[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        datagram[8..HEADER].copy_from_slice(&self.ssrc.to_be_bytes());
        let length = self.payload.len().min(LARGEST - HEADER);
        datagram[HEADER..HEADER + length].copy_from_slice(&self.payload[..length]);
        HEADER + length
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn padding_sources_and_extension_are_left_behind() {
        let mut data = vec![0xb1, 0x80, 0, 7, 0, 0, 0, 160, 0, 0, 0, 9];
        data.extend([1, 2, 3, 4]);
        data.extend([0xbe, 0xde, 0, 1, 0, 0, 0, 0]);
        data.extend([0xd5; 4]);
        data.extend([0, 2]);
        let packet = Packet::parse(&data).unwrap();
        assert_eq!((packet.sequence, packet.timestamp, packet.ssrc), (7, 160, 9));
        assert!(packet.marker);
        assert_eq!(packet.payload, [0xd5; 4]);
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        let extension_beyond_end =
            [0x90, 0, 0, 1, 0, 0, 0, 0xa0, 0, 0, 0, 1, 0xbe, 0xde, 0, 9, 0x1f, 0, 0, 0];
        assert!(Packet::parse(&extension_beyond_end).is_err());
        assert!(Packet::parse(&[0xaf, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]).is_err());
        assert!(Packet::parse(&[0xa0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9]).is_err());
        assert!(Packet::parse(&[]).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_what_is_read_can_be_written(
            data in proptest::collection::vec(any::<u8>(), 0..120),
            first in prop_oneof![Just(0x80_u8), any::<u8>()],
        ) {
            let mut data = data;
            if let Some(byte) = data.first_mut() { *byte = first; }
            if let Ok(packet) = Packet::parse(&data) {
                let mut datagram = [0; LARGEST];
                let length = packet.write(&mut datagram);
                prop_assert_eq!(Packet::parse(&datagram[..length]).unwrap(), packet);
            }
        }
    }
}
