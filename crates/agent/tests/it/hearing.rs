//! Turns inputs as TypeScript writes them into what they mean; both read the same file.

use serde_json::Value;

use crate::page::{INPUTS, Input, Page, check, encode};

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}

/// The bytes of the input that a row of the file names: its numbers, bytes and texts in order.
fn written(row: &[Value]) -> Vec<u8> {
    let (mut numbers, mut texts) = ([0; 3], [""; 3]);
    let given = row[1..].iter().filter_map(Value::as_u64);
    for (number, given) in numbers.iter_mut().zip(given) {
        *number = u32::try_from(given).unwrap();
    }
    let given = row[1..].iter().filter_map(Value::as_str);
    for (text, given) in texts.iter_mut().zip(given) {
        *text = given;
    }
    let hex = row.iter().find_map(|it| it.get("hex")?.as_str());
    let input = Input {
        numbers,
        bytes: &bytes(hex.unwrap_or_default()),
        texts,
    };
    encode(row[0].as_str().unwrap(), input)
}

#[test]
fn inputs_are_written_as_the_file_says_and_understood() {
    let file = include_str!("../../../../tests/fixtures/agent/inputs.json");
    let rows: Vec<Value> = serde_json::from_str(file).unwrap();
    let mut named = Vec::new();
    let mut page = Page::open("nps");
    for row in &rows {
        let input = row["input"].as_array().unwrap();
        let hex = bytes(row["hex"].as_str().unwrap());
        assert_eq!(written(input), hex, "{row}");
        named.push(input[0].as_str().unwrap());
        // Whatever it does, what comes back can be read.
        page.hear(&hex);
    }
    named.dedup();
    assert_eq!(named, INPUTS);
}

#[test]
fn bytes_that_are_no_input_do_nothing() {
    let mut page = Page::open("nps");
    let answered = encode(
        "answered",
        Input {
            numbers: [1, 0, 0],
            texts: ["[]", "AAEC", ""],
            ..Input::default()
        },
    );
    // Cut short anywhere, an unknown input, a length past the end, a number
    // without an end.
    for end in 0..answered.len() {
        check(page.hear(&answered[..end]), "");
    }
    check(page.hear(&[200, 0, 0, 0, 0, 0, 0, 0]), "");
    check(page.hear(&[11, 0, 0, 0, 0, 9, b'n', 0, 0]), "");
    check(page.hear(&[0xff; 40]), "");
}
