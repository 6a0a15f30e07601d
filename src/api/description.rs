//! The API told to programs: OpenAPI.

use axum::Json;
use utoipa::OpenApi;

use crate::api::refusal::Refusal;
use crate::api::{
    agent_routes, ban_routes, call_routes, case_routes, change_routes, closing_routes,
    comparison_routes, conference_routes, conversation_routes, customer_routes, document_routes,
    events, hours_routes, number_routes, office_routes, queue_routes, recording_routes,
    sound_routes, speaker_routes, stats_routes, system_routes, trunk_routes, voicemail_routes,
    workflow_routes,
};
use crate::live::Update;

#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "naru",
        description = "The office phone system's API. Times are milliseconds since 1970; numbers are E.164. Every refusal has the same body, in Korean and English."
    ),
    paths(
        system_routes::health,
        call_routes::live,
        call_routes::calls,
        call_routes::call,
        call_routes::sip,
        call_routes::originate,
        call_routes::hang_up,
        conference_routes::invite,
        conference_routes::mute,
        conference_routes::hold,
        queue_routes::place,
        queue_routes::give,
        case_routes::list,
        conversation_routes::list,
        conversation_routes::read,
        closing_routes::close_many,
        conversation_routes::close,
        conversation_routes::open,
        conversation_routes::cancel_callback,
        conversation_routes::snooze,
        conversation_routes::note,
        conversation_routes::describe,
        conversation_routes::tag,
        conversation_routes::assign,
        conversation_routes::call_back,
        agent_routes::agents,
        agent_routes::presence,
        customer_routes::list,
        customer_routes::read,
        customer_routes::write,
        customer_routes::forget,
        customer_routes::merge,
        recording_routes::record,
        recording_routes::list,
        recording_routes::fetch,
        recording_routes::delete,
        voicemail_routes::list,
        voicemail_routes::hear,
        voicemail_routes::delete,
        office_routes::read,
        office_routes::write,
        office_routes::worries,
        comparison_routes::compare,
        change_routes::list,
        change_routes::read,
        change_routes::undo,
        number_routes::list,
        number_routes::unclaimed,
        number_routes::take,
        number_routes::give_back,
        document_routes::list,
        document_routes::keep,
        document_routes::fetch,
        document_routes::remove,
        number_routes::simulate,
        hours_routes::list,
        hours_routes::switch,
        hours_routes::versions,
        hours_routes::import,
        sound_routes::list,
        sound_routes::import,
        sound_routes::hold,
        sound_routes::read,
        sound_routes::remove,
        sound_routes::play,
        system_routes::registrations,
        ban_routes::list,
        ban_routes::pardon,
        system_routes::trunks,
        trunk_routes::test,
        speaker_routes::cards,
        speaker_routes::announce,
        speaker_routes::play,
        system_routes::backup,
        system_routes::restore,
        stats_routes::stats,
        stats_routes::agent_stats,
        workflow_routes::workflows,
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
