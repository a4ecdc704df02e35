//! Turns the name of an input and what it carries into the bytes that the facade would write.

/// What an input carries, in the order in which it is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Input<'a> {
    pub(crate) numbers: [u32; 3],
    pub(crate) bytes: &'a [u8],
    pub(crate) texts: [&'a str; 3],
}

/// One input as the facade writes it.
pub(crate) fn encode(name: &str, input: Input<'_>) -> Vec<u8> {
    let place = INPUTS.iter().position(|it| *it == name).unwrap();
    let mut out = vec![place as u8];
    for number in input.numbers {
        out.extend(postcard::to_allocvec(&number).unwrap());
    }
    for bytes in [input.bytes]
        .into_iter()
        .chain(input.texts.map(str::as_bytes))
    {
        out.extend(postcard::to_allocvec(&(bytes.len() as u32)).unwrap());
        out.extend(bytes);
    }
    out
}

/// Every input, in the order in which the agent counts them.
pub(crate) const INPUTS: [&str; 27] = [
    "tick",
    "visible",
    "hidden",
    "online",
    "painted",
    "show_failed",
    "closed",
    "configure",
    "config_failed",
    "page",
    "synced",
    "show",
    "ready",
    "busy",
    "answered",
    "delivered",
    "track",
    "traits",
    "identify",
    "sensed",
    "explain",
    "consent",
    "reset",
    "measured",
    "count",
    "left",
    "lost",
];
