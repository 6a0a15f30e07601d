//! Operating hours: as they are now, switched by hand, filled from a calendar.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};

use crate::api::answer::json;
use crate::api::door::Caller;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::ApiRequest;
use crate::api::schema::hours::{HoursState, ImportedHolidays, SwitchBody};
use crate::history::hours_switch::HoursVersion;
use crate::office::document::holidays::{Taken, add_holidays};
use crate::office::hours::hours::HoursName;
use crate::office::hours::ics;
use crate::words::Words;

/// Every set of operating hours, and whether it is open.
#[utoipa::path(get, path = "/v1/hours", responses((status = 200, body = Vec<HoursState>)))]
pub(crate) async fn list(State(api): State<Api>) -> Result<Json<Vec<HoursState>>, Refusal> {
    api.switchboard.ask(|reply| ApiRequest::Hours { reply }).await.map(Json)
}

/// Opens or closes by hand until the schedule next turns the other way.
#[utoipa::path(post, path = "/v1/hours/{name}/switch", params(("name" = String, Path)),
    request_body = SwitchBody,
    responses((status = 200, body = HoursState), (status = 404, body = Refusal)))]
pub(crate) async fn switch(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<HoursState>, Refusal> {
    let SwitchBody { open } = json(&body)?;
    let (name, who) = (HoursName(name), caller.0);
    let ask = |reply| ApiRequest::SwitchHours { name, open, who, reply };
    api.switchboard.ask(ask).await.map(Json)
}

/// How a set was defined, oldest first.
#[utoipa::path(get, path = "/v1/hours/{name}/versions", params(("name" = String, Path)),
    responses((status = 200, body = Vec<HoursVersion>), (status = 404, body = Refusal)))]
pub(crate) async fn versions(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<Json<Vec<HoursVersion>>, Refusal> {
    let name = HoursName(name);
    let found = api.switchboard.ask(|reply| ApiRequest::HoursVersions { name, reply }).await?;
    if found.is_empty() { Err(Refusal::not_found()) } else { Ok(Json(found)) }
}

/// Adds the days of an iCalendar file to a set's holidays.
#[utoipa::path(post, path = "/v1/hours/{name}/holidays", params(("name" = String, Path)),
    request_body(content = String, content_type = "text/calendar"),
    responses((status = 200, body = ImportedHolidays), (status = 404, body = Refusal),
        (status = 422, body = Refusal)))]
pub(crate) async fn import(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Json<ImportedHolidays>, Refusal> {
    let text = str::from_utf8(&body).map_err(|_| {
        let message = Words::new("UTF-8이 아닙니다", "this is not UTF-8");
        Refusal::new(RefusalKind::BadRequest, message)
    })?;
    let _turn = api.office_turn.lock().await;
    let states = api.switchboard.ask(|reply| ApiRequest::Hours { reply }).await?;
    let today = states.iter().find(|state| state.name == name).map(|state| state.today.parse());
    let Some(Ok(today)) = today else { return Err(Refusal::not_found()) };
    let found = ics::holidays(text, today).map_err(|error| no_calendar(&error))?;
    let before = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let mut office = (*before).clone();
    let hours = office.hours.get_mut(&HoursName(name)).ok_or_else(Refusal::not_found)?;
    if hours.week.is_none() {
        let message = Words::new(
            "week(요일별 운영시간)가 없는 운영시간에는 휴일을 넣을 수 없습니다",
            "hours without a week are always open and have no holidays",
        );
        return Err(Refusal::new(RefusalKind::Conflict, message));
    }
    let Taken { added, known, past, beyond, skipped } =
        add_holidays(&mut hours.holidays, found, today);
    if office != *before {
        let (office, who) = (Arc::new(office), caller.0);
        api.switchboard.ask(|reply| ApiRequest::SaveOffice { office, who, reply }).await?;
    }
    Ok(Json(ImportedHolidays { added, known, past, beyond, skipped }))
}

fn no_calendar(error: &ics::NotACalendar) -> Refusal {
    let ko = match error {
        ics::NotACalendar::NoCalendar => "iCalendar(.ics) 파일이 아닙니다",
        ics::NotACalendar::TooLong => "파일이 1 MB보다 큽니다",
        ics::NotACalendar::TooMany => "휴일이 2000개보다 많습니다",
    };
    Refusal::new(RefusalKind::Invalid, Words::new(ko, error.to_string()))
}
