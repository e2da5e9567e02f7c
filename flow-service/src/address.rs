//! The addresses a service may listen on.

use std::net::{Ipv4Addr, SocketAddr};

use flow_runtime::error::{Error, ErrorKind, Result};

/// Parses a loopback address: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`. Port 0 lets the system choose.
///
/// ```
/// assert_eq!(flow_service::loopback("localhost:80").unwrap(), ([127, 0, 0, 1], 80).into());
/// assert!(flow_service::loopback("0.0.0.0:80").is_err());
/// ```
///
/// # Errors
///
/// Fails if the text is not an address, or if other machines can reach it: a service has no authentication.
pub fn loopback(text: &str) -> Result<SocketAddr> {
    let address = match text.strip_prefix("localhost:").map(str::parse) {
        Some(Ok(port)) => Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        _ => text.parse().ok(),
    };
    let address = address.ok_or_else(|| {
        let text = format!(
            "invalid address `{text}`: expected an IP address and a port, such as `127.0.0.1:8080` or `[::1]:0`"
        );
        Error::new(ErrorKind::Setup, text)
    })?;
    require_loopback(address)
}

/// Rejects an address that other machines can reach.
pub(crate) fn require_loopback(address: SocketAddr) -> Result<SocketAddr> {
    if address.ip().is_loopback() {
        return Ok(address);
    }
    let port = address.port();
    let text = format!(
        "`{address}` can be reached from other machines, but a service has no authentication: anyone who reaches it can run \
         workflows at your expense and read their records; use `127.0.0.1:{port}` or `[::1]:{port}`, and put an \
         authenticating proxy in front of it"
    );
    Err(Error::new(ErrorKind::Setup, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_are_taken() {
        for text in ["127.0.0.1:8080", "127.9.9.9:0", "[::1]:8080", "localhost:1"] {
            assert!(loopback(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn addresses_that_others_reach_are_refused_with_the_reason_and_a_way_out() {
        for text in ["0.0.0.0:8080", "192.168.0.7:8080", "[::]:8080"] {
            let error = loopback(text).unwrap_err().to_string();
            assert!(error.contains("can be reached from other machines"), "{error}");
            assert!(error.contains("use `127.0.0.1:8080`"), "{error}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_one_that_is() {
        for text in ["", "8080", "127.0.0.1", "localhost", "localhost:99999", "example.com:80"] {
            assert!(loopback(text).unwrap_err().to_string().contains("such as `127.0.0.1:8080`"), "{text}");
        }
    }
}
