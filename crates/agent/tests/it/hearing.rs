//! Turns inputs as bytes into the same commands as inputs as calls; TypeScript reads the same file.

use agent::Reply;
use protocol::item::DismissReason;
use serde_json::Value;

use crate::page::{Page, check};

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}

/// Makes the call that `input` names.
fn call(page: &mut Page, input: &[Value]) -> String {
    let text = |i: usize| input[i].as_str().unwrap();
    let number = |i: usize| u32::try_from(input[i].as_u64().unwrap()).unwrap();
    let hex = |i: usize| bytes(input[i]["hex"].as_str().unwrap());
    page.input(|agent, now| match text(0) {
        "tick" => agent.tick(now),
        "visible" => agent.visible(now),
        "hidden" => agent.hidden(now),
        "online" => agent.online(now),
        "shown" => agent.shown(now),
        "show_failed" => agent.show_failed(now),
        "completed" => agent.completed(now),
        "closed_by_person" => agent.closed(DismissReason::Person, now),
        "closed_by_page" => agent.closed(DismissReason::Page, now),
        "configure" => agent.configure(&hex(1), now),
        "config_failed" => agent.config_failed(number(1) as u16, number(2), text(3), now),
        "page" => agent.page(text(1), text(2), now),
        "synced" => agent.synced(&hex(1), now),
        "show" => agent.show(text(1), now),
        "answered_nps" => agent.answered_nps(text(1), text(2), number(3) as u8, now),
        "answered_text" => agent.answered_text(text(1), text(2), text(3), now),
        "delivered" => {
            let reply = Reply {
                slot: number(1),
                status: number(2) as u16,
                letters: text(3),
                retry_after_ms: number(4),
                code: text(5),
            };
            agent.delivered(&reply, now)
        }
        other => panic!("there is no input {other}"),
    })
}

#[test]
fn bytes_and_calls_are_the_same() {
    let file = include_str!("../../../../tests/fixtures/agent/inputs.json");
    let rows: Vec<Value> = serde_json::from_str(file).unwrap();
    assert_eq!(rows.len(), 22);
    for row in rows {
        let (mut called, mut heard) = (Page::open("nps"), Page::open("nps"));
        for page in [&mut called, &mut heard] {
            page.nps(3);
        }
        let input = row["input"].as_array().unwrap();
        let expected = call(&mut called, input);
        check(heard.hear(&bytes(row["hex"].as_str().unwrap())), &expected);
        assert_eq!(heard.saved, called.saved, "{row}");
        check(heard.wait(10_000), &called.wait(10_000));
    }
}

#[test]
fn bytes_that_are_no_input_do_nothing() {
    let mut page = Page::open("nps");
    let answered = b"\x0e\x0a\x00\x00\x00\x05score\x04How?\x00".as_slice();
    // Cut short anywhere, an unknown input, a score beyond a byte, text that is not UTF-8, a length
    // past the end, a number without an end.
    for end in 0..answered.len() {
        check(page.hear(&answered[..end]), "");
    }
    check(page.hear(&[200, 0, 0, 0, 0, 0, 0, 0]), "");
    check(
        page.hear(b"\x0e\x80\x02\x00\x00\x00\x05score\x04How?\x00"),
        "",
    );
    check(page.hear(&[13, 0, 0, 0, 0, 2, 0xc3, 0x28, 0, 0]), "");
    check(page.hear(&[13, 0, 0, 0, 0, 9, b'n', 0, 0]), "");
    check(page.hear(&[0xff; 40]), "");
    check(page.hear(answered), "emit answered\ndelivery sending");
}
