//! Turns requests that come with a secret into so many a second: by one secret, and from one network.

use crate::admission::{Buckets, Network, Rate, TooMany};

/// Secrets are not guessed, but asking whether one is right costs a read.
const PER_NETWORK: Rate = Rate {
    per_second: 50,
    burst: 200,
};

/// What has come with secrets of one kind lately.
#[derive(Debug)]
pub(super) struct Quota {
    secrets: Buckets,
    networks: Buckets,
}

impl Quota {
    pub(super) fn new(per_secret: Rate) -> Self {
        Self {
            secrets: Buckets::new(per_secret),
            networks: Buckets::new(PER_NETWORK),
        }
    }

    /// Counts a request with whatever is said to be a secret.
    pub(super) fn of_network(&self, network: Network, now_ms: u64) -> Result<(), TooMany> {
        self.networks.take(network, now_ms)
    }

    /// Counts a request with a secret that works, by the id of what it opens.
    pub(super) fn of_secret(&self, id: u64, now_ms: u64) -> Result<(), TooMany> {
        self.secrets.take(id, now_ms)
    }
}
