//! Trunks, tried out.

use axum::Json;
use axum::extract::{Path, State};

use crate::api::reach::Api;
use crate::api::refusal::Refusal;
use crate::api::request::ApiRequest;
use crate::api::schema::trunk::TrunkTest;
use crate::office::trunk::TrunkName;

/// Looks the provider's name up, asks it with OPTIONS and registers anew, within six seconds. Calls
/// go on meanwhile.
#[utoipa::path(post, path = "/v1/trunks/{name}/test", params(("name" = String, Path)),
    responses((status = 200, body = TrunkTest), (status = 404, body = Refusal)))]
pub(crate) async fn test(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<Json<TrunkTest>, Refusal> {
    let trunk = TrunkName(name);
    api.switchboard.ask(|reply| ApiRequest::TestTrunk { trunk, reply }).await.map(Json)
}
