//! What can be typed after `naru trunks`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct TrunkArguments {
    /// As JSON
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub action: Option<TrunkAction>,
}

#[derive(Debug, Subcommand)]
pub enum TrunkAction {
    /// See whether the provider is found, answers and lets us in; shows what was sent and received
    Test(TrunkNamed),
}

#[derive(Debug, Args)]
pub struct TrunkNamed {
    /// Which trunk
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Korean help by command and argument, as in `cli/arguments`.
pub(crate) const KOREAN: &[(&str, &str, &str)] = &[
    ("trunks", "", "회선과 그 상태를 보여 주거나 회선 하나를 시험합니다"),
    ("trunks", "json", "JSON으로"),
    (
        "trunks test",
        "",
        "통신사를 찾을 수 있는지, 답하는지, 받아 주는지 보고 주고받은 내용을 보여 줍니다",
    ),
    ("trunks test", "name", "어느 회선"),
];
