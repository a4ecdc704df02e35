//! Turns time that passes into rows and files that are gone, each kind at its own age.

use std::time::{Duration, SystemTime};

use collector::settings::Keep;
use protocol::query::Comments;
use protocol::query::custody::Held;
use serde_json::json;
use store::Retention;

use crate::attachments::{files, path, png_image, upload};
use crate::world::{Answer, World, header_line, id, impression, item, page, reason, score, survey};

const DAY: u64 = 86_400_000;

/// Item `n`: a response with one image.
fn with_image(n: u32, image: u32) -> String {
    let p = json!({
        "survey": survey(), "response": id(n), "revision": 1, "complete": true,
        "answers": [score(9), reason("Fast")], "page": page(), "attachments": [id(image)],
    });
    item(n, "response", &p)
}

async fn everything() -> World {
    everything_kept_for(Keep::default()).await
}

async fn everything_kept_for(keep: Keep) -> World {
    let world = World::with(|it| it.with_kept(Retention::default(), keep)).await;
    upload(&world, &path(7), png_image(7, 4)).await;
    assert_eq!(send(&world).await.outcomes().0, "aa");
    world
}

async fn send(world: &World) -> Answer {
    world
        .post(&[header_line(1), impression(1), with_image(2, 7)])
        .await
}

async fn held(world: &World) -> Vec<(String, u64)> {
    let path = format!("/api/v1/people/held?install={}", id(1));
    let held: Held = world.ask(&path).await;
    held.counts.into_iter().collect()
}

#[tokio::test]
async fn answers_are_kept_for_good_and_the_rest_for_400_days() {
    let world = everything().await;
    world.pass(400 * DAY);
    assert_eq!(
        world.collector.expire().await.unwrap(),
        store::Expired::default()
    );
    world.pass(1);
    world.collector.expire().await.unwrap();
    let left = [("item".into(), 1), ("response".into(), 1)];
    assert_eq!(held(&world).await, left);
    assert_eq!(files(&world.images()), Vec::<Vec<u8>>::new());
    let comments: Comments = world.ask("/api/v1/comments?survey=nps").await;
    assert_eq!(comments.items[0].text, "Fast");
    world.pass(9_000 * DAY);
    world.collector.expire().await.unwrap();
    assert_eq!(held(&world).await, left);
}

#[tokio::test]
async fn answers_go_with_their_images_when_somebody_says_so() {
    let mut keep = Keep::default();
    keep.lengths.responses_ms = Some(30 * DAY);
    let world = everything_kept_for(keep).await;
    world.pass(30 * DAY + 1);
    let expired = world.collector.expire().await.unwrap();
    assert_eq!(expired.counts.values().sum::<u64>(), 3, "{expired:?}");
    assert_eq!(held(&world).await, [("item".into(), 1)]);
    assert_eq!(files(&world.images()), Vec::<Vec<u8>>::new());
    // Delivered twice, the second time late: it is known, and does not come back.
    assert_eq!(send(&world).await.outcomes().0, "dd");
    world.pass(14 * DAY);
    world.collector.expire().await.unwrap();
    assert_eq!(send(&world).await.outcomes().0, "dd");
    assert_eq!(held(&world).await, [("item".into(), 1)]);
}

#[tokio::test]
async fn a_file_that_nothing_names_is_removed_once_it_is_settled() {
    let world = everything().await;
    let stray = |n: u32| {
        let name = id(n);
        let folder = world.images().join(&name[name.len() - 2..]);
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, "left").unwrap();
        file
    };
    let (old, young) = (stray(8), stray(9));
    let other = world.images().join("notes.txt");
    std::fs::write(&other, "not ours").unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(3_600);
    let seven = world.images().join("07").join(id(7));
    for file in [&old, &seven, &other] {
        let file = std::fs::File::options().write(true).open(file).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    assert_eq!(world.collector.remove_strays().await.unwrap(), 1);
    assert!(!old.exists());
    assert!(young.exists() && seven.exists() && other.exists());
}
