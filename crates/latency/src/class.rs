//! Turns what a browser shows of one attempt into one of nine sample classes.

/// What became of one attempt. The order is that of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Class {
    /// An answer that is none of the others.
    Ok = 0,
    /// 4xx, except those below.
    ClientError = 1,
    /// 429.
    Throttled = 2,
    /// 408, 425, 5xx; GraphQL errors where they count.
    ServerError = 3,
    /// No answer came.
    Network = 4,
    /// The page gave up by a time limit, or the hard timeout passed.
    Timeout = 5,
    /// The page gave up within the budget.
    Aborted = 6,
    /// The page gave up, or went, when the budget was over.
    AbandonedSlow = 7,
    /// Says nothing about the service: offline, blocked, quota, suspended, prerender.
    Excluded = 8,
}

/// What a browser shows of one attempt, as the page writes it down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// HTTP status; 0 without one.
    pub status: u16,
    /// How it ended without an answer: one of [`ERROR_NONE`] and following.
    pub error: u8,
    /// Union of the flags below.
    pub flags: u32,
    /// Milliseconds until the end that is known.
    pub elapsed_ms: u32,
    /// The first latency threshold of its feature, or of nothing `u32::MAX`.
    pub budget_ms: u32,
    /// After which it counts as a timeout.
    pub hard_timeout_ms: u32,
}

/// It ended with an answer.
pub const ERROR_NONE: u8 = 0;
/// Failed without an answer: `TypeError` of `fetch`, `error` of XHR.
pub const ERROR_NETWORK: u8 = 1;
/// The page gave up: `AbortError`, `abort` of XHR.
pub const ERROR_ABORT: u8 = 2;
/// The page gave up by a time limit: `TimeoutError`, `timeout` of XHR.
pub const ERROR_TIMEOUT: u8 = 3;
/// Still under way when the page went.
pub const ERROR_PENDING: u8 = 4;

/// Flags of [`Observed::flags`].
pub mod flag {
    /// The page was being prerendered at the start.
    pub const PRERENDER: u32 = 1;
    /// The browser said that it was offline, at start or end.
    pub const OFFLINE: u32 = 2;
    /// Wall and monotonic clock went apart by more than a second, or the page was frozen.
    pub const SUSPENDED: u32 = 4;
    /// `keepalive` with more than the browser's quota.
    pub const QUOTA: u32 = 8;
    /// A Content-Security-Policy of the page forbade it.
    pub const BLOCKED: u32 = 16;
    /// The status is hidden: `opaque`, `opaqueredirect`.
    pub const OPAQUE: u32 = 32;
    /// It came out of the browser's cache.
    pub const CACHE: u32 = 64;
    /// The page was hidden meanwhile.
    pub const BACKGROUND: u32 = 128;
    /// GraphQL answered with errors.
    pub const GRAPHQL_ERRORS: u32 = 256;
    /// A stream: only its first byte counts for latency.
    pub const STREAM: u32 = 512;
    /// Times are the page's own clock: the browser told nothing.
    pub const ESTIMATED: u32 = 1024;
    /// Cross-origin, stalled before the request on a used connection: a preflight is likely.
    pub const PREFLIGHT: u32 = 2048;
}

impl Class {
    /// Every class, in the order of the wire.
    pub const ALL: [Self; 9] = [
        Self::Ok,
        Self::ClientError,
        Self::Throttled,
        Self::ServerError,
        Self::Network,
        Self::Timeout,
        Self::Aborted,
        Self::AbandonedSlow,
        Self::Excluded,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ClientError => "client_error",
            Self::Throttled => "throttled",
            Self::ServerError => "server_error",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::AbandonedSlow => "abandoned_slow",
            Self::Excluded => "excluded",
        }
    }

    /// The class at this place of the wire's order.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Whether it was good, where it counts for availability at all. That the page asked for nothing
    /// good (4xx) is not the service's failure.
    pub const fn availability(self) -> Option<bool> {
        match self {
            Self::Ok | Self::ClientError => Some(true),
            Self::Throttled | Self::ServerError | Self::Network | Self::Timeout => Some(false),
            Self::Aborted | Self::AbandonedSlow | Self::Excluded => None,
        }
    }

    /// Whether its duration counts. Errors do not: a refused connection fails in two milliseconds and
    /// would improve every percentile.
    pub const fn counts_for_latency(self) -> bool {
        matches!(self, Self::Ok | Self::Timeout | Self::AbandonedSlow)
    }

    /// Whether nobody saw the end: the duration is at least the one known, so it is over every
    /// threshold.
    pub const fn is_censored(self) -> bool {
        matches!(self, Self::Timeout | Self::AbandonedSlow)
    }

    /// Whether it belongs into the histogram of failures.
    pub const fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::ServerError | Self::Network | Self::Timeout
        )
    }
}

/// What became of an attempt: the first line that fits wins.
///
/// Whose status is hidden (`opaque`) is [`Class::Ok`] for its duration only: see [`availability`].
pub fn classify(seen: &Observed) -> Class {
    let has = |flags: u32| seen.flags & flags != 0;
    let is_over = seen.elapsed_ms >= seen.budget_ms;
    if has(flag::PRERENDER | flag::OFFLINE | flag::SUSPENDED) {
        return Class::Excluded;
    }
    let is_timeout = seen.error == ERROR_TIMEOUT || seen.elapsed_ms > seen.hard_timeout_ms;
    match seen.error {
        // The page's own quota and policy are none of the service's doing, however long they took.
        ERROR_NETWORK if has(flag::QUOTA | flag::BLOCKED) => return Class::Excluded,
        // Past the hard timeout it does not matter any more what becomes of it.
        _ if is_timeout => return Class::Timeout,
        ERROR_NONE => {}
        ERROR_ABORT | ERROR_PENDING if is_over => return Class::AbandonedSlow,
        ERROR_ABORT => return Class::Aborted,
        // Under way and within its budget: nothing can be said of it.
        ERROR_PENDING => return Class::Excluded,
        _ => return Class::Network,
    }
    match seen.status {
        429 => Class::Throttled,
        408 | 425 | 500..=599 => Class::ServerError,
        400..=499 => Class::ClientError,
        // What came out of the cache says nothing about the service now.
        200..=299 if has(flag::GRAPHQL_ERRORS) && !has(flag::CACHE) => Class::ServerError,
        _ => Class::Ok,
    }
}

/// Whether the duration of an attempt counts, given what its feature includes: requests of a hidden
/// page (`background`), answers out of the cache (`cache`).
pub const fn counts_for_latency(class: Class, flags: u32, background: bool, cache: bool) -> bool {
    class.counts_for_latency()
        && (background || flags & flag::BACKGROUND == 0)
        && (cache || flags & flag::CACHE == 0)
}

/// Whether an attempt was good, where it counts for availability at all: [`Class::availability`],
/// except that an answer whose status the browser hides (`opaque`) may be an error as well.
pub const fn availability(class: Class, flags: u32) -> Option<bool> {
    match class {
        Class::Ok if flags & flag::OPAQUE != 0 => None,
        class => class.availability(),
    }
}
