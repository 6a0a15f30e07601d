//! The offices of the tests, as files that `naru apply` takes.

use crate::network::Network;

pub(crate) const NUMBER: &str = "+827012345678";
/// In the trunk's block, set up nowhere.
pub(crate) const UNKNOWN_NUMBER: &str = "+827012345611";
pub(crate) const OUTSIDE_CALLER: &str = "+821055501234";
pub(crate) const SECOND_CALLER: &str = "+821055505678";

/// The password of every phone in the tests.
pub(crate) fn password(username: &str) -> String {
    format!("secret-{username}")
}

/// Agents with one phone each, all in the team `support`, and `number` as the number's settings.
pub(crate) fn with_agents(network: Network, extensions: &[&str], number: &str) -> String {
    let agents: String = extensions
        .iter()
        .map(|extension| {
            let password = password(extension);
            format!(
                "  - {{extension: \"{extension}\", name: Agent {extension}, \
                 devices: [{{username: \"{extension}\", password: {password}}}]}}\n"
            )
        })
        .collect();
    let members: Vec<String> = extensions.iter().map(|member| format!("\"{member}\"")).collect();
    format!(
        "agents:\n{agents}\
         teams:\n  - {{name: support, members: [{}]}}\n\
         trunks:\n  - name: carrier\n    peer: {}\n    label: Test\n    \
         blocks: [\"+827012345600-+827012345699\"]\n\
         numbers:\n  - number: \"{NUMBER}\"\n    default: true\n{number}",
        members.join(", "),
        network.trunk(),
    )
}

/// 101 and 102, both rung by the number, which never says anything.
pub(crate) fn of_two(network: Network) -> String {
    saying(network, "{all_busy: {}}")
}

fn saying(network: Network, announcements: &str) -> String {
    let number = format!(
        "    route: {{team: support}}\n    ring_time: 10s\n    announcements: {announcements}\n"
    );
    with_agents(network, &["101", "102"], &number)
}

/// The same with the built-in greeting.
pub(crate) fn with_greeting(network: Network) -> String {
    saying(network, "{greeting: {ko: built-in}, all_busy: {}}")
}

/// The office with a trunk at the third address, for a second customer at a time.
pub(crate) fn with_second_trunk(network: Network, office: &str) -> String {
    let trunk = format!("  - {{name: second, peer: {}}}\nnumbers:\n", network.host(3));
    office.replacen("numbers:\n", &trunk, 1)
}
