//! Who holds a port we wanted, as far as /proc tells.

use std::fs;
use std::path::Path;

use crate::office::transport::Transport;

/// The name and process id of a program that is bound to `port`, if we may see it.
#[must_use]
pub fn holder(transport: Transport, port: u16) -> Option<String> {
    let tables = match transport {
        Transport::Udp => ["/proc/net/udp", "/proc/net/udp6"],
        Transport::Tcp | Transport::Tls => ["/proc/net/tcp", "/proc/net/tcp6"],
    };
    let inodes: Vec<String> = tables
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| inodes(&table, transport, port))
        .collect();
    let wanted: Vec<String> = inodes.iter().map(|inode| format!("socket:[{inode}]")).collect();
    let processes = fs::read_dir("/proc").ok()?;
    processes.flatten().map(|entry| entry.path()).find_map(|process| {
        let id: u32 = process.file_name()?.to_str()?.parse().ok()?;
        let name = holds(&process, &wanted).then(|| fs::read_to_string(process.join("comm")))?;
        Some(format!("{} (process {id})", name.ok()?.trim()))
    })
}

fn holds(process: &Path, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else { return false };
    files.flatten().any(|file| {
        fs::read_link(file.path())
            .is_ok_and(|link| sockets.iter().any(|socket| link.as_os_str() == socket.as_str()))
    })
}

/// The socket inodes bound to `port` in a table of proc(5); of TCP only those that listen.
fn inodes(table: &str, transport: Transport, port: u16) -> Vec<String> {
    const LISTENING: &str = "0A";
    let wanted = format!(":{port:04X}");
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let (local, state, inode) = (columns.get(1)?, columns.get(3)?, columns.get(9)?);
            let bound = match transport {
                Transport::Udp => true,
                Transport::Tcp | Transport::Tls => *state == LISTENING,
            };
            (local.ends_with(&wanted) && bound).then(|| (*inode).to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_port_is_found_to_be_ours() {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let found = holder(Transport::Udp, port).unwrap();
        assert!(found.ends_with(&format!("(process {})", std::process::id())), "{found}");
        drop(socket);
        assert_eq!(holder(Transport::Udp, port), None);
    }
}
