//! What can be typed after the commands around the daemon: doctor, console, api, backup, restore.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where the daemon's SIP listens, over UDP
    #[arg(long, value_name = "ADDRESS")]
    pub server: SocketAddr,
    /// The address by which the demo office knows its trunk
    #[arg(long, value_name = "ADDRESS")]
    pub trunk: SocketAddr,
}

#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ConsoleArguments {
    /// Look, and change nothing
    #[arg(long)]
    pub read_only: bool,
    /// ko or en; else the terminal's own
    #[arg(long, value_name = "LANGUAGE", value_parser = ["ko", "en"])]
    pub language: Option<String>,
}

#[derive(Debug, Args)]
pub struct ApiArguments {
    /// GET, POST, PUT or DELETE
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// Such as /v1/live
    #[arg(value_name = "PATH")]
    pub path: String,
    /// The body; - reads standard input
    #[arg(value_name = "JSON")]
    pub body: Option<String>,
}

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Also the recordings and messages, which may be large
    #[arg(long)]
    pub with_recordings: bool,
}

#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// What to write
    pub what: Generated,
    /// Where to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Generated {
    Man,
    Completions,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("doctor", "", "이 기계와 데몬에 무엇이 잘못되었는지 찾아 고치는 법을 말해 줍니다"),
    ("doctor", "json", "JSON으로"),
    ("console", "", "사무실 화면을 엽니다: 통화, 번호, 사람, 기록, 실행 취소"),
    ("console", "read_only", "보기만 하고 아무것도 바꾸지 않습니다"),
    ("console", "language", "ko나 en. 없으면 터미널의 언어"),
    ("api", "", "데몬의 API에 요청 하나를 보냅니다"),
    ("api", "method", "GET, POST, PUT, DELETE"),
    ("api", "path", "예: /v1/live"),
    ("api", "body", "보낼 내용. -는 표준 입력"),
    ("backup", "", "통화 중에도 사무실과 기록을 파일 하나에 저장합니다"),
    ("backup", "file", "백업 파일"),
    ("backup", "with_recordings", "용량이 클 수 있는 녹음과 음성 메시지도 함께"),
    ("restore", "", "통화 중에도 백업을 되돌립니다"),
    ("restore", "file", "백업 파일"),
    ("restore", "with_recordings", "용량이 클 수 있는 녹음과 음성 메시지도 함께"),
    ("demo-call", "", "데모 사무실의 데몬으로 전화를 걸어 들린 것을 알려 줍니다"),
    ("demo-call", "server", "데몬의 SIP(UDP) 주소"),
    ("demo-call", "trunk", "데모 사무실이 아는 회선 주소"),
    ("generate", "", "패키지용 man 문서나 셸 자동 완성을 만듭니다"),
    ("generate", "what", "무엇을"),
    ("generate", "folder", "어디에"),
];
