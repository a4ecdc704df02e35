//! Turns lines with what nobody was asked for into a file without it.

use serde_json::json;

use crate::world::{World, header_line, item, reason, score, survey};

const SECRETS: [&str; 5] = [
    "ada@example.com",
    "4242 4242 4242 4242",
    "ghp_0123456789abcdefghijklmnop",
    "session=1234",
    "hunter2",
];

#[tokio::test]
async fn nothing_that_a_page_let_slip_is_on_disk() {
    let world = World::new().await;
    let [mail, card, token, query, password] = SECRETS;
    let p = json!({
        "survey": survey(), "response": crate::world::id(1), "revision": 1, "complete": false,
        "answers": [score(9), reason("call me, or write to bob@example.org")],
        "page": { "url": format!("https://ada:{password}@shop.example/u/{mail}?{query}"), "language": "en" },
        "context": { "note": format!("{card} of {mail}"), "from": format!("https://a.example/?{query}") },
        "later": { "deep": [token] },
    });
    let refused = format!(r#"{{"id":"junk","mail":"{mail}","p":{{"card":"{card}"}}}}"#);
    let lines = [
        header_line(1),
        item(1, "response", &p),
        refused,
        format!("{token} {mail}"),
    ];
    assert_eq!(world.post(&lines).await.outcomes().0, "axx");
    let mut kept = String::new();
    for sql in [
        "SELECT line FROM item",
        "SELECT page_url || context FROM response",
        "SELECT line || message FROM letter",
        "SELECT page FROM delivery_boot",
    ] {
        let db = world.db();
        let mut select = db.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        for row in rows {
            kept += &row.unwrap();
            kept.push('\n');
        }
    }
    for secret in SECRETS {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    // What somebody wrote is theirs to write.
    assert!(kept.contains("bob@example.org"), "{kept}");
    for mark in [
        "[email]",
        "[card]",
        "[token]",
        "https://shop.example/u/[email]",
    ] {
        assert!(kept.contains(mark), "{mark} in {kept}");
    }
    // The same again is the same, although what is kept is not what came.
    assert_eq!(world.post(&lines).await.outcomes().0, "dxx");
}
