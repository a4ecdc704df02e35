//! Turns paths that products really have into checks of their templates.

use latency::template::{Keys, template};
use proptest::prelude::*;

#[track_caller]
fn check_declared(path: &str, declared: &[&str], expected: &str) {
    let mut out = Vec::new();
    let declared = declared.iter().map(|it| it.as_bytes());
    template(path.as_bytes(), declared, &mut out);
    assert_eq!(String::from_utf8_lossy(&out), expected, "{path}");
}

#[track_caller]
fn check(path: &str, expected: &str) {
    check_declared(path, &[], expected);
}

#[test]
fn oracles() {
    check("/users/123", "/users/:n");
    check(
        "/u/9f8b7c6d-1111-2222-3333-444455556666/edit",
        "/u/:uuid/edit",
    );
    check("/f/3fa9c0d2e7b1", "/f/:hex");
    check("/q/2026-08-22", "/q/:date");
    check("/m/a%40b.com", "/m/:email");
    check("/m/a@b.com", "/m/:email");
    check("/v2/items", "/v2/items");
    check("/s/iphone-15-pro", "/s/iphone-15-pro");
    check_declared("/s/iphone-15-pro", &["/s/:slug"], "/s/:slug");
    check("/a//b/", "/a/b");
    check("/", "/");
    check("", "/");
}

#[test]
fn what_was_drawn_is_a_placeholder() {
    check("/t/cus_NffrFeUfNV2Hib", "/t/:token");
    check("/t/dGhpcyBpcyBhIHRva2Vu1", "/t/:token");
    check("/t/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/t/:token");
    check("/t/507f1f77bcf86cd799439011", "/t/:hex");
    check("/t/3FA9C0D2", "/t/:hex");
    check("/t/9F8B7C6D-1111-2222-3333-444455556666", "/t/:uuid");
    check("/t/0", "/t/:n");
}

#[test]
fn what_people_write_stays() {
    for path in [
        "/docs/internationalization",
        "/wiki/Windows_10_version_history",
        "/blog/Chapter-1-Introduction",
        "/files/annual_report_2024",
        "/s/a-phone-of-the-year-2026",
        "/rpc/getUserByAccountName",
        "/rpc/get_user_by_account_v2",
        "/words/deadbeef",
        "/static/app.js",
        "/v1/v22/v333",
        "/q/2026-8-22",
        "/p/%D0%B0",
        "/short/3fa9c0d",
    ] {
        check(path, path);
    }
}

#[test]
fn the_first_declared_template_that_fits_wins() {
    let declared = ["/api/users/me", "/api/users/:id", "/api/:what/:id"];
    check_declared("/api/users/me", &declared, "/api/users/me");
    check_declared("/api/users/7/", &declared, "/api/users/:id");
    check_declared("/api/orders/7", &declared, "/api/:what/:id");
    check_declared("/api/orders/7/items", &declared, "/api/orders/:n/items");
    check_declared("/api/users", &declared, "/api/users");
}

#[test]
fn it_is_written_after_what_is_there() {
    let mut out = b"https://api.example".to_vec();
    template(b"/users/1", [], &mut out);
    assert_eq!(out, b"https://api.example/users/:n");
}

#[test]
fn a_long_path_is_cut_between_characters() {
    let path = format!("/x{}", "\u{e4}".repeat(300));
    let mut out = Vec::new();
    template(path.as_bytes(), [], &mut out);
    assert_eq!(out.len(), 200);
    let path = format!("/{}", "\u{e4}".repeat(300));
    out.clear();
    template(path.as_bytes(), [], &mut out);
    assert_eq!(out.len(), 199);
    assert!(core::str::from_utf8(&out).is_ok());
    // Nothing but ends of characters: there is no place to cut.
    let path = [0x80; 300];
    out.clear();
    template(&path, [&path[..]], &mut out);
    assert_eq!(out, b"");
}

#[test]
fn the_51st_key_is_other() {
    let mut keys = Keys::new(50);
    let paths: Vec<String> = (0..60).map(|n| format!("/p/page-{n}")).collect();
    for path in &paths[..50] {
        assert_eq!(keys.key(path.as_bytes()), path.as_bytes());
    }
    for path in &paths[50..] {
        assert_eq!(keys.key(path.as_bytes()), b"__other__");
    }
    // Those that were there first stay.
    assert_eq!(keys.key(paths[0].as_bytes()), b"/p/page-0");
    assert_eq!(Keys::new(0).key(b"/"), b"__other__");
}

proptest! {
    #[test]
    fn any_bytes_have_a_short_template(
        path in prop::collection::vec(any::<u8>(), 0..400),
        declared in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut out = b"o".to_vec();
        template(&path, [&*declared], &mut out);
        prop_assert!(out.starts_with(b"o"));
        prop_assert!(out.len() <= 201);
    }

    /// What is counted under a template has that template again: `/users/:n` stays `/users/:n`.
    #[test]
    fn a_template_is_its_own(path in "(/[a-zA-Z0-9_@.:-]{0,20}){0,6}") {
        let mut once = Vec::new();
        template(path.as_bytes(), [], &mut once);
        let mut twice = Vec::new();
        template(&once, [], &mut twice);
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn numbers_never_make_new_keys(id in any::<u64>(), other in any::<u64>()) {
        let of = |id: u64| {
            let mut out = Vec::new();
            template(format!("/api/orders/{id}/items").as_bytes(), [], &mut out);
            out
        };
        prop_assert_eq!(of(id), of(other));
    }
}
