//! What can be typed after `naru apply` and `export`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct ApplyArguments {
    /// The office as a YAML file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only print what would change
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct ExportArguments {
    /// With passwords
    #[arg(long)]
    pub secrets: bool,
    /// Write the sound files it names below this folder too
    #[arg(long, value_name = "DIR")]
    pub sounds: Option<PathBuf>,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("apply", "", "사무실을 파일에 적힌 대로 만듭니다"),
    ("apply", "file", "사무실을 적은 YAML 파일. -는 표준 입력"),
    ("apply", "dry_run", "무엇이 바뀔지만 보여 줍니다"),
    ("export", "", "사무실을 그런 파일로 출력합니다"),
    ("export", "secrets", "비밀번호까지 출력합니다"),
    ("export", "sounds", "문서에 나오는 소리 파일도 이 폴더 아래에 씁니다"),
];
