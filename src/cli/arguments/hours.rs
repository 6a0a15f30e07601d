//! What can be typed after `naru hours`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct HoursArguments {
    /// As JSON
    #[arg(long)]
    pub json: bool,
    #[command(subcommand)]
    pub action: Option<HoursAction>,
}

#[derive(Debug, Subcommand)]
pub enum HoursAction {
    /// Open by hand, until the schedule next closes
    Open(HoursNamed),
    /// Close by hand, until the schedule next opens
    Close(HoursNamed),
    /// Follow the schedule again
    Auto(HoursNamed),
    /// Add the days of an iCalendar file to the holidays
    Import(HoursImport),
    /// How the hours were defined, oldest first
    Versions(HoursNamed),
}

#[derive(Debug, Args)]
pub struct HoursNamed {
    /// Which hours
    #[arg(value_name = "NAME")]
    pub name: String,
}

#[derive(Debug, Args)]
pub struct HoursImport {
    /// The .ics file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// To which hours
    #[arg(long, value_name = "NAME")]
    pub into: String,
}

/// Korean help by command and argument, as in `cli/arguments`.
pub(crate) const KOREAN: &[(&str, &str, &str)] = &[
    ("hours", "", "운영시간을 보고, 손으로 열고 닫고, 휴일을 불러옵니다"),
    ("hours", "json", "JSON으로"),
    ("hours open", "", "수동으로 엽니다. 시간표가 다음에 닫을 때까지입니다"),
    ("hours open", "name", "어느 운영시간"),
    ("hours close", "", "수동으로 닫습니다. 시간표가 다음에 열 때까지입니다"),
    ("hours close", "name", "어느 운영시간"),
    ("hours auto", "", "다시 시간표를 따릅니다"),
    ("hours auto", "name", "어느 운영시간"),
    ("hours import", "", "iCalendar 파일의 날짜를 휴일에 더합니다"),
    ("hours import", "file", ".ics 파일"),
    ("hours import", "into", "어느 운영시간에"),
    ("hours versions", "", "운영시간이 언제 어떻게 정해져 있었는지 오래된 것부터 보여 줍니다"),
    ("hours versions", "name", "어느 운영시간"),
];
