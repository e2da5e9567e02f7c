//! The options that all providers over HTTP share.

/// Implements the options for a provider with an `endpoint` field.
macro_rules! options {
    ($provider:ident, $name:literal) => {
        impl $provider {
            /// Sets the API key. It never appears in output.
            #[must_use]
            pub fn key(mut self, key: impl AsRef<str>) -> Self {
                self.endpoint.key = $crate::provider::http::Key::new(key.as_ref());
                self
            }

            #[doc = concat!("Sets the prefix of its models' names; `", $name, "` unless set.")]
            #[must_use]
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.endpoint.name = name.into();
                self
            }

            /// Overrides the detected capabilities of the endpoint. Which attachments it takes is overridden by
            /// [`media`](Self::media).
            #[must_use]
            pub fn capabilities(mut self, capabilities: $crate::provider::Capabilities) -> Self {
                self.endpoint.capabilities = Some(capabilities);
                self
            }

            /// Overrides which kinds of attachments the endpoint takes.
            #[must_use]
            pub fn media(mut self, kinds: $crate::provider::MediaKinds) -> Self {
                self.endpoint.media = Some(kinds);
                self
            }

            /// Overrides whether requests may have tools.
            #[must_use]
            pub fn tools(mut self, are_accepted: bool) -> Self {
                self.endpoint.tools = Some(are_accepted);
                self
            }

            /// Overrides the detected effort levels of the endpoint.
            #[must_use]
            pub fn effort_levels(mut self, levels: $crate::provider::EffortLevels) -> Self {
                self.endpoint.efforts = Some(levels);
                self
            }

            /// Sets the maximum time from a request to the end of its answer; 10 minutes unless set.
            #[must_use]
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.total = timeout);
                self
            }

            /// Sets the maximum time to connect; 5 seconds unless set.
            #[must_use]
            pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.connect = timeout);
                self
            }

            /// Sets how long an unused connection is kept; 4 seconds unless set, because many servers close theirs after 5.
            #[must_use]
            pub fn idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.idle = timeout);
                self
            }

            /// Sets the longest silence within a streamed answer; 60 seconds unless set. A longer one is a transport failure. What
            /// the endpoint sends to keep the connection open ends a silence. Before the first byte only the
            /// [timeout](Self::timeout) applies, because a model may think for minutes before it answers.
            #[must_use]
            pub fn stream_idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.stall = timeout);
                self
            }

            /// Limits the requests of all users of this provider. Set the other options first.
            pub fn limits(self, limits: $crate::provider::Limits) -> $crate::provider::Limited<Self> {
                $crate::provider::Provider::limits(self, limits)
            }

            /// Sets the maximum size of a response body; 8 MiB unless set. Of a streamed answer, each event and all that is kept
            /// of them count, without what a stream repeats with every piece.
            #[must_use]
            pub fn max_response_bytes(mut self, bytes: usize) -> Self {
                self.endpoint.max_response_bytes = bytes;
                self
            }
        }
    };
}

pub(in crate::provider) use options;
