//! The machine: data folder, disk, clock, limits and ports.

use std::fs;
use std::ops::RangeInclusive;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use nix::sys::resource::{Resource, getrlimit};
use nix::sys::statvfs::statvfs;

use crate::doctor::finding::Finding;
use crate::words::Words;

const MIB: u64 = 1024 * 1024;
/// Below this the next recordings and backups may not fit.
const LITTLE_DISK: u64 = 2048 * MIB;
/// Below this the records of a few days may not.
const NO_DISK: u64 = 200 * MIB;
/// Two sockets a leg and one a connection, for a hundred calls.
const ENOUGH_FILES: u64 = 1024;
/// Two legs of two ports each, for a hundred calls.
const ENOUGH_PORTS: usize = 400;

/// Signs that something keeps the clock right: of systemd-timesyncd, chrony, ntpsec, and of
/// containers whose host does.
const CLOCK_KEEPERS: [&str; 4] = [
    "/run/systemd/timesync/synchronized",
    "/run/chrony/chronyd.pid",
    "/run/ntpd.pid",
    "/run/systemd/container",
];

pub(crate) fn data_folder(folder: &Path) -> Vec<Finding> {
    let name = folder.display();
    let Ok(metadata) = fs::metadata(folder) else {
        return vec![Finding::bad(
            Words::new(
                format!("데이터 폴더 {name}이(가) 없습니다"),
                format!("there is no data folder {name}"),
            ),
            Words::new(
                format!("폴더를 만들고 naru를 실행하는 사용자의 것으로 하세요: mkdir -p {name}"),
                format!("make it, owned by the user naru runs as: mkdir -p {name}"),
            ),
        )];
    };
    let open = metadata.permissions().mode() & 0o007 != 0;
    let privacy = if open {
        Finding::doubtful(
            Words::new(
                format!("{name}: 이 기계의 누구나 통화 기록과 비밀번호를 읽을 수 있습니다"),
                format!("{name}: everybody on this machine may read records and passwords"),
            ),
            Words::new(format!("chmod o-rwx {name}"), format!("chmod o-rwx {name}")),
        )
    } else {
        Finding::good(Words::new(
            format!("{name}: 다른 사용자에게 닫혀 있습니다"),
            format!("{name}: closed to others"),
        ))
    };
    vec![privacy, disk(folder)]
}

fn disk(folder: &Path) -> Finding {
    let name = folder.display();
    let free = statvfs(folder).map(|disk| disk.blocks_available() * disk.fragment_size());
    let Ok(free) = free else {
        return Finding::doubtful(
            Words::new(
                format!("{name}의 남은 공간을 알 수 없습니다"),
                format!("how much of the disk of {name} is free cannot be told"),
            ),
            Words::new(format!("df -h {name}"), format!("df -h {name}")),
        );
    };
    let what = Words::new(
        format!("디스크에 {} MiB 남았습니다", free / MIB),
        format!("{} MiB of the disk are free", free / MIB),
    );
    let fix = Words::new(
        format!("{name}의 디스크를 비우거나 더 큰 디스크로 옮기세요"),
        format!("make room on the disk of {name}, or move it to a larger one"),
    );
    match free {
        NO_DISK.. if free >= LITTLE_DISK => Finding::good(what),
        NO_DISK.. => Finding::doubtful(what, fix),
        _ => Finding::bad(what, fix),
    }
}

/// Hours and records follow the clock.
pub(crate) fn clock() -> Finding {
    if CLOCK_KEEPERS.iter().any(|place| Path::new(place).exists()) {
        return Finding::good(Words::new("시계가 맞춰지고 있습니다", "the clock is kept right"));
    }
    Finding::doubtful(
        Words::new(
            "시계를 맞추는 프로그램이 보이지 않습니다. 시계가 틀리면 운영시간과 통화 기록도 틀립니다",
            "nothing seems to keep the clock right; hours and records go wrong with it",
        ),
        Words::new("apt install systemd-timesyncd", "apt install systemd-timesyncd"),
    )
}

pub(crate) fn open_files() -> Finding {
    let Ok((soft, _)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return Finding::good(Words::new("파일 개수 제한 없음", "no limit of open files"));
    };
    let what =
        Words::new(format!("열 수 있는 파일: {soft}개"), format!("{soft} files may be open"));
    if soft >= ENOUGH_FILES {
        return Finding::good(what);
    }
    Finding::doubtful(
        what,
        Words::new(
            format!("서비스에 LimitNOFILE={ENOUGH_FILES} 이상을 주세요"),
            format!("give the service LimitNOFILE={ENOUGH_FILES} or more"),
        ),
    )
}

/// The ports of sound: enough of them, and none that the kernel hands to other programs.
pub(crate) fn sound_ports(ports: &RangeInclusive<u16>) -> Finding {
    let (first, last) = (ports.start(), ports.end());
    let what = Words::new(
        format!("소리가 쓰는 UDP 포트: {first}-{last}"),
        format!("UDP ports of sound: {first}-{last}"),
    );
    if ports.len() < ENOUGH_PORTS {
        return Finding::doubtful(
            what,
            Words::new(
                format!("통화마다 4개가 듭니다. media.ports를 {ENOUGH_PORTS}개 이상으로 넓히세요"),
                format!("a call takes four; widen media.ports to {ENOUGH_PORTS} or more"),
            ),
        );
    }
    let shared = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|text| lent_ports(&text))
        .is_some_and(|lent| lent.start() <= last && first <= lent.end());
    if !shared {
        return Finding::good(what);
    }
    Finding::doubtful(
        what,
        Words::new(
            "커널이 다른 프로그램에 빌려주는 포트와 겹칩니다. media.ports를 16384-32767로 두세요",
            "the kernel lends some of them to other programs; leave media.ports at 16384-32767",
        ),
    )
}

/// What `/proc/sys/net/ipv4/ip_local_port_range` says.
fn lent_ports(text: &str) -> Option<RangeInclusive<u16>> {
    let mut ends = text.split_whitespace().map(str::parse);
    match (ends.next(), ends.next()) {
        (Some(Ok(first)), Some(Ok(last))) => Some(first..=last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::State;

    #[test]
    fn few_or_shared_ports_are_doubtful() {
        assert_eq!(lent_ports("32768\t60999\n"), Some(32_768..=60_999));
        assert_eq!(lent_ports("nothing"), None);
        assert_eq!(sound_ports(&(16_384..=16_500)).state, State::Doubtful);
    }

    #[test]
    fn a_folder_that_is_not_there_or_open_to_all_is_told() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("data");
        assert_eq!(data_folder(&folder)[0].state, State::Bad);
        fs::create_dir(&folder).unwrap();
        for (mode, state) in [(0o755, State::Doubtful), (0o750, State::Good)] {
            fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(data_folder(&folder)[0].state, state);
        }
    }
}
