//! Turns requests that come by links into so many a second and no more.

use crate::admission::{Buckets, Network, Rate, TooMany};

/// Enough for a team that opens a page at once, and too little to read everything by the minute.
const PER_LINK: Rate = Rate {
    per_second: 20,
    burst: 120,
};
/// Links are not guessed, but asking whether one is right costs a read.
const PER_NETWORK: Rate = Rate {
    per_second: 50,
    burst: 200,
};

/// What has come by links lately.
#[derive(Debug)]
pub(in crate::console_api) struct Visits {
    links: Buckets,
    networks: Buckets,
}

impl Default for Visits {
    fn default() -> Self {
        Self {
            links: Buckets::new(PER_LINK),
            networks: Buckets::new(PER_NETWORK),
        }
    }
}

impl Visits {
    /// Counts a request by whatever is said to be a link.
    pub(super) fn of_network(&self, network: Network, now_ms: u64) -> Result<(), TooMany> {
        self.networks.take(network, now_ms)
    }

    /// Counts a request by a link that works.
    pub(super) fn of_link(&self, id: u64, now_ms: u64) -> Result<(), TooMany> {
        self.links.take(id, now_ms)
    }
}
