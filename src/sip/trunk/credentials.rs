//! Our answer to a trunk's digest challenge (RFC 3261 22.2, 22.3).

use std::panic::{AssertUnwindSafe, catch_unwind};

use ezk_sip_auth::{
    ClientAuthenticator, DigestAuthenticator, DigestCredentials, DigestUser, RequestParts,
    ResponseParts,
};
use ezk_sip_types::header::typed::{
    Algorithm, AlgorithmValue, AuthChallenge, DigestChallenge, QopOption,
};
use ezk_sip_types::msg::{RequestLine, StatusLine};
use ezk_sip_types::uri::SipUri;
use ezk_sip_types::{
    Headers as TypedHeaders, Method as TypedMethod, Name as TypedName, StatusCode,
};

use crate::office::trunk::TrunkAccount;
use crate::sip::registrar::digest::Credentials;
use crate::sip::syntax::header::Name;
use crate::sip::syntax::message::{Request, Response};
use crate::sip::syntax::text::{split_outside, unquoted};

/// So often the same credentials are shown for one request; a provider that still says no has
/// decided, and more would look like guessing.
const TRIES: u8 = 2;

/// Why a challenge is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GiveUp {
    #[error("the provider does not accept user name and password")]
    Refused,
    #[error("the provider's challenge cannot be read")]
    Unreadable,
    #[error("the provider wants an authentication that is not supported")]
    Unsupported,
}

/// The credentials for one request (or one registration) and how often they were shown.
#[derive(Clone, Debug)]
pub struct TrunkCredentials {
    account: TrunkAccount,
    tries: u8,
}

impl TrunkCredentials {
    #[must_use]
    pub fn new(account: TrunkAccount) -> Self {
        Self { account, tries: 0 }
    }

    /// The provider was content: the next challenge is a new one.
    pub fn accepted(&mut self) {
        self.tries = 0;
    }

    /// The request to send after a 401 or 407: without Via, with the answer and the next CSeq.
    ///
    /// # Errors
    /// When the provider has refused twice, or its challenge is not for us.
    pub fn answer(&mut self, rejected: &Request, response: &Response) -> Result<Request, GiveUp> {
        if self.tries == TRIES {
            return Err(GiveUp::Refused);
        }
        self.tries += 1;
        let (asked_in, answered_in) = if response.status == 407 {
            (Name::ProxyAuthenticate, Name::ProxyAuthorization)
        } else {
            (Name::WwwAuthenticate, Name::Authorization)
        };
        let challenge = response
            .headers
            .all(&asked_in)
            .map(Challenge::parse)
            .find_map(|challenge| challenge.and_then(Challenge::supported))
            .ok_or_else(|| {
                let was_asked = response.headers.get(&asked_in).is_some();
                if was_asked { GiveUp::Unsupported } else { GiveUp::Unreadable }
            })?;
        // The parsers behind are not ours, and what they read is the provider's.
        let signed = catch_unwind(AssertUnwindSafe(|| sign(&self.account, rejected, challenge)));
        let line = signed.map_err(|_| GiveUp::Unreadable)??;
        let uri = Credentials::parse(&line).map_err(|_| GiveUp::Unreadable)?.uri.to_owned();
        let mut next = rejected.clone();
        // What was signed is what is sent, should the types write the URI in another way.
        next.uri = uri;
        next.headers.remove(&Name::Via);
        let number = next.cseq().unwrap_or(0) + 1;
        next.headers.set(Name::CSeq, format!("{number} {}", next.method));
        next.headers.set(answered_in, line);
        Ok(next)
    }
}

/// A challenge read leniently.
struct Challenge<'a> {
    realm: &'a str,
    nonce: &'a str,
    opaque: Option<&'a str>,
    algorithm: &'a str,
    qop: Option<&'a str>,
}

impl<'a> Challenge<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (scheme, rest) = line.trim().split_once(char::is_whitespace)?;
        // Only ASCII goes on to the types.
        if !scheme.eq_ignore_ascii_case("Digest") || !line.is_ascii() {
            return None;
        }
        let value = |name: &str| {
            split_outside(rest, ',').find_map(|part| {
                let (key, value) = part.split_once('=')?;
                key.trim().eq_ignore_ascii_case(name).then(|| unquoted(value.trim()))
            })
        };
        Some(Self {
            realm: value("realm")?,
            nonce: value("nonce")?,
            opaque: value("opaque"),
            algorithm: value("algorithm").unwrap_or("MD5"),
            qop: value("qop"),
        })
    }

    fn supported(self) -> Option<DigestChallenge> {
        let algorithm = match self.algorithm {
            text if text.eq_ignore_ascii_case("MD5") => AlgorithmValue::MD5,
            text if text.eq_ignore_ascii_case("SHA-256") => AlgorithmValue::SHA256,
            text if text.eq_ignore_ascii_case("SHA-512-256") => AlgorithmValue::SHA512256,
            _ => return None,
        };
        let qop = match self.qop {
            None | Some("") => Vec::new(),
            Some(offered) if offers(offered, "auth") => vec![QopOption::Auth],
            Some(offered) if offers(offered, "auth-int") => vec![QopOption::AuthInt],
            Some(_) => return None,
        };
        Some(DigestChallenge {
            realm: self.realm.into(),
            domain: None,
            nonce: self.nonce.into(),
            opaque: self.opaque.map(Into::into),
            stale: false,
            algorithm: Algorithm::AlgorithmValue(algorithm),
            qop,
            userhash: false,
            other: Vec::new(),
        })
    }
}

fn offers(list: &str, protection: &str) -> bool {
    list.split(',').any(|offered| offered.trim().eq_ignore_ascii_case(protection))
}

fn sign(
    account: &TrunkAccount,
    request: &Request,
    challenge: DigestChallenge,
) -> Result<String, GiveUp> {
    let mut credentials = DigestCredentials::new();
    credentials.set_default(DigestUser::new(
        account.username.as_str(),
        account.password.reveal().as_bytes(),
    ));
    // A new one each time: it would reuse the hash of another request's method and URI.
    let mut authenticator = DigestAuthenticator::new(credentials);
    let uri: SipUri = request.uri.parse().map_err(|_| GiveUp::Unreadable)?;
    let line = RequestLine { method: TypedMethod::from(request.method.as_str()), uri };
    let mut asked = TypedHeaders::new();
    asked.insert_type(TypedName::WWW_AUTHENTICATE, &AuthChallenge::Digest(challenge));
    let status = StatusLine { code: StatusCode::UNAUTHORIZED, reason: None };
    let request = RequestParts { line: &line, headers: &TypedHeaders::new(), body: &request.body };
    let response = ResponseParts { line: &status, headers: &asked, body: &[] };
    authenticator.handle_rejection(request, response).map_err(|_| GiveUp::Unreadable)?;
    let mut answered = TypedHeaders::new();
    authenticator.authorize_request(&mut answered);
    let line = answered.get_raw(&TypedName::AUTHORIZATION).next();
    line.map(|line| line.to_string()).ok_or(GiveUp::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::device::{DigestAlgorithm, Secret};
    use crate::sip::registrar::digest::ha1;
    use crate::sip::syntax::method::Method;

    fn credentials() -> TrunkCredentials {
        TrunkCredentials::new(TrunkAccount {
            server: "carrier.example".to_owned(),
            username: "u".to_owned(),
            password: Secret::new("pässword".to_owned()),
        })
    }

    fn invite(uri: &str) -> Request {
        let mut request = Request::new(Method::Invite, uri);
        request.headers.push(Name::Via, "SIP/2.0/UDP h;branch=z9hG4bK1");
        request.headers.push(Name::CSeq, "7 INVITE");
        request
    }

    fn challenge(request: &Request, status: u16, line: &str) -> Response {
        let name = if status == 407 { Name::ProxyAuthenticate } else { Name::WwwAuthenticate };
        request.response(status).with(name, line)
    }

    #[test]
    fn both_challenges_are_answered_rightly_for_everyday_uris() {
        for uri in [
            "sip:07012345678@192.0.2.10:5060",
            "sip:+827012345678@carrier.example;user=phone",
            "sip:carrier.example",
            "sip:1%23@[2001:db8::1]:5070;transport=tcp",
        ] {
            for (status, text, algorithm) in [
                (401, r#"digest Realm=carrier, NONCE="a,b", QOP="auth,auth-int""#, "MD5"),
                (407, r#"Digest realm="carrier",nonce="n",algorithm=SHA-256,opaque="o""#, "SHA"),
            ] {
                let request = invite(uri);
                let response = challenge(&request, status, text);
                let next = credentials().answer(&request, &response).unwrap();
                let name =
                    if status == 407 { Name::ProxyAuthorization } else { Name::Authorization };
                let answer = Credentials::parse(next.headers.get(&name).unwrap()).unwrap();
                let algorithm =
                    if algorithm == "MD5" { DigestAlgorithm::Md5 } else { DigestAlgorithm::Sha256 };
                assert!(answer.is_right(&ha1(algorithm, "u", "carrier", "pässword"), "INVITE"));
                assert_eq!((answer.uri, next.uri.as_str()), (uri, uri));
                assert_eq!(next.cseq(), Some(8));
                assert!(next.headers.get(&Name::Via).is_none());
            }
        }
    }

    #[test]
    fn after_two_refusals_we_give_up() {
        let (mut credentials, request) = (credentials(), invite("sip:1@h"));
        for nonce in 0..2 {
            let text = format!(r#"Digest realm="r", nonce="{nonce}""#);
            credentials.answer(&request, &challenge(&request, 401, &text)).unwrap();
        }
        let again = challenge(&request, 401, r#"Digest realm="r", nonce="2""#);
        assert_eq!(credentials.answer(&request, &again), Err(GiveUp::Refused));
        credentials.accepted();
        assert!(credentials.answer(&request, &again).is_ok());
    }

    #[test]
    fn what_cannot_be_answered_is_given_up_without_harm() {
        let request = invite("sip:1@h");
        for (text, error) in [
            (r#"Digest realm="r", nonce="n", algorithm="aaaé-x""#, GiveUp::Unsupported),
            (r#"Digest realm="r", nonce="n", algorithm=a-x"#, GiveUp::Unsupported),
            (r#"Digest realm="r", nonce="n", qop="else""#, GiveUp::Unsupported),
            ("Basic realm=x", GiveUp::Unsupported),
            ("", GiveUp::Unsupported),
        ] {
            let response = challenge(&request, 401, text);
            assert_eq!(credentials().answer(&request, &response), Err(error), "{text}");
        }
        let without = request.response(401);
        assert_eq!(credentials().answer(&request, &without), Err(GiveUp::Unreadable));
    }
}
