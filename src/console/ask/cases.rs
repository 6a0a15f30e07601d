//! Requests for cases, as the API takes them.

use crate::api::address::with_conditions;
use crate::api::client::Client;
use crate::api::refusal::Refusal;
use crate::console::ask::zone::zone;
use crate::console::cases::CasesFilter;
use crate::console::desk::DeskReport;
use crate::console::export::first_moment;
use crate::console::fetch::get;

pub(crate) async fn cases(
    client: &Client,
    filter: CasesFilter,
    before: Option<String>,
) -> Result<DeskReport, Refusal> {
    let is_first = before.is_none();
    let zone = zone(client).await?;
    let day = |text: &str, later| match text {
        "" => Ok(None),
        day => first_moment(day, later, &zone).map(|moment| Some(moment.to_string())),
    };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut conditions: Vec<(&str, Option<String>)> =
        filter.parts().map(|(name, text)| (name, given(text))).to_vec();
    conditions.push(("from", day(&filter.from, 0)?));
    conditions.push(("to", day(&filter.to, 1)?));
    conditions.push(("before", before));
    let page = get(client, &with_conditions("/v1/cases", &conditions)).await?;
    Ok(DeskReport::Cases { filter, page, is_first })
}
