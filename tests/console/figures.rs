//! What a week of the fixed office has come to.

use naru::api::schema::stats::{AgentStats, Stats};
use serde_json::{Value, json};

use crate::world::{ago, of};

const DAY: i64 = 86_400;

pub(crate) fn of_a_week() -> Stats {
    let from = ago(6 * DAY + 14 * 3_600 + 200);
    let hours = |most: u64| {
        let hour = |hour: u64| (format!("{hour:02}"), calls(most - hour.abs_diff(11), 1));
        (9..18).map(hour).collect::<serde_json::Map<String, Value>>()
    };
    of(json!({
        "from": from, "to": ago(0), "target": 20, "answer_rate": 88.0, "service_level": 76.0,
        "speed_level": 80.0, "outbound_rate": 80.0, "average_wait": 8, "average_talk": 190,
        "calls": all(), "numbers": {"+827012345678": calls(40, 6), "+827012345679": calls(10, 0)},
        "agents": {"101": calls(22, 0), "102": calls(22, 0)},
        "hours": hours(12),
        "days": {
            "2026-11-19": calls(9, 1), "2026-11-20": calls(12, 2), "2026-11-23": calls(14, 2),
            "2026-11-24": calls(9, 0), "2026-11-25": calls(6, 1),
        },
        "week": week(), "inflow": inflow(),
        "before": {
            "from": from - 7 * DAY * 1_000, "to": ago(7 * DAY), "calls": before(),
            "hours": hours(9), "after_calls": {"count": 30, "length": 1_200_000},
        },
        "conversations": 44, "cases": 41, "after_calls": {"count": 40, "length": 1_900_000},
    }))
}

/// Busiest on Mondays before noon, closed at the weekend (L183).
fn week() -> Vec<Value> {
    let hour = |day: &str, hour: u64, inbound: u64| {
        json!({
            "weekday": day, "hour": hour, "inbound": inbound, "answered": inbound, "missed": 0,
            "outbound": 1,
        })
    };
    let days = [("mon", 14), ("tue", 9), ("wed", 6), ("thu", 9), ("fri", 12)];
    let hours = |(day, most): (&'static str, u64)| {
        (9..18).map(move |at: u64| hour(day, at, most.saturating_sub(at.abs_diff(11) * 2)))
    };
    days.into_iter().flat_map(hours).collect()
}

/// L162
fn inflow() -> Vec<Value> {
    let step = |step: i64| {
        let from = ago((24 - step) * 300);
        json!({"from": from, "inbound": step % 5, "missed": step % 2})
    };
    (0..24).map(step).collect()
}

pub(crate) fn of_agents() -> AgentStats {
    let agent = |name: &str, wrap_ups: u64, statuses: Value| {
        json!({
            "name": name, "calls": calls(22, 0), "wrap_ups": wrap_ups,
            "wrapped_up": wrap_ups * 40_000, "rung": wrap_ups, "rung_time": wrap_ups * 7_000, "statuses": statuses, "average_talk": 150,
            "average_wrap_up": (wrap_ups > 0).then_some(40),
        })
    };
    let hour = 3_600_000;
    let busy = json!({
        "talking": 11 * hour, "waiting": 19 * hour, "wrapping_up": hour / 4, "eat": 5 * hour,
        "rest": hour, "in_meeting": hour / 2, "offline": 80 * hour, "off_duty": 2 * hour,
    });
    of(json!({
        "from": ago(6 * DAY), "to": ago(0),
        "agents": {
            "101": agent("김민지", 22, busy),
            "102": agent("Lee Jun", 0, json!({"waiting": 9 * hour})),
        },
    }))
}

fn calls(inbound: u64, missed: u64) -> Value {
    let answered = inbound - missed;
    json!({
        "inbound": inbound, "answered": answered, "missed": missed, "uncounted": 0,
        "outbound": inbound / 2, "outbound_answered": inbound / 3, "internal": 2,
        "in_time": answered * 9 / 10, "at_speed": answered, "waited": answered * 9_000,
        "talked": answered * 150_000, "reasons": {},
    })
}

fn with_reasons(mut calls: Value, reasons: Value) -> Value {
    calls["reasons"] = reasons;
    calls
}

fn all() -> Value {
    let reasons = json!({"userLeft": 3, "notInOperation": 2, "ringTimeOver": 1});
    with_reasons(calls(50, 6), reasons)
}

fn before() -> Value {
    with_reasons(calls(41, 8), json!({"userLeft": 2, "noOperator": 6}))
}
