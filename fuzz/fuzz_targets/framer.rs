//! However a stream is cut, the same messages come out, none longer than allowed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use naru::clock;
use naru::sip::syntax::framer::{Frame, FrameError, Framer, MAX_MESSAGE};

fn frames(data: &[u8], step: usize) -> (Vec<Frame>, Option<FrameError>) {
    let now = clock::now().ticks;
    let (mut framer, mut frames) = (Framer::new(now), Vec::new());
    for piece in data.chunks(step) {
        framer.handle_bytes(piece);
        loop {
            match framer.poll_frame(now) {
                Ok(None) => break,
                Ok(Some(frame)) => frames.push(frame),
                Err(error) => return (frames, Some(error)),
            }
        }
    }
    (frames, None)
}

fuzz_target!(|data: &[u8]| {
    let Some((first, data)) = data.split_first() else { return };
    let cut = frames(data, usize::from(*first).max(1));
    let whole = frames(data, data.len().max(1));
    assert_eq!(cut.0, whole.0);
    for frame in whole.0 {
        if let Frame::Message(bytes) = frame {
            assert!(bytes.len() <= MAX_MESSAGE);
        }
    }
});
