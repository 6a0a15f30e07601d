//! The architecture's rules, held against the source: who may import whom, and how a module looks.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest layer first. A part may import those it names, and each stands above it in this list.
const LAYERS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("audio", &[]),
    ("escape", &[]),
    ("pages", &[]),
    ("words", &[]),
    ("yaml", &["words"]),
    ("fields", &["words", "yaml"]),
    ("logging", &["escape"]),
    ("clock", &["time"]),
    ("speaker", &["audio", "clock"]),
    ("office", &["audio", "words", "time", "yaml"]),
    ("leg", &["office", "time"]),
    ("binding", &["office", "time"]),
    ("watcher", &["office"]),
    ("tls", &["clock", "words"]),
    ("config", &["fields", "office", "words", "yaml"]),
    ("web", &["office", "tls"]),
    ("speech", &["audio", "config", "office", "web", "words"]),
    ("media", &["audio", "clock", "leg", "time"]),
    ("testphone", &["audio", "clock", "time"]),
    ("history", &["leg", "office", "time", "words"]),
    ("recording", &["audio", "clock", "history", "leg", "media", "office", "time"]),
    ("webhook", &["clock", "history", "web"]),
    ("duty", &["history", "office", "words"]),
    ("live", &["duty", "history", "office"]),
    ("locale", &["duty", "history", "live", "office", "words"]),
    ("sheet", &["escape", "history", "locale"]),
    ("sip", &["binding", "clock", "leg", "media", "office", "time", "tls", "watcher"]),
    (
        "store",
        &["binding", "clock", "duty", "history", "leg", "words", "office", "time", "watcher"],
    ),
    (
        "api",
        &["binding", "clock", "duty", "history", "leg", "live", "office", "time", "words", "yaml"],
    ),
    ("engine", &["audio", "duty", "history", "leg", "live", "office", "time", "words"]),
    (
        "switchboard",
        &[
            "api",
            "audio",
            "binding",
            "clock",
            "duty",
            "engine",
            "history",
            "leg",
            "live",
            "media",
            "words",
            "office",
            "recording",
            "sip",
            "speaker",
            "speech",
            "store",
            "time",
            "webhook",
        ],
    ),
    ("doctor", &["api", "clock", "config", "duty", "live", "office", "store", "tls", "words"]),
    (
        "console",
        &[
            "api", "clock", "config", "duty", "escape", "history", "live", "locale", "office",
            "sheet", "time", "words", "yaml",
        ],
    ),
    (
        "cli",
        &[
            "api",
            "audio",
            "binding",
            "clock",
            "config",
            "duty",
            "doctor",
            "escape",
            "history",
            "leg",
            "live",
            "locale",
            "words",
            "office",
            "sheet",
            "speech",
            "store",
            "testphone",
            "webhook",
            "yaml",
        ],
    ),
    (
        "daemon",
        &[
            "api",
            "audio",
            "binding",
            "clock",
            "config",
            "engine",
            "history",
            "leg",
            "live",
            "logging",
            "media",
            "words",
            "office",
            "pages",
            "recording",
            "sip",
            "speaker",
            "speech",
            "store",
            "switchboard",
            "time",
            "tls",
            "webhook",
        ],
    ),
    ("main", &["cli", "config", "console", "daemon", "locale", "words"]),
    ("lib", &[]),
];

/// Parts that are told everything and do nothing themselves. `audio` holds the built-in prompts,
/// which the compiler reads.
const PURE: &[&str] =
    &["time", "audio", "office", "leg", "binding", "watcher", "history", "duty", "live", "engine"];
const IO: &[&str] = &[
    "tokio::",
    "std::net::Udp",
    "std::net::Tcp",
    "std::net::{Udp",
    "std::net::{Tcp",
    "std::fs",
    "std::process",
    "std::thread",
    "rusqlite::",
    "nix::",
    "socket2::",
    "crate::clock",
];
/// Crates that one part alone may name, so that they can be exchanged there.
const OWNED: &[(&[&str], &[&str])] = &[
    (&["sip"], &["ezk_sip_types", "ezk_sdp_types", "ezk_sip_auth"]),
    (&["store"], &["rusqlite"]),
    (&["media"], &["rtp_types", "rtcp_types"]),
    (&["speaker"], &["libloading"]),
    (&["console"], &["crossterm", "ratatui", "qrcode"]),
    (&["api"], &["axum"]),
    (&["api", "web"], &["hyper", "hyper_util", "http_body_util"]),
];
/// How SQL begins, as far as no English sentence does.
const SQL: &[&str] =
    &["CREATE TABLE", "INSERT INTO", "DELETE FROM", "PRAGMA ", "SELECT ", "ALTER TABLE"];

#[test]
fn layers_name_only_lower_ones() {
    for (at, (part, below)) in LAYERS.iter().enumerate() {
        for name in *below {
            assert!(
                LAYERS[..at].iter().any(|(lower, _)| lower == name),
                "{part} names {name}, which is not below it"
            );
        }
    }
}

#[test]
fn imports_follow_the_layers() {
    for (file, text) in modules() {
        let part = part_of(&file);
        let (_, allowed) = LAYERS
            .iter()
            .find(|(name, _)| *name == part)
            .unwrap_or_else(|| panic!("{part} is not in LAYERS"));
        for name in imported(product_code(&text)) {
            assert!(
                name == part || allowed.contains(&name.as_str()),
                "{}: {part} may not import {name}",
                file.display()
            );
        }
    }
}

/// Between the files of one part, too, imports run one way.
#[test]
fn no_files_import_each_other_in_a_circle() {
    let circle = circle_of(&imports());
    assert!(circle.is_empty(), "these import each other:\n{}", circle.join("\n"));
}

/// A room within a part is one thing to its neighbours, the rooms and files beside it: between them, too,
/// imports run one way.
#[test]
fn no_rooms_of_a_part_import_each_other_in_a_circle() {
    for part in ["console::screens"].into_iter().chain(LAYERS.iter().map(|(part, _)| *part)) {
        let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (file, named) in imports() {
            let Some(room) = room_within(part, &file) else { continue };
            let below = named.iter().filter_map(|name| room_within(part, name));
            let below: BTreeSet<String> = below.filter(|name| *name != room).collect();
            rooms.entry(room).or_default().extend(below);
        }
        let circle = circle_of(&rooms);
        assert!(circle.is_empty(), "rooms of {part} import each other:\n{}", circle.join("\n"));
    }
}

#[test]
fn imports_are_whole_paths_of_named_things() {
    for (file, text) in modules() {
        let code = product_code(&text);
        let file = file.display();
        assert!(!code.contains("super::"), "{file}: write crate:: paths");
        for line in code.lines().map(str::trim) {
            assert!(!line.starts_with("pub use "), "{file}: no re-exports: {line}");
            assert!(
                !(line.starts_with("use ") && line.contains("::*")),
                "{file}: no globs: {line}"
            );
        }
    }
}

#[test]
fn pure_parts_do_no_io() {
    for (file, text) in modules().filter(|(file, _)| PURE.contains(&part_of(file).as_str())) {
        for name in IO {
            let named = product_code(&text).contains(name);
            assert!(!named, "{}: a pure part names {name}", file.display());
        }
    }
}

#[test]
fn foreign_crates_stay_where_they_belong() {
    for (file, text) in modules() {
        let part = part_of(&file);
        for (owners, crates) in OWNED.iter().filter(|(owners, _)| !owners.contains(&part.as_str()))
        {
            for name in *crates {
                assert!(
                    !product_code(&text).contains(&format!("{name}::")),
                    "{}: {name} belongs to {owners:?}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn sql_is_spoken_in_the_store_alone() {
    for (file, text) in modules().filter(|(file, _)| part_of(file) != "store") {
        for words in SQL {
            let spoken = product_code(&text)
                .lines()
                .any(|line| line.trim_start().trim_start_matches('"').starts_with(words));
            assert!(!spoken, "{}: SQL outside of store/: {words}", file.display());
        }
    }
}

#[test]
fn one_module_reads_the_clock() {
    let readers =
        ["Instant::now", "SystemTime::now", "Zoned::now", "Timestamp::now", "TimeZone::system"];
    for (file, text) in modules().filter(|(file, _)| part_of(file) != "clock") {
        for reader in readers {
            let read = product_code(&text).contains(reader);
            assert!(!read, "{}: {reader} belongs to clock.rs", file.display());
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for (file, text) in modules().filter(|(file, _)| !file.ends_with("main.rs")) {
        assert!(text.starts_with("//! "), "{}: open with a //! line", file.display());
    }
}

#[test]
fn a_mod_rs_holds_no_code() {
    for (file, text) in modules().filter(|(file, _)| file.ends_with("mod.rs")) {
        let code = text.lines().find(|line| {
            !(line.is_empty()
                || line.starts_with("//")
                || line.starts_with("pub mod ")
                || line.starts_with("mod ")
                || *line == "#[cfg(test)]")
        });
        assert_eq!(code, None, "{}", file.display());
    }
}

#[test]
fn the_map_explains_every_room() {
    let map = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let rooms: BTreeSet<String> = modules()
        .map(|(file, _)| file)
        .filter(|file| file.components().count() > 2)
        .map(|file| format!("`{}/`", part_of(&file)))
        .collect();
    let inner: BTreeSet<String> = modules()
        .map(|(file, _)| file)
        .filter(|file| file.ends_with("mod.rs") && file.components().count() > 3)
        .map(|file| format!("`{}/`", module_of(&file).replace("::", "/")))
        .collect();
    let files: BTreeSet<String> = modules()
        .map(|(file, _)| file)
        .filter(|file| file.components().count() == 2)
        .map(|file| format!("`{}`", file.file_name().unwrap().to_str().unwrap()))
        .collect();
    for name in rooms.iter().chain(&inner).chain(&files) {
        assert!(map.contains(name), "ARCHITECTURE.md does not explain {name}");
    }
}

/// Who imports whom, file by file.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let known: BTreeSet<String> = modules().map(|(file, _)| module_of(&file)).collect();
    modules()
        .map(|(file, text)| {
            let itself = module_of(&file);
            let named = paths(product_code(&text));
            let below = named.iter().filter_map(|path| longest_known(path, &known));
            (itself.clone(), below.filter(|name| *name != itself).collect())
        })
        .collect()
}

/// The room or file of `part` that a module belongs to: `call` of `engine::call::draft`.
fn room_within(part: &str, module: &str) -> Option<String> {
    let inner = module.strip_prefix(part)?.strip_prefix("::")?;
    Some(inner.split("::").next()?.to_owned())
}

/// Those that import each other in circles; empty if imports run one way. Whoever imports nobody, or is
/// imported by nobody, is in no circle.
fn circle_of(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut waiting = imports.clone();
    loop {
        let before = waiting.len();
        let left: BTreeSet<String> = waiting.keys().cloned().collect();
        let wanted: BTreeSet<String> = waiting.values().flatten().cloned().collect();
        for below in waiting.values_mut() {
            below.retain(|name| left.contains(name));
        }
        waiting.retain(|name, below| !below.is_empty() && wanted.contains(name));
        if waiting.len() == before {
            break;
        }
    }
    waiting.iter().map(|(name, below)| format!("{name} imports {below:?}")).collect()
}

fn modules() -> impl Iterator<Item = (PathBuf, String)> {
    let mut folders = vec![PathBuf::from("src")];
    let mut files = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                files.insert(path);
            }
        }
    }
    files.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap()))
}

/// What stands before the file's tests.
fn product_code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap()
}

/// `src/office/agent.rs` belongs to `office`, `src/clock.rs` to `clock`.
fn part_of(file: &Path) -> String {
    let first = file.strip_prefix("src").unwrap().components().next().unwrap();
    Path::new(first.as_os_str()).with_extension("").display().to_string()
}

/// `src/office/agent.rs` is `office::agent`, `src/office/mod.rs` is `office`.
fn module_of(file: &Path) -> String {
    let inner = file.strip_prefix("src").unwrap().with_extension("");
    let names: Vec<&str> = inner.components().map(|c| c.as_os_str().to_str().unwrap()).collect();
    names.join("::").trim_end_matches("::mod").to_owned()
}

fn imported(code: &str) -> BTreeSet<String> {
    let first = |path: String| path.split("::").next().unwrap().to_owned();
    paths(code).into_iter().map(first).collect()
}

/// Every `crate::a::b` outside of comments, without the `crate::`. `main.rs` says `naru::`.
fn paths(code: &str) -> BTreeSet<String> {
    let is_path = |c: &char| c.is_alphanumeric() || matches!(c, '_' | ':');
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| {
            let within = line.split("crate::").skip(1);
            let through_library = line.split("use naru::").skip(1);
            within.chain(through_library)
        })
        .map(|rest| rest.chars().take_while(is_path).collect())
        .collect()
}

/// The module that a path leads into: `office::agent` of `office::agent::Agent`.
fn longest_known(path: &str, known: &BTreeSet<String>) -> Option<String> {
    let mut names: Vec<&str> = path.split("::").filter(|name| !name.is_empty()).collect();
    while !names.is_empty() {
        let candidate = names.join("::");
        if known.contains(&candidate) {
            return Some(candidate);
        }
        names.pop();
    }
    None
}
