//! Digest credentials as phones send them, and their check (RFC 7616, RFC 2069 for old phones).

use md5::Md5;
use sha2::{Digest, Sha256};

use crate::office::device::DigestAlgorithm;
use crate::sip::syntax::text::{split_outside, unquoted};

/// A hash as lower-case hex: 32 or 64 digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HexHash {
    digits: [u8; 64],
    length: usize,
}

impl HexHash {
    /// Hashes `parts` with a colon between each two.
    #[must_use]
    pub fn of(algorithm: DigestAlgorithm, parts: &[&[u8]]) -> Self {
        match algorithm {
            DigestAlgorithm::Md5 => Self::from_bytes(&hashed::<Md5>(parts)),
            DigestAlgorithm::Sha256 => Self::from_bytes(&hashed::<Sha256>(parts)),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self { digits, length: (bytes.len() * 2).min(64) }
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.digits[..self.length]
    }

    /// Whether `text` says the same in hex of either case. The time depends on the lengths only.
    #[must_use]
    pub fn is_said_by(&self, text: &str) -> bool {
        let said = text.as_bytes();
        let differing = said
            .iter()
            .zip(self.as_bytes())
            .fold(0, |differing, (one, other)| differing | (one.to_ascii_lowercase() ^ other));
        differing == 0 && said.len() == self.length
    }
}

fn hashed<H: Digest>(parts: &[&[u8]]) -> sha2::digest::Output<H> {
    let mut hash = H::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hash.update(b":");
        }
        hash.update(part);
    }
    hash.finalize()
}

/// The hash of user name, realm and password (RFC 7616 3.4.2): what a check needs of a device.
#[must_use]
pub fn ha1(algorithm: DigestAlgorithm, username: &str, realm: &str, password: &str) -> HexHash {
    HexHash::of(algorithm, &[username.as_bytes(), realm.as_bytes(), password.as_bytes()])
}

/// What an `Authorization` or `Proxy-Authorization` line says. Text between quotes stays raw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credentials<'a> {
    pub username: &'a str,
    pub realm: &'a str,
    pub nonce: &'a str,
    /// The digest-uri, which ought to be the Request-URI.
    pub uri: &'a str,
    /// Hex of either case.
    pub response: &'a str,
    pub algorithm: DigestAlgorithm,
    /// `None` from a phone of RFC 2069.
    pub protection: Option<Protection<'a>>,
}

/// What `qop=auth` adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection<'a> {
    /// As written: it is hashed.
    pub qop: &'a str,
    pub cnonce: &'a str,
    /// As written: phones hash `0000000a` and `0000000A` alike.
    pub nc: &'a str,
    /// The number that `nc` says.
    pub count: u32,
}

/// Why a line is no digest answer that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("the scheme is not Digest")]
    Scheme,
    #[error("a part of the digest answer is missing or given twice")]
    Part,
    #[error("the algorithm is neither MD5 nor SHA-256")]
    Algorithm,
    #[error("the protection is not auth")]
    Protection,
    #[error("the nonce count is no hexadecimal number")]
    NonceCount,
}

impl<'a> Credentials<'a> {
    /// Reads one header line. Names and the scheme ignore case, values may stand with or without
    /// quotes, unknown parts are passed over.
    ///
    /// # Errors
    /// See [`DigestError`].
    pub fn parse(line: &'a str) -> Result<Self, DigestError> {
        let (scheme, rest) =
            line.trim().split_once(char::is_whitespace).ok_or(DigestError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return Err(DigestError::Scheme);
        }
        let mut parts = Parts::default();
        for part in split_outside(rest, ',') {
            if let Some((name, value)) = part.split_once('=') {
                parts.put(name.trim(), unquoted(value.trim()))?;
            }
        }
        parts.credentials()
    }

    /// Whether the answer was made from the password behind `ha1`, for a request of `method`.
    #[must_use]
    pub fn is_right(&self, ha1: &HexHash, method: &str) -> bool {
        let ha2 = HexHash::of(self.algorithm, &[method.as_bytes(), self.uri.as_bytes()]);
        let expected = match &self.protection {
            Some(protection) => HexHash::of(
                self.algorithm,
                &[
                    ha1.as_bytes(),
                    self.nonce.as_bytes(),
                    protection.nc.as_bytes(),
                    protection.cnonce.as_bytes(),
                    protection.qop.as_bytes(),
                    ha2.as_bytes(),
                ],
            ),
            None => HexHash::of(
                self.algorithm,
                &[ha1.as_bytes(), self.nonce.as_bytes(), ha2.as_bytes()],
            ),
        };
        expected.is_said_by(self.response)
    }
}

#[derive(Default)]
struct Parts<'a> {
    username: Option<&'a str>,
    realm: Option<&'a str>,
    nonce: Option<&'a str>,
    uri: Option<&'a str>,
    response: Option<&'a str>,
    algorithm: Option<&'a str>,
    qop: Option<&'a str>,
    cnonce: Option<&'a str>,
    nc: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn put(&mut self, name: &str, value: &'a str) -> Result<(), DigestError> {
        let slot = match () {
            () if name.eq_ignore_ascii_case("username") => &mut self.username,
            () if name.eq_ignore_ascii_case("realm") => &mut self.realm,
            () if name.eq_ignore_ascii_case("nonce") => &mut self.nonce,
            () if name.eq_ignore_ascii_case("uri") => &mut self.uri,
            () if name.eq_ignore_ascii_case("response") => &mut self.response,
            () if name.eq_ignore_ascii_case("algorithm") => &mut self.algorithm,
            () if name.eq_ignore_ascii_case("qop") => &mut self.qop,
            () if name.eq_ignore_ascii_case("cnonce") => &mut self.cnonce,
            () if name.eq_ignore_ascii_case("nc") => &mut self.nc,
            () => return Ok(()),
        };
        if slot.replace(value).is_some() {
            return Err(DigestError::Part);
        }
        Ok(())
    }

    fn credentials(self) -> Result<Credentials<'a>, DigestError> {
        let algorithm = match self.algorithm {
            None => DigestAlgorithm::Md5,
            Some(text) if text.eq_ignore_ascii_case("MD5") => DigestAlgorithm::Md5,
            Some(text) if text.eq_ignore_ascii_case("SHA-256") => DigestAlgorithm::Sha256,
            Some(_) => return Err(DigestError::Algorithm),
        };
        Ok(Credentials {
            username: self.username.ok_or(DigestError::Part)?,
            realm: self.realm.ok_or(DigestError::Part)?,
            nonce: self.nonce.ok_or(DigestError::Part)?,
            uri: self.uri.ok_or(DigestError::Part)?,
            response: self.response.ok_or(DigestError::Part)?,
            algorithm,
            protection: protection(self.qop, self.cnonce, self.nc)?,
        })
    }
}

fn protection<'a>(
    qop: Option<&'a str>,
    cnonce: Option<&'a str>,
    nc: Option<&'a str>,
) -> Result<Option<Protection<'a>>, DigestError> {
    let Some(qop) = qop else { return Ok(None) };
    if !qop.eq_ignore_ascii_case("auth") {
        return Err(DigestError::Protection);
    }
    let (cnonce, nc) = (cnonce.ok_or(DigestError::Part)?, nc.ok_or(DigestError::Part)?);
    let is_hex = (1..=8).contains(&nc.len()) && nc.bytes().all(|b| b.is_ascii_hexdigit());
    let count = u32::from_str_radix(nc, 16).ok().filter(|_| is_hex);
    Ok(Some(Protection { qop, cnonce, nc, count: count.ok_or(DigestError::NonceCount)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7616 3.9.1, both algorithms over the same request.
    const EXAMPLE: &str = r#"Digest username="Mufasa", realm="http-auth@example.org",
        uri="/dir/index.html", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth,
        response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#;

    fn example_ha1(algorithm: DigestAlgorithm) -> HexHash {
        ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life")
    }

    #[test]
    fn the_examples_of_the_rfc_are_right() {
        let credentials = Credentials::parse(EXAMPLE).unwrap();
        assert!(credentials.is_right(&example_ha1(DigestAlgorithm::Md5), "GET"));
        assert!(!credentials.is_right(&example_ha1(DigestAlgorithm::Md5), "PUT"));
        let text = EXAMPLE.replace("=MD5", "=sha-256").replace(
            "8ca523f5e9506fed4657c9700eebdbec",
            "753927FA0E85D155564E2E272A28D1802CA10DAF4496794697CF8DB5856CB6C1",
        );
        let credentials = Credentials::parse(&text).unwrap();
        assert!(credentials.is_right(&example_ha1(DigestAlgorithm::Sha256), "GET"));
        assert!(!credentials.is_right(&example_ha1(DigestAlgorithm::Md5), "GET"));
    }

    #[test]
    fn an_old_phone_answers_without_protection() {
        let ha1 = ha1(DigestAlgorithm::Md5, "101", "naru", "secret");
        let ha2 = HexHash::of(DigestAlgorithm::Md5, &[b"REGISTER", b"sip:naru"]);
        let response = HexHash::of(DigestAlgorithm::Md5, &[ha1.as_bytes(), b"n", ha2.as_bytes()]);
        let response = std::str::from_utf8(response.as_bytes()).unwrap().to_owned();
        let text =
            format!("DIGEST USERNAME=101,Realm=naru , nonce=n,uri=sip:naru,response={response}");
        assert!(Credentials::parse(&text).unwrap().is_right(&ha1, "REGISTER"));
    }

    #[test]
    fn the_nonce_count_is_kept_as_it_was_written() {
        for (nc, count) in [("0000000a", 10), ("0000000A", 10), ("1", 1), ("ffffffff", u32::MAX)] {
            let text = EXAMPLE.replace("nc=00000001", &format!("nc=\"{nc}\""));
            let protection = Credentials::parse(&text).unwrap().protection.unwrap();
            assert_eq!((protection.nc, protection.count), (nc, count));
        }
    }

    #[test]
    fn what_we_do_not_take_is_refused_by_kind() {
        for (change, to, error) in [
            ("Digest ", "Basic ", DigestError::Scheme),
            ("=MD5", "=MD5-sess", DigestError::Algorithm),
            ("=MD5", "=\"aaaé-x\"", DigestError::Algorithm),
            ("qop=auth", "qop=auth-int", DigestError::Protection),
            ("nc=00000001", "nc=+1", DigestError::NonceCount),
            ("nc=00000001", "nc=000000001", DigestError::NonceCount),
            ("nc=00000001", "nc=", DigestError::NonceCount),
            ("nc=00000001", "nd=1", DigestError::Part),
            ("username=", "user=", DigestError::Part),
            ("nc=00000001", "nc=1,nc=2", DigestError::Part),
        ] {
            assert_eq!(Credentials::parse(&EXAMPLE.replace(change, to)), Err(error), "{to}");
        }
    }

    #[test]
    fn a_cut_answer_is_not_right() {
        let hash = HexHash::of(DigestAlgorithm::Md5, &[b"x"]);
        let text = std::str::from_utf8(hash.as_bytes()).unwrap().to_owned();
        assert!(hash.is_said_by(&text) && hash.is_said_by(&text.to_uppercase()));
        assert!(!hash.is_said_by("") && !hash.is_said_by(&text[..31]));
        assert!(!hash.is_said_by(&format!("{text}0")));
    }

    proptest::proptest! {
        #[test]
        fn no_line_panics(line in "(Digest )?[ -~é\\\\\"=,]{0,200}") {
            if let Ok(credentials) = Credentials::parse(&line) {
                assert!(!credentials.is_right(&example_ha1(credentials.algorithm), "INVITE"));
            }
        }
    }
}
