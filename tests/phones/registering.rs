//! Phones register, and those that must not do not.

use serde_json::Value;

use crate::office::of_two;
use crate::raw::{Raw, challenge};
use crate::sipp::{Sipp, user, user_with};
use crate::site::Site;

fn is_registered(site: &Site, device: &str) -> bool {
    let named = |row: &Value| row.to_string().contains(&format!("\"{device}\""));
    site.registrations().iter().any(named)
}

#[test]
fn a_phone_registers_over_udp() {
    let site = Site::open(of_two);
    let phone = Sipp::new("register", site.network.host(10), site.network.server());
    phone.user(user("101", "")).fill("expires", 300).run();
    assert!(is_registered(&site, "101"));
    assert!(!is_registered(&site, "102"));
}

#[test]
fn a_phone_registers_over_tcp() {
    let site = Site::open(of_two);
    let phone = Sipp::new("register", site.network.host(10), site.network.server());
    phone.over_tcp().user(user("101", "")).fill("expires", 300).run();
}

#[test]
fn a_wrong_password_is_refused() {
    let site = Site::open(of_two);
    let phone = Sipp::new("register_wrong", site.network.host(10), site.network.server());
    phone.user(user_with("101", "wrong", "")).fill("expires", 300).run();
    assert!(!is_registered(&site, "101"));
}

#[test]
fn an_unknown_user_is_refused_like_a_wrong_password() {
    let site = Site::open(of_two);
    let phone = Sipp::new("register_wrong", site.network.host(10), site.network.server());
    phone.user(user("999", "")).fill("expires", 300).run();
    assert!(site.registrations().is_empty());
}

#[test]
fn a_replayed_nonce_is_stale_and_the_next_one_good() {
    let site = Site::open(of_two);
    let mut phone = Raw::new(site.network.host(10), site.network.server());
    let first = challenge(&phone.register("101", 300, None));
    assert_eq!(phone.register("101", 300, Some((&first, 1))).status(), Some(200));
    let replayed = phone.register("101", 300, Some((&first, 1)));
    assert_eq!(replayed.status(), Some(401), "{replayed:?}");
    let second = challenge(&replayed);
    assert!(second.stale, "{replayed:?}");
    assert_ne!(first.nonce, second.nonce);
    assert_eq!(phone.register("101", 300, Some((&second, 1))).status(), Some(200));
}

#[test]
fn a_nonce_that_naru_never_gave_is_not_taken() {
    let site = Site::open(of_two);
    let mut phone = Raw::new(site.network.host(10), site.network.server());
    let mut forged = challenge(&phone.register("101", 300, None));
    forged.nonce = forged.nonce.chars().rev().collect();
    let refused = phone.register("101", 300, Some((&forged, 1)));
    assert_eq!(refused.status(), Some(401), "{refused:?}");
    assert!(!is_registered(&site, "101"));
}

/// A phone that asks for too short a time is told the shortest (RFC 3261 10.3 step 7), or given
/// a longer one; it never vanishes again at once.
#[test]
fn a_registration_of_one_second_is_not_taken_as_asked() {
    let site = Site::open(of_two);
    let mut phone = Raw::new(site.network.host(10), site.network.server());
    let asked = challenge(&phone.register("101", 1, None));
    let answer = phone.register("101", 1, Some((&asked, 1)));
    let shortest = match answer.status() {
        Some(423) => answer.header("Min-Expires").unwrap().parse::<u32>().unwrap(),
        Some(200) => {
            let contact = answer.header("Contact").unwrap();
            let (_, expires) = contact.split_once(";expires=").unwrap();
            let digits: String = expires.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        }
        _ => panic!("{answer:?}"),
    };
    assert!((10..=3600).contains(&shortest), "{answer:?}");
}

#[test]
fn a_phone_that_has_signed_off_is_not_called() {
    let site = Site::open(of_two);
    let (server, phone) = (site.network.server(), site.network.host(10));
    Sipp::new("register", phone, server).user(user("102", "")).fill("expires", 300).run();
    assert!(is_registered(&site, "102"));
    Sipp::new("register", phone, server).user(user("102", "")).fill("expires", 0).run();
    assert!(!is_registered(&site, "102"));
    let caller = Sipp::new("call_refused", site.network.host(11), server);
    caller.user(user("101", "102")).fill("status", 480).run();
}
