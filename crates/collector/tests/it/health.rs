//! Turns a store that writes, and one that does not, into what an orchestrator hears.

use axum::http::StatusCode;

use crate::world::World;

#[tokio::test]
async fn ready_means_that_a_write_goes_through() {
    let world = World::new().await;
    assert_eq!(world.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(world.get("/readyz").await.status, StatusCode::OK);
    world.store.close().await.unwrap();
    world.pass(1_000);
    let answer = world.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, b"not ready: the store is closed\n");
    assert_eq!(world.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_log_that_somebody_keeps_from_beginning_anew_is_told() {
    // Beside the store's own folder: nothing but the length of the file is looked at.
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_owned();
    let world = World::with(|collector| collector.with_data_folder(folder)).await;
    let log = std::fs::File::create(dir.path().join("firsthand.db-wal")).unwrap();
    for (mib, expected) in [
        (64, "ready\n"),
        (
            512,
            "ready\nwarning: the database's log grows: somebody has been reading for a long time\n",
        ),
        (64, "ready\n"),
    ] {
        // No byte of it is on the disk.
        log.set_len(mib << 20).unwrap();
        world.pass(1_000);
        let answer = world.get("/readyz").await;
        assert_eq!(answer.status, StatusCode::OK, "{mib}");
        assert_eq!(String::from_utf8(answer.body).unwrap(), expected, "{mib}");
    }
}

#[tokio::test]
async fn a_store_that_takes_nothing_is_told_with_when_to_come_back() {
    let world = World::new().await;
    // Now the site is in memory.
    let lines = [crate::world::header_line(1), crate::world::impression(1)];
    world.post(&lines).await;
    world.store.close().await.unwrap();
    let answer = world.post(&lines).await;
    assert_eq!(answer.refusal(), (503, "overloaded"));
    assert_eq!(answer.header("retry-after"), Some("5"));
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.is_some_and(|names| names.starts_with("Retry-After")));
}

#[tokio::test]
async fn a_path_that_is_not_there_has_a_stable_code() {
    let world = World::new().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/api/v1/nothing",
        "/a/b/c.js",
        "/x.png",
    ] {
        assert_eq!(
            world.get(path).await.refusal(),
            (404, "not_found"),
            "{path}"
        );
    }
    let wrong = axum::http::Request::delete("/healthz").body(axum::body::Body::empty());
    let answer = world.send(wrong.unwrap()).await;
    assert_eq!(answer.refusal(), (405, "method_not_allowed"));
    assert_eq!(answer.header("allow"), Some("GET,HEAD"));
}
