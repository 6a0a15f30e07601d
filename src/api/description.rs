//! The API told to programs: OpenAPI.

use axum::Json;
use utoipa::OpenApi;

use crate::api::events;
use crate::api::refusal::Refusal;
use crate::api::route::agent;
use crate::api::route::ban;
use crate::api::route::call;
use crate::api::route::case;
use crate::api::route::change;
use crate::api::route::closing;
use crate::api::route::comparison;
use crate::api::route::conference;
use crate::api::route::conversation;
use crate::api::route::customer;
use crate::api::route::document;
use crate::api::route::hours;
use crate::api::route::number;
use crate::api::route::office;
use crate::api::route::queue;
use crate::api::route::recording;
use crate::api::route::sound;
use crate::api::route::speaker;
use crate::api::route::stats;
use crate::api::route::system;
use crate::api::route::trunk;
use crate::api::route::voicemail;
use crate::api::route::workflow;
use crate::live::Update;

#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "naru",
        description = "The office phone system's API. Times are milliseconds since 1970; numbers are E.164. Every refusal has the same body, in Korean and English."
    ),
    paths(
        system::health,
        call::live,
        call::calls,
        call::call,
        call::sip,
        call::originate,
        call::hang_up,
        conference::invite,
        conference::mute,
        conference::hold,
        queue::place,
        queue::give,
        case::list,
        conversation::list,
        conversation::read,
        closing::close_many,
        conversation::close,
        conversation::open,
        conversation::cancel_callback,
        conversation::snooze,
        conversation::note,
        conversation::describe,
        conversation::tag,
        conversation::assign,
        conversation::call_back,
        agent::agents,
        agent::presence,
        customer::list,
        customer::read,
        customer::write,
        customer::forget,
        customer::merge,
        recording::record,
        recording::list,
        recording::fetch,
        recording::delete,
        voicemail::list,
        voicemail::hear,
        voicemail::delete,
        office::read,
        office::write,
        office::worries,
        comparison::compare,
        change::list,
        change::read,
        change::undo,
        number::list,
        number::unclaimed,
        number::take,
        number::give_back,
        document::list,
        document::keep,
        document::fetch,
        document::remove,
        number::simulate,
        hours::list,
        hours::switch,
        hours::versions,
        hours::import,
        sound::list,
        sound::import,
        sound::hold,
        sound::read,
        sound::remove,
        sound::play,
        system::registrations,
        ban::list,
        ban::pardon,
        system::trunks,
        trunk::test,
        speaker::cards,
        speaker::announce,
        speaker::play,
        system::backup,
        system::restore,
        stats::stats,
        stats::agent_stats,
        workflow::workflows,
        events::events,
        openapi
    ),
    components(schemas(Refusal, Update))
)]
pub struct Description;

/// This description.
#[utoipa::path(get, path = "/v1/openapi.json",
    responses((status = 200, description = "The OpenAPI document", body = serde_json::Value)))]
pub(crate) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
