//! Which address does what.

use axum::Router;
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::{
    agent_routes, ban_routes, call_routes, case_routes, change_routes, closing_routes,
    comparison_routes, conference_routes, conversation_routes, customer_routes, description,
    document_routes, events, hours_routes, number_routes, office_routes, queue_routes,
    recording_routes, sound_routes, speaker_routes, stats_routes, system_routes, trunk_routes,
    voicemail_routes, workflow_routes,
};

/// One method of one address.
struct Route {
    method: &'static str,
    path: &'static str,
    handler: fn() -> MethodRouter<Api>,
}

const ROUTES: &[Route] = &[
    Route { method: "get", path: "/v1/health", handler: || get(system_routes::health) },
    Route { method: "get", path: "/v1/live", handler: || get(call_routes::live) },
    Route { method: "get", path: "/v1/calls", handler: || get(call_routes::calls) },
    Route { method: "post", path: "/v1/calls", handler: || post(call_routes::originate) },
    Route { method: "get", path: "/v1/calls/{id}", handler: || get(call_routes::call) },
    Route { method: "get", path: "/v1/calls/{id}/sip", handler: || get(call_routes::sip) },
    Route { method: "delete", path: "/v1/calls/{id}", handler: || delete(call_routes::hang_up) },
    Route {
        method: "post",
        path: "/v1/calls/{id}/invite",
        handler: || post(conference_routes::invite),
    },
    Route {
        method: "post",
        path: "/v1/calls/{id}/mute",
        handler: || post(conference_routes::mute),
    },
    Route {
        method: "post",
        path: "/v1/calls/{id}/hold",
        handler: || post(conference_routes::hold),
    },
    Route {
        method: "post",
        path: "/v1/calls/{id}/priority",
        handler: || post(queue_routes::place),
    },
    Route { method: "post", path: "/v1/calls/{id}/assign", handler: || post(queue_routes::give) },
    Route { method: "get", path: "/v1/cases", handler: || get(case_routes::list) },
    Route { method: "get", path: "/v1/conversations", handler: || get(conversation_routes::list) },
    Route {
        method: "post",
        path: "/v1/conversations/close",
        handler: || post(closing_routes::close_many),
    },
    Route {
        method: "get",
        path: "/v1/conversations/{id}",
        handler: || get(conversation_routes::read),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/close",
        handler: || post(conversation_routes::close),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/open",
        handler: || post(conversation_routes::open),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/cancel-callback",
        handler: || post(conversation_routes::cancel_callback),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/snooze",
        handler: || post(conversation_routes::snooze),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/notes",
        handler: || post(conversation_routes::note),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/description",
        handler: || post(conversation_routes::describe),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/tags",
        handler: || post(conversation_routes::tag),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/assign",
        handler: || post(conversation_routes::assign),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/callback",
        handler: || post(conversation_routes::call_back),
    },
    Route { method: "get", path: "/v1/agents", handler: || get(agent_routes::agents) },
    Route {
        method: "post",
        path: "/v1/agents/{extension}/presence",
        handler: || post(agent_routes::presence),
    },
    Route { method: "get", path: "/v1/customers", handler: || get(customer_routes::list) },
    Route { method: "get", path: "/v1/customers/{number}", handler: || get(customer_routes::read) },
    Route {
        method: "put",
        path: "/v1/customers/{number}",
        handler: || put(customer_routes::write),
    },
    Route {
        method: "delete",
        path: "/v1/customers/{number}",
        handler: || delete(customer_routes::forget),
    },
    Route {
        method: "post",
        path: "/v1/customers/{number}/merge",
        handler: || post(customer_routes::merge),
    },
    Route {
        method: "post",
        path: "/v1/calls/{id}/recording",
        handler: || post(recording_routes::record),
    },
    Route { method: "get", path: "/v1/recordings", handler: || get(recording_routes::list) },
    Route {
        method: "get",
        path: "/v1/recordings/{name}",
        handler: || get(recording_routes::fetch),
    },
    Route {
        method: "delete",
        path: "/v1/recordings/{name}",
        handler: || delete(recording_routes::delete),
    },
    Route { method: "get", path: "/v1/voicemail", handler: || get(voicemail_routes::list) },
    Route {
        method: "post",
        path: "/v1/voicemail/{name}",
        handler: || post(voicemail_routes::hear),
    },
    Route {
        method: "delete",
        path: "/v1/voicemail/{name}",
        handler: || delete(voicemail_routes::delete),
    },
    Route { method: "get", path: "/v1/office", handler: || get(office_routes::read) },
    Route { method: "put", path: "/v1/office", handler: || put(office_routes::write) },
    Route { method: "get", path: "/v1/office/warnings", handler: || get(office_routes::worries) },
    Route {
        method: "post",
        path: "/v1/office/compare",
        handler: || post(comparison_routes::compare),
    },
    Route { method: "get", path: "/v1/office/changes", handler: || get(change_routes::list) },
    Route { method: "get", path: "/v1/office/changes/{id}", handler: || get(change_routes::read) },
    Route {
        method: "post",
        path: "/v1/office/changes/{id}/revert",
        handler: || post(change_routes::undo),
    },
    Route { method: "get", path: "/v1/numbers", handler: || get(number_routes::list) },
    Route { method: "post", path: "/v1/numbers", handler: || post(number_routes::take) },
    Route { method: "get", path: "/v1/numbers/free", handler: || get(number_routes::unclaimed) },
    Route {
        method: "delete",
        path: "/v1/numbers/{number}",
        handler: || delete(number_routes::give_back),
    },
    Route { method: "get", path: "/v1/numbers/documents", handler: || get(document_routes::list) },
    Route {
        method: "put",
        path: "/v1/numbers/{number}/document",
        handler: || put(document_routes::keep),
    },
    Route {
        method: "get",
        path: "/v1/numbers/{number}/document",
        handler: || get(document_routes::fetch),
    },
    Route {
        method: "delete",
        path: "/v1/numbers/{number}/document",
        handler: || delete(document_routes::remove),
    },
    Route { method: "post", path: "/v1/simulate", handler: || post(number_routes::simulate) },
    Route { method: "get", path: "/v1/hours", handler: || get(hours_routes::list) },
    Route {
        method: "post",
        path: "/v1/hours/{name}/switch",
        handler: || post(hours_routes::switch),
    },
    Route {
        method: "get",
        path: "/v1/hours/{name}/versions",
        handler: || get(hours_routes::versions),
    },
    Route {
        method: "post",
        path: "/v1/hours/{name}/holidays",
        handler: || post(hours_routes::import),
    },
    Route { method: "get", path: "/v1/sounds", handler: || get(sound_routes::list) },
    Route { method: "post", path: "/v1/sounds", handler: || post(sound_routes::import) },
    Route { method: "delete", path: "/v1/sounds", handler: || delete(sound_routes::remove) },
    Route { method: "get", path: "/v1/sounds/{sha256}", handler: || get(sound_routes::read) },
    Route { method: "put", path: "/v1/sounds/{sha256}", handler: || put(sound_routes::hold) },
    Route { method: "get", path: "/v1/bans", handler: || get(ban_routes::list) },
    Route { method: "delete", path: "/v1/bans/{address}", handler: || delete(ban_routes::pardon) },
    Route { method: "post", path: "/v1/sounds/{name}/play", handler: || post(sound_routes::play) },
    Route {
        method: "get",
        path: "/v1/registrations",
        handler: || get(system_routes::registrations),
    },
    Route { method: "get", path: "/v1/trunks", handler: || get(system_routes::trunks) },
    Route { method: "post", path: "/v1/trunks/{name}/test", handler: || post(trunk_routes::test) },
    Route { method: "get", path: "/v1/speaker", handler: || get(speaker_routes::cards) },
    Route {
        method: "post",
        path: "/v1/speaker/announce",
        handler: || post(speaker_routes::announce),
    },
    Route { method: "post", path: "/v1/speaker/play", handler: || post(speaker_routes::play) },
    Route { method: "post", path: "/v1/backup", handler: || post(system_routes::backup) },
    Route { method: "post", path: "/v1/restore", handler: || post(system_routes::restore) },
    Route { method: "get", path: "/v1/stats", handler: || get(stats_routes::stats) },
    Route { method: "get", path: "/v1/stats/agents", handler: || get(stats_routes::agent_stats) },
    Route { method: "get", path: "/v1/workflows", handler: || get(workflow_routes::workflows) },
    Route { method: "get", path: "/v1/events", handler: || get(events::events) },
    Route { method: "get", path: "/v1/openapi.json", handler: || get(description::openapi) },
];

pub(crate) fn router(api: Api) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        tracing::trace!(route.method, route.path, "offered");
        router = router.route(route.path, (route.handler)());
    }
    router
        .fallback(|| async { Refusal::not_found() })
        .method_not_allowed_fallback(|| async { Refusal::not_found() })
        .with_state(api)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::OpenApi;

    use super::*;
    use crate::api::description::Description;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let document = serde_json::to_value(Description::openapi()).unwrap();
        let described: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(move |method| (method.clone(), path.clone()))
            })
            .collect();
        let offered: BTreeSet<(String, String)> =
            ROUTES.iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
        assert_eq!(described, offered);
    }
}
