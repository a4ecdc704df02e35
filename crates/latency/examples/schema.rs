//! Turns the shape of a budget document into a JSON Schema for editors, on standard output.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &latency::budgets::schema())?;
    out.write_all(b"\n")
}
