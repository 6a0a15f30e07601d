//! By which names and addresses phones reach this machine.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;

use nix::ifaddrs::getifaddrs;

/// Where Linux keeps the machine's name.
const HOST_NAME: &str = "/proc/sys/kernel/hostname";

/// The office's domain, the machine's name, and every address of ours: those given and those of its
/// network cards. What says "every address" is left out.
#[must_use]
pub fn own_names(domain: Option<&str>, addresses: &[IpAddr]) -> Vec<String> {
    let host = fs::read_to_string(HOST_NAME).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for name in domain.into_iter().chain([host.trim(), "localhost"]) {
        let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        if fits && !name.is_empty() && !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    }
    let known: BTreeSet<IpAddr> = addresses.iter().copied().chain(of_cards()).collect();
    let told = known.into_iter().filter(|address| !address.is_unspecified());
    names.extend(told.map(|address| address.to_string()));
    names
}

fn of_cards() -> Vec<IpAddr> {
    let Ok(cards) = getifaddrs() else { return Vec::new() };
    let addresses = cards.filter_map(|card| card.address);
    let ip = |address: nix::sys::socket::SockaddrStorage| {
        let four = address.as_sockaddr_in().map(|four| IpAddr::from(four.ip()));
        four.or_else(|| address.as_sockaddr_in6().map(|six| IpAddr::from(six.ip())))
    };
    addresses.filter_map(ip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_us_is_named_once() {
        let any: IpAddr = "0.0.0.0".parse().unwrap();
        let outer: IpAddr = "203.0.113.5".parse().unwrap();
        let names = own_names(Some("office.example"), &[any, outer, outer]);
        assert_eq!(names.first().map(String::as_str), Some("office.example"));
        assert_eq!(names.iter().filter(|name| *name == "203.0.113.5").count(), 1);
        assert!(names.contains(&"127.0.0.1".to_owned()), "{names:?}");
        assert!(!names.contains(&"0.0.0.0".to_owned()));
    }
}
