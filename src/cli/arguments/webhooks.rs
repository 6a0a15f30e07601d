//! What can be typed after `naru webhooks`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct WebhookArguments {
    #[command(subcommand)]
    pub action: WebhookAction,
}

#[derive(Debug, Subcommand)]
pub enum WebhookAction {
    /// Print the key that signs what workflows tell other systems
    Key(WebhookKeyArguments),
}

#[derive(Debug, Args)]
pub struct WebhookKeyArguments {
    /// Make a new one; the old one signs nothing from then on
    #[arg(long)]
    pub rotate: bool,
}

/// Korean help by command and argument, as in `cli/arguments/command`.
pub const KOREAN: &[(&str, &str, &str)] = &[
    ("webhooks", "", "워크플로우가 다른 시스템에 보내는 알림(웹훅)의 서명 키"),
    ("webhooks key", "", "알림에 서명하는 키를 보여 줍니다"),
    ("webhooks key", "rotate", "새 키를 만듭니다. 옛 키는 그때부터 쓰지 않습니다"),
];
