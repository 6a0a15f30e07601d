//! Keys of encrypted sound: what two descriptions agree on, and what is derived from it (RFC 3711).

use std::fmt;

use aes::Aes128Enc;
use aes::cipher::{Block, BlockEncrypt, KeyInit};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Octets of a master key with its salt (RFC 4568 6.2).
pub const MASTER: usize = 30;
/// Octets of an authentication key (RFC 3711 5.2).
const AUTHENTICATION: usize = 20;
/// Blocks made in one go: as many as processors encrypt side by side.
const AT_ONCE: usize = 8;

/// How packets are encrypted and sealed: AES in counter mode and HMAC-SHA1 (RFC 4568 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// A seal of 80 bits.
    Sha1Of80,
    /// A seal of 32 bits for sound; reports keep theirs of 80.
    Sha1Of32,
}

impl Suite {
    /// The better one first.
    pub const ALL: [Self; 2] = [Self::Sha1Of80, Self::Sha1Of32];

    /// Its name in session descriptions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1Of80 => "AES_CM_128_HMAC_SHA1_80",
            Self::Sha1Of32 => "AES_CM_128_HMAC_SHA1_32",
        }
    }

    /// Octets of the seal of a packet of sound.
    #[must_use]
    pub fn seal(self) -> usize {
        match self {
            Self::Sha1Of80 => 10,
            Self::Sha1Of32 => 4,
        }
    }
}

/// A master key of 16 octets and its salt of 14. Nothing prints what is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey([u8; MASTER]);

impl MasterKey {
    #[must_use]
    pub const fn new(octets: [u8; MASTER]) -> Self {
        Self(octets)
    }

    /// For the session description only.
    #[must_use]
    pub fn reveal(&self) -> &[u8; MASTER] {
        &self.0
    }

    /// What `label` stands for, as many octets as `into` has (RFC 3711 4.3.1; the key derivation
    /// rate is 0, so it is done once).
    fn derive(&self, label: u8, into: &mut [u8]) {
        let mut iv = [0; 16];
        iv[..14].copy_from_slice(&self.0[16..]);
        iv[7] ^= label;
        into.fill(0);
        keystream(&Aes128Enc::new(self.0[..16].into()), iv, into);
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

/// What offer and answer have settled: each side sends under the key it has described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SrtpTerms {
    pub suite: Suite,
    pub ours: MasterKey,
    pub theirs: MasterKey,
    /// Octets of the key's name in the far end's packets; ours carry none (RFC 3711 3.1).
    pub mki: u8,
}

/// Which packets a key is for: their labels (RFC 3711 4.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Sound,
    Reports,
}

/// The keys of one direction for one purpose, ready for use.
pub struct SessionKeys {
    cipher: Aes128Enc,
    /// 14 octets, and two of the block counter.
    salt: [u8; 16],
    mac: Hmac<Sha1>,
}

impl SessionKeys {
    #[must_use]
    pub fn of(master: &MasterKey, purpose: Purpose) -> Self {
        let first = match purpose {
            Purpose::Sound => 0,
            Purpose::Reports => 3,
        };
        let (mut key, mut salt, mut authentication) = ([0; 16], [0; 16], [0; AUTHENTICATION]);
        master.derive(first, &mut key);
        master.derive(first + 1, &mut authentication);
        master.derive(first + 2, &mut salt[..14]);
        Self {
            cipher: Aes128Enc::new(&key.into()),
            salt,
            // HMAC takes keys of any length; the empty one stands for an error that cannot be.
            mac: <Hmac<Sha1> as Mac>::new_from_slice(&authentication)
                .unwrap_or_else(|_| <Hmac<Sha1> as Mac>::new(&Default::default())),
        }
    }

    /// Encrypts or decrypts a packet's payload (RFC 3711 4.1.1).
    pub fn apply(&self, ssrc: u32, index: u64, data: &mut [u8]) {
        let mut iv = self.salt;
        let (ssrc, index) = (ssrc.to_be_bytes(), index.to_be_bytes());
        for (at, octet) in ssrc.iter().enumerate() {
            iv[4 + at] ^= octet;
        }
        for (at, octet) in index[2..].iter().enumerate() {
            iv[8 + at] ^= octet;
        }
        keystream(&self.cipher, iv, data);
    }

    /// The seal over what was sent and what is only known to both (RFC 3711 4.2).
    #[must_use]
    pub fn seal(&self, sent: &[u8], known: &[u8]) -> [u8; 20] {
        self.mac.clone().chain_update(sent).chain_update(known).finalize().into_bytes().into()
    }

    /// Whether a seal, cut to its length, is right; takes as long for a wrong one.
    #[must_use]
    pub fn fits(&self, sent: &[u8], known: &[u8], seal: &[u8]) -> bool {
        let mac = self.mac.clone().chain_update(sent).chain_update(known);
        mac.verify_truncated_left(seal).is_ok()
    }
}

impl fmt::Debug for SessionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKeys")
    }
}

/// Adds the key stream that begins at `iv` to the data; the last 16 bits of `iv` count blocks.
fn keystream(cipher: &Aes128Enc, iv: [u8; 16], data: &mut [u8]) {
    let mut counter = u16::from_be_bytes([iv[14], iv[15]]);
    for chunk in data.chunks_mut(16 * AT_ONCE) {
        let mut blocks = [Block::<Aes128Enc>::from(iv); AT_ONCE];
        let needed = chunk.len().div_ceil(16);
        for block in &mut blocks[..needed] {
            block[14..].copy_from_slice(&counter.to_be_bytes());
            counter = counter.wrapping_add(1);
        }
        cipher.encrypt_blocks(&mut blocks[..needed]);
        for (octets, block) in chunk.chunks_mut(16).zip(&blocks) {
            for (octet, key) in octets.iter_mut().zip(block) {
                *octet ^= key;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(hex: &str) -> Vec<u8> {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digit).collect()
    }

    /// RFC 3711 B.2, its first and its last blocks: the counter runs into its second octet.
    #[test]
    fn the_key_stream_is_that_of_rfc_3711() {
        let cipher =
            Aes128Enc::new_from_slice(&octets("2b7e151628aed2a6abf7158809cf4f3c")).unwrap();
        let iv: [u8; 16] = octets("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000").try_into().unwrap();
        let mut stream = vec![0; 0xff02 * 16];
        keystream(&cipher, iv, &mut stream);
        for (block, expected) in [
            (0, "e03ead0935c95e80e166b16dd92b4eb4"),
            (1, "d23513162b02d0f72a43a2fe4a5f97ab"),
            (2, "41e95b3bb0a2e8dd477901e4fca894c0"),
            (0xfeff, "ec8cdf7398607cb0f2d21675ea9ea1e4"),
            (0xff00, "362b7c3c6773516318a077d7fc5073ae"),
            (0xff01, "6a2cc3787889374fbeb4c81b17ba6c44"),
        ] {
            assert_eq!(stream[block * 16..][..16], octets(expected), "block {block:#x}");
        }
    }

    /// RFC 3711 B.3.
    #[test]
    fn keys_are_derived_as_in_rfc_3711() {
        let master = octets("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6");
        let master = MasterKey::new(master.try_into().unwrap());
        for (label, expected) in [
            (0, "c61e7a93744f39ee10734afe3ff7a087"),
            (1, "cebe321f6ff7716b6fd4ab49af256a156d38baa4"),
            (2, "30cbbc08863d8c85d49db34a9ae1"),
        ] {
            let expected = octets(expected);
            let mut derived = vec![0; expected.len()];
            master.derive(label, &mut derived);
            assert_eq!(derived, expected, "label {label}");
        }
    }

    #[test]
    fn no_key_is_printed() {
        let terms = SrtpTerms {
            suite: Suite::Sha1Of80,
            ours: MasterKey::new([0xab; MASTER]),
            theirs: MasterKey::new([0xcd; MASTER]),
            mki: 0,
        };
        let printed = format!("{terms:?}");
        assert!(!printed.contains("171") && !printed.contains("205"), "{printed}");
    }
}
