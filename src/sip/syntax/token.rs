//! Tags, branches and Call-IDs nobody can guess.

use sha2::{Digest, Sha256};

/// Makes tokens from a secret seed and a count; the same seed makes the same tokens.
#[derive(Clone)]
pub struct Tokens {
    seed: [u8; 32],
    count: u64,
}

impl Tokens {
    #[must_use]
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, count: 0 }
    }

    /// 96 unguessable bits as 24 hex digits.
    pub fn next_token(&mut self) -> String {
        self.count += 1;
        let digest =
            Sha256::new().chain_update(self.seed).chain_update(self.count.to_be_bytes()).finalize();
        hex(&digest[..12])
    }

    /// With the magic cookie (RFC 3261 8.1.1.7).
    pub fn branch(&mut self) -> String {
        format!("z9hG4bK{}", self.next_token())
    }
}

/// A seed for another maker of tokens.
pub fn seed(tokens: &mut Tokens) -> [u8; 32] {
    tokens.count += 1;
    Sha256::new()
        .chain_update(tokens.seed)
        .chain_update(b"seed")
        .chain_update(tokens.count.to_be_bytes())
        .finalize()
        .into()
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
