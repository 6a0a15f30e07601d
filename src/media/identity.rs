//! Numbers of a stream that nobody outside may guess (RFC 3550 5.1, 8.1), from one seed.

use sha2::{Digest, Sha256};

/// Draws numbers; the same seed draws the same, so a test can repeat itself.
#[derive(Debug)]
pub struct Lots {
    seed: [u8; 32],
    drawn: u64,
}

impl Lots {
    #[must_use]
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    pub fn draw(&mut self) -> u64 {
        self.drawn += 1;
        let digest = Sha256::new().chain_update(self.seed).chain_update(self.drawn.to_be_bytes());
        let bytes: [u8; 32] = digest.finalize().into();
        bytes.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
    }
}
