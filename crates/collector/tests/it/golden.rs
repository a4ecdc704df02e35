//! Turns the frozen envelopes of the wire into outcomes, which must be the ones that were promised.

use std::path::PathBuf;

use protocol::outcome::{BatchReply, Outcome};
use serde_json::Value;

use crate::world::{World, batch_path, everything};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/wire/v1")
}

/// A world with the surveys of the files: `nps` in version 3, and the others in version 1.
async fn world() -> World {
    let world = World::new().await;
    for (id, name) in [("nps", "2"), ("nps", "3"), ("onboarding_2026", "1")] {
        let mut survey = collector::setup::first_survey();
        survey.id = id.into();
        survey.name = name.into();
        world.store.publish(world.project, survey, 1).await.unwrap();
    }
    world.publish(everything()).await;
    let feedback = collector::setup::first_feedback();
    let published = world.store.publish(world.project, feedback, 1);
    published.await.unwrap();
    world
}

#[tokio::test]
async fn every_frozen_envelope_comes_to_its_codes() {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".ndjson").map(String::from))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let body = std::fs::read(folder().join(format!("{name}.ndjson"))).unwrap();
        let expected = std::fs::read(folder().join(format!("{name}.expect.json"))).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let answer = world().await.post_bytes(&batch_path(1), body).await;
        if let Some(code) = expected["error"].as_str() {
            assert_eq!(answer.refusal().1, code, "{name}");
            continue;
        }
        let reply: BatchReply = answer.json();
        let items = expected["items"].as_array().unwrap();
        assert_eq!(reply.r.len(), items.len(), "{name}: {reply:?}");
        for (index, (letter, item)) in reply.r.chars().zip(items).enumerate() {
            let mut errors = reply.err.iter();
            let code = errors
                .find(|error| error.0 as usize == index)
                .map(|error| error.1.as_str());
            let place = format!("{name} item {index}: {reply:?}");
            let expected = item["error"].as_str();
            // A type that was unknown when the file was frozen may be known by now. What stands there
            // is no item of it, and is still refused.
            let was_unknown = expected == Some("unknown_type") && code == Some("invalid_item");
            assert!(code == expected || was_unknown, "{place}");
            let expected: &[Outcome] = match code {
                Some(_) => &[Outcome::Rejected],
                None => &[Outcome::Accepted, Outcome::Duplicate],
            };
            let outcome = Outcome::from_letter(letter).unwrap();
            assert!(expected.contains(&outcome), "{place}");
        }
    }
}
