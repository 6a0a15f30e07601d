//! Which address does what.

use axum::Router;
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::api::reach::Api;
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
use crate::api::{description, events};

/// One method of one address.
struct Route {
    method: &'static str,
    path: &'static str,
    handler: fn() -> MethodRouter<Api>,
}

const ROUTES: &[Route] = &[
    Route { method: "get", path: "/v1/health", handler: || get(system::health) },
    Route { method: "get", path: "/v1/live", handler: || get(call::live) },
    Route { method: "get", path: "/v1/calls", handler: || get(call::calls) },
    Route { method: "post", path: "/v1/calls", handler: || post(call::originate) },
    Route { method: "get", path: "/v1/calls/{id}", handler: || get(call::call) },
    Route { method: "get", path: "/v1/calls/{id}/sip", handler: || get(call::sip) },
    Route { method: "delete", path: "/v1/calls/{id}", handler: || delete(call::hang_up) },
    Route { method: "post", path: "/v1/calls/{id}/invite", handler: || post(conference::invite) },
    Route { method: "post", path: "/v1/calls/{id}/mute", handler: || post(conference::mute) },
    Route { method: "post", path: "/v1/calls/{id}/hold", handler: || post(conference::hold) },
    Route { method: "post", path: "/v1/calls/{id}/priority", handler: || post(queue::place) },
    Route { method: "post", path: "/v1/calls/{id}/assign", handler: || post(queue::give) },
    Route { method: "get", path: "/v1/cases", handler: || get(case::list) },
    Route { method: "get", path: "/v1/conversations", handler: || get(conversation::list) },
    Route {
        method: "post",
        path: "/v1/conversations/close",
        handler: || post(closing::close_many),
    },
    Route { method: "get", path: "/v1/conversations/{id}", handler: || get(conversation::read) },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/close",
        handler: || post(conversation::close),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/open",
        handler: || post(conversation::open),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/cancel-callback",
        handler: || post(conversation::cancel_callback),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/snooze",
        handler: || post(conversation::snooze),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/notes",
        handler: || post(conversation::note),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/description",
        handler: || post(conversation::describe),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/tags",
        handler: || post(conversation::tag),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/assign",
        handler: || post(conversation::assign),
    },
    Route {
        method: "post",
        path: "/v1/conversations/{id}/callback",
        handler: || post(conversation::call_back),
    },
    Route { method: "get", path: "/v1/agents", handler: || get(agent::agents) },
    Route {
        method: "post",
        path: "/v1/agents/{extension}/presence",
        handler: || post(agent::presence),
    },
    Route { method: "get", path: "/v1/customers", handler: || get(customer::list) },
    Route { method: "get", path: "/v1/customers/{number}", handler: || get(customer::read) },
    Route { method: "put", path: "/v1/customers/{number}", handler: || put(customer::write) },
    Route {
        method: "delete",
        path: "/v1/customers/{number}",
        handler: || delete(customer::forget),
    },
    Route {
        method: "post",
        path: "/v1/customers/{number}/merge",
        handler: || post(customer::merge),
    },
    Route { method: "post", path: "/v1/calls/{id}/recording", handler: || post(recording::record) },
    Route { method: "get", path: "/v1/recordings", handler: || get(recording::list) },
    Route { method: "get", path: "/v1/recordings/{name}", handler: || get(recording::fetch) },
    Route {
        method: "delete",
        path: "/v1/recordings/{name}",
        handler: || delete(recording::delete),
    },
    Route { method: "get", path: "/v1/voicemail", handler: || get(voicemail::list) },
    Route { method: "post", path: "/v1/voicemail/{name}", handler: || post(voicemail::hear) },
    Route { method: "delete", path: "/v1/voicemail/{name}", handler: || delete(voicemail::delete) },
    Route { method: "get", path: "/v1/office", handler: || get(office::read) },
    Route { method: "put", path: "/v1/office", handler: || put(office::write) },
    Route { method: "get", path: "/v1/office/warnings", handler: || get(office::worries) },
    Route { method: "post", path: "/v1/office/compare", handler: || post(comparison::compare) },
    Route { method: "get", path: "/v1/office/changes", handler: || get(change::list) },
    Route { method: "get", path: "/v1/office/changes/{id}", handler: || get(change::read) },
    Route {
        method: "post",
        path: "/v1/office/changes/{id}/revert",
        handler: || post(change::undo),
    },
    Route { method: "get", path: "/v1/numbers", handler: || get(number::list) },
    Route { method: "post", path: "/v1/numbers", handler: || post(number::take) },
    Route { method: "get", path: "/v1/numbers/free", handler: || get(number::unclaimed) },
    Route { method: "delete", path: "/v1/numbers/{number}", handler: || delete(number::give_back) },
    Route { method: "get", path: "/v1/numbers/documents", handler: || get(document::list) },
    Route { method: "put", path: "/v1/numbers/{number}/document", handler: || put(document::keep) },
    Route {
        method: "get",
        path: "/v1/numbers/{number}/document",
        handler: || get(document::fetch),
    },
    Route {
        method: "delete",
        path: "/v1/numbers/{number}/document",
        handler: || delete(document::remove),
    },
    Route { method: "post", path: "/v1/simulate", handler: || post(number::simulate) },
    Route { method: "get", path: "/v1/hours", handler: || get(hours::list) },
    Route { method: "post", path: "/v1/hours/{name}/switch", handler: || post(hours::switch) },
    Route { method: "get", path: "/v1/hours/{name}/versions", handler: || get(hours::versions) },
    Route { method: "post", path: "/v1/hours/{name}/holidays", handler: || post(hours::import) },
    Route { method: "get", path: "/v1/sounds", handler: || get(sound::list) },
    Route { method: "post", path: "/v1/sounds", handler: || post(sound::import) },
    Route { method: "delete", path: "/v1/sounds", handler: || delete(sound::remove) },
    Route { method: "get", path: "/v1/sounds/{sha256}", handler: || get(sound::read) },
    Route { method: "put", path: "/v1/sounds/{sha256}", handler: || put(sound::hold) },
    Route { method: "get", path: "/v1/bans", handler: || get(ban::list) },
    Route { method: "delete", path: "/v1/bans/{address}", handler: || delete(ban::pardon) },
    Route { method: "post", path: "/v1/sounds/{name}/play", handler: || post(sound::play) },
    Route { method: "get", path: "/v1/registrations", handler: || get(system::registrations) },
    Route { method: "get", path: "/v1/trunks", handler: || get(system::trunks) },
    Route { method: "post", path: "/v1/trunks/{name}/test", handler: || post(trunk::test) },
    Route { method: "get", path: "/v1/speaker", handler: || get(speaker::cards) },
    Route { method: "post", path: "/v1/speaker/announce", handler: || post(speaker::announce) },
    Route { method: "post", path: "/v1/speaker/play", handler: || post(speaker::play) },
    Route { method: "post", path: "/v1/backup", handler: || post(system::backup) },
    Route { method: "post", path: "/v1/restore", handler: || post(system::restore) },
    Route { method: "get", path: "/v1/stats", handler: || get(stats::stats) },
    Route { method: "get", path: "/v1/stats/agents", handler: || get(stats::agent_stats) },
    Route { method: "get", path: "/v1/workflows", handler: || get(workflow::workflows) },
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
