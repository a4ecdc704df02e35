//! Turns every line of the table of what browsers show into a check of its class.

use latency::Class;
use latency::class::{
    self, ERROR_ABORT, ERROR_NETWORK, ERROR_NONE, ERROR_PENDING, ERROR_TIMEOUT, Observed, classify,
    counts_for_latency, flag,
};

/// An attempt of a feature with a budget of 300 ms, 120 ms after its start.
const SEEN: Observed = Observed {
    status: 0,
    error: ERROR_NONE,
    flags: 0,
    elapsed_ms: 120,
    budget_ms: 300,
    hard_timeout_ms: 60_000,
};

#[track_caller]
fn check(seen: Observed, expected: Class) {
    assert_eq!(classify(&seen), expected, "{seen:?}");
}

#[track_caller]
fn check_status(statuses: impl IntoIterator<Item = u16>, expected: Class) {
    for status in statuses {
        check(Observed { status, ..SEEN }, expected);
    }
}

#[track_caller]
fn check_error(error: u8, flags: u32, elapsed_ms: u32, expected: Class) {
    check(
        Observed {
            error,
            flags,
            elapsed_ms,
            ..SEEN
        },
        expected,
    );
}

#[test]
fn prerendered_and_offline_pages_say_nothing() {
    for flags in [flag::PRERENDER, flag::OFFLINE] {
        for error in [ERROR_NONE, ERROR_NETWORK, ERROR_ABORT, ERROR_TIMEOUT] {
            check_error(error, flags, 120, Class::Excluded);
        }
    }
}

#[test]
fn a_machine_that_slept_says_nothing() {
    check_error(ERROR_NETWORK, flag::SUSPENDED, 120, Class::Excluded);
    check_error(ERROR_NONE, flag::SUSPENDED, 3_600_000, Class::Excluded);
}

#[test]
fn the_quota_of_keepalive_is_the_browsers_own() {
    check_error(ERROR_NETWORK, flag::QUOTA, 2, Class::Excluded);
}

#[test]
fn a_time_limit_of_the_page_is_a_timeout() {
    check_error(ERROR_TIMEOUT, 0, 120, Class::Timeout);
    check_error(ERROR_TIMEOUT, 0, 400, Class::Timeout);
}

#[test]
fn past_the_hard_timeout_nothing_else_matters() {
    for error in [ERROR_NONE, ERROR_NETWORK, ERROR_ABORT, ERROR_PENDING] {
        check_error(error, 0, 60_001, Class::Timeout);
    }
    check_error(ERROR_NONE, 0, 60_000, Class::Ok);
}

#[test]
fn giving_up_within_the_budget_is_no_failure() {
    check_error(ERROR_ABORT, 0, 299, Class::Aborted);
}

#[test]
fn giving_up_when_the_budget_is_over_is_slow() {
    check_error(ERROR_ABORT, 0, 300, Class::AbandonedSlow);
    check_error(ERROR_PENDING, 0, 300, Class::AbandonedSlow);
    check_error(ERROR_PENDING, 0, 299, Class::Excluded);
}

#[test]
fn without_a_budget_nobody_is_too_slow() {
    let seen = Observed {
        error: ERROR_ABORT,
        elapsed_ms: 59_999,
        budget_ms: u32::MAX,
        ..SEEN
    };
    check(seen, Class::Aborted);
}

#[test]
fn what_a_policy_forbids_says_nothing() {
    check_error(ERROR_NETWORK, flag::BLOCKED, 3, Class::Excluded);
    // The line of aborts comes first.
    check_error(ERROR_ABORT, flag::BLOCKED, 3, Class::Aborted);
}

#[test]
fn no_answer_is_a_failure_of_the_network() {
    check_error(ERROR_NETWORK, 0, 2, Class::Network);
    check_error(ERROR_NETWORK, flag::BACKGROUND, 2, Class::Network);
}

#[test]
fn a_hidden_status_counts_for_latency_only() {
    check_error(ERROR_NONE, flag::OPAQUE, 120, Class::Ok);
    assert_eq!(class::availability(Class::Ok, flag::OPAQUE), None);
    assert!(counts_for_latency(Class::Ok, flag::OPAQUE, false, false));
    assert_eq!(class::availability(Class::Ok, 0), Some(true));
    assert_eq!(
        class::availability(Class::Network, flag::OPAQUE),
        Some(false)
    );
}

#[test]
fn too_many_requests_is_throttled() {
    check_status([429], Class::Throttled);
}

#[test]
fn some_4xx_and_all_5xx_are_the_servers() {
    check_status([408, 425].into_iter().chain(500..600), Class::ServerError);
}

#[test]
fn other_4xx_are_the_clients() {
    let other = (400..500).filter(|status| ![408, 425, 429].contains(status));
    check_status(other, Class::ClientError);
}

#[test]
fn out_of_the_cache_is_ok_and_not_counted_for_latency() {
    for status in [200, 206, 301, 304] {
        let seen = Observed {
            status,
            flags: flag::CACHE,
            ..SEEN
        };
        check(seen, Class::Ok);
    }
    assert!(!counts_for_latency(Class::Ok, flag::CACHE, true, false));
    assert!(counts_for_latency(Class::Ok, flag::CACHE, false, true));
}

#[test]
fn errors_of_graphql_are_the_servers() {
    let seen = |status, flags| Observed {
        status,
        flags: flags | flag::GRAPHQL_ERRORS,
        ..SEEN
    };
    check(seen(200, 0), Class::ServerError);
    check(seen(302, 0), Class::Ok);
    check(seen(404, 0), Class::ClientError);
    check(seen(200, flag::CACHE), Class::Ok);
}

#[test]
fn the_rest_is_ok() {
    check_status([0, 100, 200, 201, 204, 301, 304, 399, 600, 999], Class::Ok);
}

#[test]
fn a_hidden_page_counts_for_latency_where_it_is_asked_for() {
    for class in [Class::Ok, Class::Timeout, Class::AbandonedSlow] {
        assert!(!counts_for_latency(class, flag::BACKGROUND, false, true));
        assert!(counts_for_latency(class, flag::BACKGROUND, true, false));
    }
    assert!(!counts_for_latency(Class::Network, 0, true, true));
}

#[test]
fn classes_are_numbered_as_on_the_wire_and_count_as_defined() {
    // Class, name, good for availability, for latency, over every threshold, a failure.
    let expected = [
        (Class::Ok, "ok", Some(true), true, false, false),
        (
            Class::ClientError,
            "client_error",
            Some(true),
            false,
            false,
            false,
        ),
        (
            Class::Throttled,
            "throttled",
            Some(false),
            false,
            false,
            true,
        ),
        (
            Class::ServerError,
            "server_error",
            Some(false),
            false,
            false,
            true,
        ),
        (Class::Network, "network", Some(false), false, false, true),
        (Class::Timeout, "timeout", Some(false), true, true, true),
        (Class::Aborted, "aborted", None, false, false, false),
        (
            Class::AbandonedSlow,
            "abandoned_slow",
            None,
            true,
            true,
            false,
        ),
        (Class::Excluded, "excluded", None, false, false, false),
    ];
    for (number, row) in (0..).zip(expected) {
        let class = row.0;
        assert_eq!(class as u8, number);
        assert_eq!(Class::from_number(number), Some(class));
        let (good, latency) = (class.availability(), class.counts_for_latency());
        let (censored, failure) = (class.is_censored(), class.is_failure());
        assert_eq!(
            row,
            (class, class.as_str(), good, latency, censored, failure)
        );
    }
    assert_eq!(Class::from_number(9), None);
    assert_eq!(Class::ALL.len(), protocol::latency::CLASSES);
}
