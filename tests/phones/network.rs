//! A loopback network for one test: 127.a.b.0/24, with every port free.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::waiting::{SOON, wait_for};

/// RTP ports of one daemon: 50 calls have 100 legs of two ports each.
const MEDIA_PORTS: u16 = 256;
/// Below what kernels hand out by themselves (32768 and up).
const FIRST_MEDIA_PORT: u16 = 16_384;
const MEDIA_SLOTS: u16 = (32_768 - FIRST_MEDIA_PORT) / MEDIA_PORTS;

static COUNT: AtomicU16 = AtomicU16::new(0);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    a: u8,
    b: u8,
    media_slot: u16,
}

impl Network {
    /// One that no other test of this run has; test runs side by side differ by process id.
    pub(crate) fn new() -> Self {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let run = process::id();
        Self {
            a: 16 + (run % 200) as u8,
            b: (count % 250 + 1) as u8,
            media_slot: (run as u16 % MEDIA_SLOTS + count) % MEDIA_SLOTS,
        }
    }

    /// The `host`-th address, port 5060. 1 is the daemon, 2 the trunk, phones from 10.
    pub(crate) fn host(self, host: u8) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, self.a, self.b, host)), 5060)
    }

    pub(crate) fn server(self) -> SocketAddr {
        self.host(1)
    }

    /// Where the daemon listens to TLS.
    pub(crate) fn secure_server(self) -> SocketAddr {
        SocketAddr::new(self.server().ip(), 5061)
    }

    pub(crate) fn trunk(self) -> SocketAddr {
        self.host(2)
    }

    /// As the config writes it.
    pub(crate) fn media_ports(self) -> String {
        let first = FIRST_MEDIA_PORT + self.media_slot * MEDIA_PORTS;
        format!("{first}-{}", first + MEDIA_PORTS - 1)
    }
}

/// Waits until some process listens at an address of this machine, over UDP or TCP.
pub(crate) fn wait_until_open(address: SocketAddr) {
    let IpAddr::V4(ip) = address.ip() else { panic!("{address} is not IPv4") };
    // The kernel prints the address as it lies in memory.
    let entry = format!("{:08X}:{:04X} ", u32::from_ne_bytes(ip.octets()), address.port());
    wait_for(&format!("somebody listens at {address}"), SOON, || {
        let tables = ["/proc/net/udp", "/proc/net/tcp"];
        let listed = |table| std::fs::read_to_string(table).unwrap().contains(&entry);
        tables.into_iter().any(listed).then_some(())
    });
}
