//! What can be typed after `naru prompts`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct PromptArguments {
    #[command(subcommand)]
    pub action: PromptAction,
}

#[derive(Debug, Subcommand)]
pub enum PromptAction {
    /// Bring sound files in; one that the office plays under this name is replaced at once
    Import(PromptImportArguments),
    /// List them
    List(PromptListArguments),
    /// Remove one that the office does not play
    Remove(PromptNameArguments),
    /// Ring a phone and play it one
    Play(PromptPlayArguments),
}

#[derive(Debug, Args)]
pub struct PromptImportArguments {
    /// mp4, m4a, mp3, amr, flac, wav, ogg or opus
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What the office's document calls it [default: the file's name]
    #[arg(long)]
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub struct PromptListArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PromptPlayArguments {
    /// As list shows it; or a recording of a call; or built-in:greeting, built-in:all_busy and so on
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The extension whose phones ring
    #[arg(long, value_name = "EXTENSION")]
    pub to: String,
    /// Of a built-in announcement: ko, en, ja, zh, es [default: the agent's own]
    #[arg(long)]
    pub language: Option<String>,
}

#[derive(Debug, Args)]
pub struct PromptNameArguments {
    /// As list shows it
    #[arg(value_name = "NAME")]
    pub name: String,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("prompts", "", "사무실의 소리 파일"),
    (
        "prompts import",
        "",
        "소리 파일을 넣습니다. 사무실이 같은 이름의 소리를 쓰고 있으면 바로 바뀝니다",
    ),
    ("prompts import", "files", "mp4, m4a, mp3, amr, flac, wav, ogg, opus"),
    ("prompts import", "name", "사무실 문서에서 부를 이름 [기본값: 파일 이름]"),
    ("prompts list", "", "목록을 보여 줍니다"),
    ("prompts list", "json", "JSON으로"),
    ("prompts remove", "", "사무실이 쓰지 않는 소리를 지웁니다"),
    ("prompts remove", "name", "list가 보여 주는 이름"),
    ("prompts play", "", "전화기를 울려 소리를 들려줍니다"),
    (
        "prompts play",
        "name",
        "list가 보여 주는 이름, 통화 녹음의 이름, 또는 built-in:greeting, built-in:all_busy 등",
    ),
    ("prompts play", "to", "전화기를 울릴 내선 번호"),
    (
        "prompts play",
        "language",
        "기본 안내 음성의 언어: ko, en, ja, zh, es [기본값: 매니저의 언어]",
    ),
];
