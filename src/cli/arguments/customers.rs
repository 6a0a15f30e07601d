//! What can be typed after `naru customers`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CustomerArguments {
    #[command(subcommand)]
    pub verb: Option<CustomerVerb>,
    /// Part of a number or name
    #[arg(long, value_name = "TEXT")]
    pub party: Option<String>,
    /// customers, leads or blocked
    #[arg(long)]
    pub kind: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV that spreadsheets open with Hangul intact
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Subcommand)]
pub enum CustomerVerb {
    /// Give a number a profile, or change it
    Set(CustomerSet),
    /// Put no call of the customer through any more
    Block(OneCustomer),
    /// Put the customer's calls through again
    Unblock(OneCustomer),
    /// Give a customer the number of a lead as well
    Merge(CustomerMerge),
    /// Take the profile away; the history stays
    Forget(OneCustomer),
}

#[derive(Debug, Args)]
pub struct CustomerSet {
    /// Any of the customer's numbers
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// As agents see it on their phones
    #[arg(long)]
    pub name: Option<String>,
    /// ko, en, ja, zh or es; empty for the language of the number's country
    #[arg(long)]
    pub language: Option<String>,
    /// All tags of the customer; give it once for each
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
}

#[derive(Debug, Args)]
pub struct OneCustomer {
    /// Any of the customer's numbers
    #[arg(value_name = "NUMBER")]
    pub number: String,
}

#[derive(Debug, Args)]
pub struct CustomerMerge {
    /// Any of the customer's numbers
    #[arg(value_name = "NUMBER")]
    pub number: String,
    /// The number that calls have brought
    #[arg(value_name = "LEAD")]
    pub lead: String,
}

pub const KOREAN: &[(&str, &str, &str)] = &[
    ("customers", "", "고객과 리드를 보여 주고 바꿉니다"),
    ("customers", "party", "번호나 이름의 일부"),
    ("customers", "kind", "customers(고객), leads(리드), blocked(차단) 중 하나"),
    ("customers", "limit", "최대 개수"),
    ("customers", "json", "JSON으로"),
    ("customers", "csv", "스프레드시트에서 한글이 깨지지 않는 CSV로"),
    ("customers set", "", "번호를 고객으로 등록하거나 고객 정보를 바꿉니다"),
    ("customers set", "number", "고객의 번호 중 하나"),
    ("customers set", "name", "매니저 전화기에 보이는 이름"),
    ("customers set", "language", "ko, en, ja, zh, es. 비우면 번호의 국가에 따릅니다"),
    ("customers set", "tags", "고객의 태그 전부. 하나씩 여러 번 적습니다"),
    ("customers block", "", "고객의 전화를 연결하지 않습니다"),
    ("customers block", "number", "고객의 번호 중 하나"),
    ("customers unblock", "", "고객의 전화를 다시 연결합니다"),
    ("customers unblock", "number", "고객의 번호 중 하나"),
    ("customers merge", "", "리드의 번호를 고객에게 합칩니다"),
    ("customers merge", "number", "고객의 번호 중 하나"),
    ("customers merge", "lead", "전화로 알게 된 번호"),
    ("customers forget", "", "고객 정보를 지웁니다. 기록은 남습니다"),
    ("customers forget", "number", "고객의 번호 중 하나"),
];
