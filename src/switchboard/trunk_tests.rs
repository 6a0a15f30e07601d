//! Tests of trunks, told to the API in words.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::api::refusal::Refusal;
use crate::api::request::Reply;
use crate::api::schema::trunk::{
    TestCheck, TestResult, TrunkTest, TrunkTestMessage, TrunkTestStep,
};
use crate::office::trunk::TrunkName;
use crate::sip::handle::SipRequest;
use crate::sip::trunk::report::{Check, CheckedMessage, CheckedStep, Finding, TrunkReport};
use crate::switchboard::answering::{answer, later};
use crate::switchboard::run::Switchboard;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn test_trunk(&self, trunk: TrunkName, reply: Reply<TrunkTest>) {
        let (ask, report) = oneshot::channel();
        let name = trunk.to_string();
        self.parts.sip.send(SipRequest::TestTrunk { trunk, reply: ask });
        later(async move {
            let told = match report.await {
                Ok(Some(report)) => Ok(told(name, report)),
                Ok(None) => Err(Refusal::not_found()),
                Err(_) => Err(Refusal::unavailable()),
            };
            answer(reply, told);
        });
    }
}

fn told(trunk: String, report: TrunkReport) -> TrunkTest {
    let TrunkReport { server, steps, messages } = report;
    let server = server.unwrap_or_default();
    let steps: Vec<TrunkTestStep> = steps.iter().map(|step| told_step(step, &server)).collect();
    TrunkTest {
        trunk,
        ok: steps.iter().all(|step| step.result != TestResult::Failed),
        steps,
        messages: messages.into_iter().map(told_message).collect(),
    }
}

fn told_message(message: CheckedMessage) -> TrunkTestMessage {
    let CheckedMessage { after, sent, peer, lines } = message;
    TrunkTestMessage { after: millis(after), sent, peer: peer.to_string(), lines }
}

fn told_step(step: &CheckedStep, server: &str) -> TrunkTestStep {
    let (check, (result, words)) = match step.check {
        Check::Name => (TestCheck::Name, name(&step.finding, server)),
        Check::Options => (TestCheck::Options, options(&step.finding)),
        Check::Registration => (TestCheck::Registration, registration(&step.finding)),
    };
    TrunkTestStep { check, result, milliseconds: millis(step.took), words }
}

fn name(finding: &Finding, server: &str) -> (TestResult, Words) {
    match finding {
        Finding::NotNeeded => (
            TestResult::NotNeeded,
            Words::new(
                "주소로 적혀 있어 이름을 찾지 않습니다",
                "an address is written; there is no name to look up",
            ),
        ),
        Finding::Leads(found) => {
            let addresses: Vec<String> = found.addresses.iter().map(ToString::to_string).collect();
            let list = addresses.join(", ");
            let name = match &found.service {
                Some(service) => format!("SRV {service}"),
                None => format!("'{server}'"),
            };
            let words =
                Words::new(format!("{name}의 주소: {list}"), format!("{name} leads to {list}"));
            (TestResult::Passed, words)
        }
        Finding::NotTried
        | Finding::NotFound
        | Finding::Answered { .. }
        | Finding::NoAnswer
        | Finding::NotConnected(_)
        | Finding::NoWay => {
            let words = Words::new(
                format!(
                    "'{server}'의 주소를 찾지 못했습니다. 이름과 이 컴퓨터의 DNS 설정을 확인하세요"
                ),
                format!(
                    "'{server}' is not found; check the name, and the DNS settings of this machine"
                ),
            );
            (TestResult::Failed, words)
        }
    }
}

fn options(finding: &Finding) -> (TestResult, Words) {
    match finding {
        // Whatever a provider thinks of the question: it has heard it.
        Finding::Answered { status, reason } if *status < 500 => (
            TestResult::Passed,
            Words::new(
                format!("통신사가 답합니다: {status} {reason}"),
                format!("the provider answers: {status} {reason}"),
            ),
        ),
        Finding::Answered { status, reason } => (
            TestResult::Failed,
            Words::new(
                format!("통신사에 문제가 있습니다: {status} {reason}"),
                format!("the provider is in trouble: {status} {reason}"),
            ),
        ),
        Finding::NotNeeded
        | Finding::NotTried
        | Finding::Leads(_)
        | Finding::NotFound
        | Finding::NoAnswer
        | Finding::NotConnected(_)
        | Finding::NoWay => silence(finding),
    }
}

fn registration(finding: &Finding) -> (TestResult, Words) {
    match finding {
        Finding::NotNeeded => (
            TestResult::NotNeeded,
            Words::new("등록하지 않는 회선입니다", "this trunk does not register"),
        ),
        Finding::Answered { status, .. } if (200..300).contains(status) => (
            TestResult::Passed,
            Words::new(
                "등록되었습니다. 사용자 이름과 비밀번호가 맞습니다",
                "registered; user name and password are right",
            ),
        ),
        Finding::Answered { status: status @ (401 | 403 | 407), reason } => (
            TestResult::Failed,
            Words::new(
                format!("사용자 이름이나 비밀번호를 받아 주지 않습니다: {status} {reason}"),
                format!("user name or password is not accepted: {status} {reason}"),
            ),
        ),
        Finding::Answered { status, reason } => (
            TestResult::Failed,
            Words::new(
                format!("등록을 거절합니다: {status} {reason}"),
                format!("registration is refused: {status} {reason}"),
            ),
        ),
        Finding::NotTried
        | Finding::Leads(_)
        | Finding::NotFound
        | Finding::NoAnswer
        | Finding::NotConnected(_)
        | Finding::NoWay => silence(finding),
    }
}

fn silence(finding: &Finding) -> (TestResult, Words) {
    match finding {
        Finding::NotTried => (
            TestResult::NotTried,
            Words::new("주소를 몰라 물어보지 못했습니다", "not asked: the address is not known"),
        ),
        Finding::NoWay => (
            TestResult::Failed,
            Words::new(
                "그 주소로 보낼 수 있는 SIP 포트가 없습니다. config.yaml의 sip.listen을 확인하세요",
                "no SIP port of ours reaches that address; look at sip.listen in config.yaml",
            ),
        ),
        Finding::NotConnected(why) => (TestResult::Failed, not_connected(why)),
        Finding::NotNeeded
        | Finding::Leads(_)
        | Finding::NotFound
        | Finding::Answered { .. }
        | Finding::NoAnswer => (
            TestResult::Failed,
            Words::new(
                "답이 없습니다. 주소와 포트, 방화벽을 확인하세요",
                "no answer; check address, port and firewall",
            ),
        ),
    }
}

/// The system and the TLS library speak English; what they mean and what helps is said in both.
fn not_connected(why: &str) -> Words {
    if why.contains("certificate") {
        let Words { ko, en } = doubt(why);
        return Words::new(
            format!("상대의 인증서를 믿을 수 없습니다. {ko} ({why})"),
            format!("its certificate cannot be believed: {en} ({why})"),
        );
    }
    Words::new(
        format!("연결되지 않습니다({why}). 주소와 포트, transport, 방화벽을 확인하세요"),
        format!("cannot be connected to ({why}); check address, port, transport and firewall"),
    )
}

/// What the TLS library's words for a certificate mean to whoever set the trunk up.
fn doubt(why: &str) -> Words {
    let known = [
        (
            "UnknownIssuer",
            "이 컴퓨터가 모르는 기관이 서명했습니다. 그 기관의 인증서 파일을 config.yaml의 tls.ca에 적으세요",
            "it is signed by an authority that this machine does not know; name the authority's file under tls.ca in config.yaml",
        ),
        (
            "CaUsedAsEndEntity",
            "기관의 인증서를 서버 인증서로 쓰고 있습니다. 서버에 CA:FALSE인 인증서를 두게 하세요",
            "it is an authority's own; the server needs one that says CA:FALSE",
        ),
        (
            "not valid for name",
            "다른 이름의 인증서입니다. 회선의 server를 인증서에 있는 이름으로 적으세요",
            "it is of another name; write the name that it carries as the trunk's server",
        ),
        (
            "expired",
            "기간이 끝났습니다. 상대가 새 인증서를 두어야 하고, 이 컴퓨터의 시계도 맞아야 합니다",
            "it has ended; they need a new one, and this machine's clock must be right",
        ),
        (
            "not valid yet",
            "아직 시작되지 않은 인증서입니다. 이 컴퓨터의 시계를 확인하세요",
            "it has not begun; look at this machine's clock",
        ),
    ];
    let meant = known.into_iter().find(|(sign, _, _)| why.contains(sign));
    meant.map_or_else(
        || {
            Words::new(
                "서버 이름과 config.yaml의 tls.ca를 확인하세요",
                "look at the server's name, and at tls.ca in config.yaml",
            )
        },
        |(_, ko, en)| Words::new(ko, en),
    )
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
