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
];
