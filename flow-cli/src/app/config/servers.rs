//! Gives the servers of `flow.toml` to a runtime.

use flow_mcp::{Server, Setting, Variable};
use flow_runtime::engine::Builder;

use super::file::{Given, McpServer, Way};
use crate::app::host::Environment;

pub(super) fn add(builder: Builder, servers: &[McpServer], environment: &Environment) -> Builder {
    servers.iter().fold(builder, |builder, server| builder.mcp(&server.name, self::server(server, environment)))
}

fn server(server: &McpServer, environment: &Environment) -> Server {
    let described = match &server.way {
        Way::Command { program, arguments, env } => {
            let program = Server::command(program).args(arguments.iter().map(setting));
            env.iter().fold(program, |program, (name, value)| program.env(name, setting(value)))
        }
        Way::Http { url, headers } => headers
            .iter()
            .fold(Server::http(setting(url)), |address, (name, value)| address.header(name, setting(value))),
    };
    let environment = environment.clone();
    let described = described.variables(move |name| environment(name));
    server.start_timeout.into_iter().fold(described, Server::start_timeout)
}

fn setting(given: &Given) -> Setting {
    match given {
        Given::Text(text) => text.clone().into(),
        Given::Variable { name, prefix } => Variable::new(name).prefix(prefix).into(),
    }
}
