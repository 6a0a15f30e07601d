//! A phone on paper, and an office for it.

use std::sync::Arc;
use std::time::Duration;

use naru::office::agent::Agent;
use naru::office::device::{Device, DigestAlgorithm, Secret, Username};
use naru::office::extension::Extension;
use naru::office::language::Language;
use naru::office::number_form::NumberForm;
use naru::office::snapshot::Office;
use naru::office::srtp::SrtpPolicy;
use naru::office::transport::Transport;
use naru::office::trunk::{BeforeAnswer, Trunk, TrunkName};
use naru::sip::flow::Flow;
use naru::sip::gate::{Gate, Verdict};
use naru::sip::registrar::digest::{HexHash, ha1};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::message::{Request, Response};
use naru::sip::syntax::method::Method;
use naru::time::Moment;

pub(crate) const SECRET: [u8; 32] = [3; 32];

/// Agents 101 and 102 with a phone of the same name each, 103 with a SHA-256 phone `desk`, and a
/// trunk at 192.0.2.10:5060.
pub(crate) fn office() -> Arc<Office> {
    let mut office = Office::default();
    for (extension, username, digest) in [
        ("101", "101", DigestAlgorithm::Md5),
        ("102", "102", DigestAlgorithm::Md5),
        ("103", "desk", DigestAlgorithm::Sha256),
    ] {
        let extension = Extension::parse(extension).unwrap();
        let device = Device {
            username: Username::parse(username).unwrap(),
            password: Secret::new(format!("secret-{username}")),
            digest,
            srtp: SrtpPolicy::Optional,
            rings: true,
        };
        let agent = Agent {
            extension: extension.clone(),
            name: "Kim".to_owned(),
            language: Language::default(),
            phone_calls: true,
            unassigned_calls: false,
            call_waiting: true,
            missed_alerts: true,
            devices: vec![device],
        };
        office.agents.insert(extension, agent);
    }
    let name = TrunkName("carrier".to_owned());
    let trunk = Trunk {
        name: name.clone(),
        peer: Some("192.0.2.10:5060".parse().unwrap()),
        register: None,
        label: String::new(),
        blocks: Vec::new(),
        presentable: Vec::new(),
        number_form: NumberForm::default(),
        transport: Transport::default(),
        ringback: BeforeAnswer::default(),
        srtp: SrtpPolicy::Off,
        countries: None,
    };
    office.trunks.insert(name, trunk);
    Arc::new(office)
}

pub(crate) fn gate() -> Gate {
    let mut gate = Gate::new(SECRET, None);
    gate.office_changed(&office());
    gate
}

pub(crate) fn flow(remote: &str) -> Flow {
    Flow {
        transport: Transport::Udp,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: remote.parse().unwrap(),
        connection: None,
    }
}

pub(crate) fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub(crate) fn user(name: &str) -> Username {
    Username::parse(name).unwrap()
}

/// Makes requests and answers challenges.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) user: String,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) call_id: String,
    pub(crate) cseq: u32,
    pub(crate) count: u32,
}

impl Phone {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            user: name.to_owned(),
            username: name.to_owned(),
            password: format!("secret-{name}"),
            call_id: format!("call-of-{name}"),
            cseq: 0,
            count: 0,
        }
    }

    pub(crate) fn request(&mut self, method: Method, uri: &str) -> Request {
        self.cseq += 1;
        let mut request = Request::new(method, uri);
        let headers = &mut request.headers;
        headers.push(Name::Via, format!("SIP/2.0/UDP h;branch=z9hG4bK{}", self.cseq));
        headers.push(Name::From, format!("<sip:{}@naru>;tag=f", self.user));
        let to = if request.method == Method::Register { &self.user } else { "102" };
        headers.push(Name::To, format!("<sip:{to}@naru>"));
        headers.push(Name::CallId, self.call_id.as_str());
        headers.push(Name::CSeq, format!("{} {}", self.cseq, request.method));
        request
    }

    pub(crate) fn register(&mut self) -> Request {
        self.request(Method::Register, "sip:naru")
    }

    /// Puts the answer to `challenge` on the request.
    pub(crate) fn sign(&mut self, request: &mut Request, challenge: &Response) {
        self.count += 1;
        let line = self.signature(request, challenge, &request.uri, Some(self.count));
        request.headers.set(Name::Authorization, line);
    }

    pub(crate) fn signature(
        &self,
        request: &Request,
        challenge: &Response,
        uri: &str,
        count: Option<u32>,
    ) -> String {
        let line = challenge.headers.get(&Name::WwwAuthenticate).unwrap();
        let part = |name: &str| {
            let after = line.split_once(&format!("{name}=\"")).unwrap().1;
            after.split_once('"').unwrap().0.to_owned()
        };
        let (realm, nonce) = (part("realm"), part("nonce"));
        let (algorithm, name) = if line.contains("algorithm=SHA-256") {
            (DigestAlgorithm::Sha256, "SHA-256")
        } else {
            (DigestAlgorithm::Md5, "MD5")
        };
        let ha1 = ha1(algorithm, &self.username, &realm, &self.password);
        let method = request.method.as_str().as_bytes();
        let ha2 = HexHash::of(algorithm, &[method, uri.as_bytes()]);
        let (response, more) = match count {
            Some(count) => {
                let nc = format!("{count:08x}");
                let parts = [
                    ha1.as_bytes(),
                    nonce.as_bytes(),
                    nc.as_bytes(),
                    b"c",
                    b"auth",
                    ha2.as_bytes(),
                ];
                (HexHash::of(algorithm, &parts), format!(", qop=auth, cnonce=\"c\", nc={nc}"))
            }
            None => {
                let parts = [ha1.as_bytes(), nonce.as_bytes(), ha2.as_bytes()];
                (HexHash::of(algorithm, &parts), String::new())
            }
        };
        let response = String::from_utf8(response.as_bytes().to_vec()).unwrap();
        format!(
            "Digest username=\"{}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm={name}{more}",
            self.username
        )
    }
}

pub(crate) fn challenge(verdict: Verdict) -> Response {
    let Verdict::Answer(response) = verdict else { panic!("no answer: {verdict:?}") };
    assert_eq!(response.status, 401);
    response
}

/// Challenged, signed and let in.
pub(crate) fn let_in(gate: &mut Gate, phone: &mut Phone, from: &str, now: Moment) -> Verdict {
    let request = phone.register();
    let challenge = challenge(gate.check(&request, &flow(from), now));
    let mut request = phone.register();
    phone.count = 0;
    phone.sign(&mut request, &challenge);
    gate.check(&request, &flow(from), now)
}
