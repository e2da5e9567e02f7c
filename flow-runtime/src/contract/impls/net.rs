//! Contracts of network addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::formatted;

formatted! {
    Ipv4Addr => "ipv4",
    Ipv6Addr => "ipv6",
    IpAddr => "ip",
    // JSON Schema has no format for these and schemars publishes none, but they cannot be read from arbitrary strings.
    SocketAddr => "socket-address",
    SocketAddrV4 => "socket-address-v4",
    SocketAddrV6 => "socket-address-v6",
}
