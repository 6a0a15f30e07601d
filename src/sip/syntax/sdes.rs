//! Keys for encrypted sound in session descriptions: `a=crypto` lines (RFC 4568).

use std::fmt;

use crate::media::srtp::keys::{MASTER, MasterKey, Suite};
use crate::sip::syntax::token::{Tokens, seed};

/// Lines of one stream that are looked at; phones write two to four.
const MOST_LINES: usize = 16;
/// Octets of a key's name that packets may carry; whoever uses one writes 1 to 4.
const LONGEST_MKI: u8 = 16;

/// One line that we can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crypto {
    /// By which the answer names the offer's line.
    pub tag: u32,
    pub suite: Suite,
    pub key: MasterKey,
    /// Octets of the key's name in its writer's packets.
    pub mki: u8,
}

impl Crypto {
    /// The lines of a stream that we can use, as its writer prefers them. What is not known is
    /// skipped, as RFC 4568 7.1.2 has it.
    #[must_use]
    pub fn all(section: &[&str]) -> Vec<Self> {
        let lines = section.iter().filter_map(|line| line.strip_prefix("a=crypto:"));
        lines.take(MOST_LINES).filter_map(Self::parse).collect()
    }

    /// `1 AES_CM_128_HMAC_SHA1_80 inline:KEY[|LIFETIME][|MKI:LENGTH] [PARAMETERS]`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let tag = words.next()?;
        let fits = (1..=9).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_digit());
        let tag = tag.parse().ok().filter(|_| fits)?;
        let suite = words.next()?;
        let suite = Suite::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(suite))?;
        let (key, mki) = key_and_mki(words.next()?)?;
        words.all(is_harmless).then_some(Self { tag, suite, key, mki })
    }

    /// The whole line, with its end.
    #[must_use]
    pub fn print(&self) -> String {
        let key = encode(self.key.reveal());
        format!("a=crypto:{} {} inline:{key}\r\n", self.tag, self.suite.name())
    }
}

/// Several keys at once (`;`) are used by nobody, and cannot be told apart without their names.
fn key_and_mki(parameter: &str) -> Option<(MasterKey, u8)> {
    let (method, inline) = parameter.split_once(':')?;
    if !method.eq_ignore_ascii_case("inline") || inline.contains(';') {
        return None;
    }
    let mut parts = inline.split('|');
    let key = MasterKey::new(decode(parts.next()?)?);
    let mut mki = 0;
    for part in parts {
        match part.split_once(':') {
            Some((_, length)) => mki = length.parse().ok().filter(|l| *l <= LONGEST_MKI)?,
            // A lifetime, which no call outlives: 2^48 packets are the most there can be.
            None => {
                part.starts_with(|first: char| first.is_ascii_digit()).then_some(())?;
            }
        }
    }
    Some((key, mki))
}

/// Session parameters that change nothing for us: a hint about the window, and extensions that may
/// be ignored (RFC 4568 6.3). All others ask for something that we do not do.
fn is_harmless(parameter: &str) -> bool {
    parameter.starts_with("WSH=") || parameter.starts_with('-')
}

/// The keys under which one leg's sound is sent, one for each suite (RFC 4568 6.1: never the same
/// for two lines). Drawn when they are first wanted, and kept while they are in use.
#[derive(Clone)]
pub struct OwnKeys {
    tokens: Tokens,
    drawn: Option<[MasterKey; Suite::ALL.len()]>,
}

impl OwnKeys {
    #[must_use]
    pub fn new(seed: [u8; 32]) -> Self {
        Self { tokens: Tokens::new(seed), drawn: None }
    }

    pub fn of(&mut self, suite: Suite) -> MasterKey {
        let keys = self.drawn.get_or_insert_with(|| {
            Suite::ALL.map(|_| {
                let drawn = seed(&mut self.tokens);
                let mut master = [0; MASTER];
                master.copy_from_slice(&drawn[..MASTER]);
                MasterKey::new(master)
            })
        });
        match suite {
            Suite::Sha1Of80 => keys[0],
            Suite::Sha1Of32 => keys[1],
        }
    }

    /// What comes next is sent under other keys: media counts their packets anew.
    pub fn renew(&mut self) {
        self.drawn = None;
    }

    /// The lines of an offer, the better one first.
    pub fn lines(&mut self) -> Vec<Crypto> {
        let tagged = (1..).zip(Suite::ALL);
        tagged.map(|(tag, suite)| Crypto { tag, suite, key: self.of(suite), mki: 0 }).collect()
    }
}

impl fmt::Debug for OwnKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnKeys")
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base 64 (RFC 4648 4); 30 octets need no filling.
fn encode(octets: &[u8; MASTER]) -> String {
    let mut text = String::with_capacity(MASTER / 3 * 4);
    for three in octets.chunks(3) {
        let bits = three.iter().fold(0_usize, |bits, octet| bits << 8 | usize::from(*octet));
        for digit in (0..4).rev() {
            text.push(char::from(DIGITS[bits >> (6 * digit) & 63]));
        }
    }
    text
}

fn decode(text: &str) -> Option<[u8; MASTER]> {
    let text = text.trim_end_matches('=').as_bytes();
    if text.len() != MASTER / 3 * 4 {
        return None;
    }
    let mut octets = [0; MASTER];
    for (four, three) in text.chunks(4).zip(octets.chunks_mut(3)) {
        let mut bits = 0_u32;
        for digit in four {
            let value = DIGITS.iter().position(|known| known == digit)?;
            bits = bits << 6 | value as u32;
        }
        three.copy_from_slice(&bits.to_be_bytes()[1..]);
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    #[test]
    fn lines_of_every_day_are_read() {
        let lines = [
            "m=audio 4000 RTP/SAVP 0",
            &format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4 FEC_ORDER=FEC_SRTP"),
            "a=crypto:2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm",
            &format!("a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4"),
            &format!("a=crypto:4  aes_cm_128_hmac_sha1_32 INLINE:{KEY} WSH=128 -x=1"),
            &format!("a=crypto:5 AES_CM_128_HMAC_SHA1_32 inline:{KEY} UNENCRYPTED_SRTP"),
            "a=crypto:6 AES_CM_128_HMAC_SHA1_80 inline:tooshort",
            "a=crypto:x AES_CM_128_HMAC_SHA1_80",
            "a=crypto:",
        ];
        let read = Crypto::all(&lines);
        let told: Vec<_> = read.iter().map(|line| (line.tag, line.suite, line.mki)).collect();
        assert_eq!(told, [(3, Suite::Sha1Of80, 4), (4, Suite::Sha1Of32, 0)]);
        assert_eq!(&read[0].key.reveal()[..6], b"YS___s");
    }

    #[test]
    fn our_own_lines_read_back_and_differ() {
        let mut keys = OwnKeys::new([7; 32]);
        let lines = keys.lines();
        let printed: Vec<String> = lines.iter().map(Crypto::print).collect();
        let trimmed: Vec<&str> = printed.iter().map(|line| line.trim_end()).collect();
        assert_eq!(Crypto::all(&trimmed), lines);
        assert_ne!(lines[0].key, lines[1].key);
        assert_eq!(keys.lines(), lines, "the same while they are in use");
        keys.renew();
        assert_ne!(keys.lines()[0].key, lines[0].key);
        assert_eq!(format!("{keys:?}"), "OwnKeys");
    }

    proptest! {
        #[test]
        fn keys_survive_their_letters(octets in proptest::array::uniform30(any::<u8>())) {
            prop_assert_eq!(decode(&encode(&octets)), Some(octets));
        }

        #[test]
        fn no_line_panics(line in "[0-9A-Za-z_:|;=^ +/-]{0,120}") {
            let line = format!("a=crypto:{line}");
            prop_assert!(Crypto::all(&[&line]).len() <= 1);
        }
    }
}
