//! The decoder of libopus with all its dials: the crate `opus` has none for how much a decoder may
//! work.

#![expect(unsafe_code, reason = "libopus is C, and its decoder's dials have no safe binding")]

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use opusic_sys::{
    OPUS_OK, OPUS_SET_COMPLEXITY_REQUEST, OpusDecoder, opus_decode, opus_decoder_create,
    opus_decoder_ctl, opus_decoder_destroy,
};

/// A decoder of one channel.
pub(crate) struct RawDecoder {
    state: NonNull<OpusDecoder>,
}

// SAFETY: the state is one block of memory that nothing else points to; libopus keeps nothing by
// thread.
unsafe impl Send for RawDecoder {}

impl RawDecoder {
    /// # Errors
    /// libopus' own number when the rate is none of the five, or no memory is left.
    pub(crate) fn new(rate: u32) -> Result<Self, c_int> {
        let mut error = OPUS_OK;
        // SAFETY: `error` lives as long as the call; what comes back is checked.
        let state = unsafe { opus_decoder_create(rate as i32, 1, &raw mut error) };
        match NonNull::new(state) {
            Some(state) if error == OPUS_OK => Ok(Self { state }),
            Some(_) | None => Err(error),
        }
    }

    /// 0 to 10: from 5 on losses are concealed by a network of neurons, from 7 on another one mends
    /// what was coded.
    pub(crate) fn set_complexity(&mut self, complexity: u8) {
        let value: c_int = complexity.min(10).into();
        // SAFETY: this request takes one int by value.
        let set =
            unsafe { opus_decoder_ctl(self.state.as_ptr(), OPUS_SET_COMPLEXITY_REQUEST, value) };
        debug_assert_eq!(set, OPUS_OK, "the value is in its range");
    }

    /// Decodes a packet, or without one conceals, into `samples`; `fec` wants the repair that the
    /// packet has of the one before it. Returns how many samples there are now; `None` if the
    /// packet is broken.
    pub(crate) fn decode(
        &mut self,
        packet: Option<&[u8]>,
        fec: bool,
        samples: &mut [i16],
    ) -> Option<usize> {
        let (data, length) = match packet {
            Some(packet) => (packet.as_ptr(), packet.len().try_into().ok()?),
            None => (ptr::null(), 0),
        };
        let room = samples.len().try_into().ok()?;
        // SAFETY: pointers and lengths are of two live slices, and one channel is decoded.
        let decoded = unsafe {
            let state = self.state.as_ptr();
            opus_decode(state, data, length, samples.as_mut_ptr(), room, fec.into())
        };
        usize::try_from(decoded).ok()
    }
}

impl Drop for RawDecoder {
    fn drop(&mut self) {
        // SAFETY: it was created by libopus and is destroyed once.
        unsafe { opus_decoder_destroy(self.state.as_ptr()) };
    }
}
