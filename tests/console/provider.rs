//! What tests of trunks find: a provider known by its address, and one that refuses the password.

use naru::api::schema::trunk::TrunkTest;
use serde_json::{Value, json};

use crate::world::of;

pub(crate) fn tested(name: &str) -> TrunkTest {
    if name == "carrier" {
        let known = ("주소가 적혀 있습니다", "it has an address");
        let steps = [step(("name", "not_needed", 0), known)];
        return of(json!({"trunk": name, "ok": true, "steps": steps, "messages": []}));
    }
    let found = "sip.example.net → 203.0.113.9:5060";
    let refused = (
        "통신사가 아이디나 비밀번호를 받아들이지 않습니다: 403 Forbidden. 회선 설정의 아이디와 \
         비밀번호를 통신사가 준 것과 비교하세요",
        "the provider refuses user name or password: 403 Forbidden; compare those of the trunk with \
         what the provider gave you",
    );
    let answers = ("통신사가 답합니다: 200 OK", "the provider answers: 200 OK");
    let steps = [
        step(("name", "passed", 12), (found, found)),
        step(("options", "passed", 31), answers),
        step(("registration", "failed", 58), refused),
    ];
    let via = "Via: SIP/2.0/UDP 192.0.2.80:5060;branch=z9hG4bK-1f2e3d4c5b6a79880123456789abc;rport";
    let allow =
        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, REFER, NOTIFY, INFO, MESSAGE, PRACK";
    let messages = [
        message(12, true, &["OPTIONS sip:sip.example.net SIP/2.0", via, "Max-Forwards: 70"]),
        message(43, false, &["SIP/2.0 200 OK", allow]),
        message(44, true, &["REGISTER sip:sip.example.net SIP/2.0", "Authorization: Digest ***"]),
        message(101, false, &["SIP/2.0 403 Forbidden"]),
    ];
    of(json!({"trunk": name, "ok": false, "steps": steps, "messages": messages}))
}

fn step((check, result, took): (&str, &str, u64), (ko, en): (&str, &str)) -> Value {
    json!({
        "check": check, "result": result, "milliseconds": took, "words": {"ko": ko, "en": en},
    })
}

fn message(after: u64, sent: bool, lines: &[&str]) -> Value {
    json!({"after": after, "sent": sent, "peer": "203.0.113.9:5060", "lines": lines})
}
