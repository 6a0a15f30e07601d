//! Recordings and messages of the fixed office.

use naru::console::report::Report;
use naru::console::tapes::{TapeReport, TapeRequest};
use naru::words::Words;
use serde_json::{Value, json};

use crate::world::{ago, of};

pub(crate) fn answer(request: &TapeRequest) -> Vec<Report> {
    vec![match request {
        TapeRequest::Recordings => Report::Tapes(TapeReport::Recordings(of(recordings()))),
        TapeRequest::Messages => Report::Tapes(TapeReport::Messages(of(messages()))),
        TapeRequest::DeleteRecording(_)
        | TapeRequest::Hear { .. }
        | TapeRequest::DeleteMessage(_)
        | TapeRequest::Play { .. } => Report::Done(Words::new("했습니다", "done")),
    }]
}

fn recordings() -> Value {
    let call = |started: i64, from: &str, name: &str, talked: Value| {
        json!({
            "started": ago(started), "from": from, "from_name": name, "to": "+827012345678",
            "agent": "101", "talked_ms": talked,
        })
    };
    json!([
        {"name": "message-90-1.opus", "call": 90, "octets": 40_000, "written": ago(3_000), "of": null},
        {"name": "call-90-1.opus", "call": 90, "octets": 812_000, "written": ago(3_400),
            "of": call(3_600, "+821098765432", "박서연", json!(180_000))},
        {"name": "call-62-2.wav", "call": 62, "octets": 12_440_000, "written": ago(93_000),
            "of": call(95_000, "+81312345678", "田中", Value::Null)},
        {"name": "call-7-1.opus", "call": 7, "octets": 1_000, "written": ago(900_000), "of": null},
    ])
}

fn messages() -> Value {
    let message = |call: u64, at: i64, from: &str, name: &str| {
        json!({
            "name": format!("message-{call}-1.opus"), "call": call, "conversation": 41,
            "from": from, "from_name": name, "number": "+827012345678", "team": "support",
            "agent": null, "at": ago(at), "seconds": 42, "heard": null, "heard_by": null,
        })
    };
    let mut heard = message(60, 90_000, "", "");
    heard["heard"] = json!(ago(80_000));
    heard["heard_by"] = json!("101");
    heard["agent"] = json!("102");
    json!([message(90, 3_000, "+821098765432", "박서연"), heard])
}
