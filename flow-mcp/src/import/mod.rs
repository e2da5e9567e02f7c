//! Steps for the tools of a server.
