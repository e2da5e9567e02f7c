//! The options that every provider over HTTP has.

/// Writes the options of a provider that has an `endpoint`.
macro_rules! options {
    ($provider:ident, $name:literal) => {
        impl $provider {
            /// The key of the account. It is shown nowhere.
            #[must_use]
            pub fn key(mut self, key: impl AsRef<str>) -> Self {
                self.endpoint.key = $crate::provider::http::Key::new(key.as_ref());
                self
            }

            #[doc = concat!("Another name than `", $name, "` in front of the models' names.")]
            #[must_use]
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.endpoint.name = name.into();
                self
            }

            /// What the endpoint can do, where the usual guess is wrong.
            #[must_use]
            pub fn capabilities(mut self, capabilities: $crate::provider::Capabilities) -> Self {
                self.endpoint.capabilities = Some(capabilities);
                self
            }

            /// The levels of effort that the endpoint knows, where the usual guess is wrong.
            #[must_use]
            pub fn effort_levels(mut self, levels: $crate::provider::EffortLevels) -> Self {
                self.endpoint.efforts = Some(levels);
                self
            }

            /// The most time from a request to the end of its answer; 10 minutes unless set.
            #[must_use]
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.total = timeout);
                self
            }

            /// The most time for making a connection; 5 seconds unless set.
            #[must_use]
            pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.connect = timeout);
                self
            }

            /// How long an unused connection is kept; 4 seconds unless set, because many servers close theirs after 5.
            #[must_use]
            pub fn idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.endpoint.wait(|patience| patience.idle = timeout);
                self
            }

            /// The provider, asked for no more than this by all that share it. The other options go before this one.
            pub fn limits(self, limits: $crate::provider::Limits) -> $crate::provider::Limited<Self> {
                $crate::provider::Provider::limits(self, limits)
            }

            /// The largest body that is read; 8 MiB unless set.
            #[must_use]
            pub fn max_response_bytes(mut self, bytes: usize) -> Self {
                self.endpoint.max_response_bytes = bytes;
                self
            }
        }
    };
}

pub(in crate::provider) use options;
