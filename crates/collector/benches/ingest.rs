//! Turns senders on this machine into acknowledged items a second, beside what server and disk allow.
//!
//! Three things are measured in turn, in each round: the collector, as the binary that is shipped; a
//! handler that reads the body and answers, which is what the server alone could do; and the store
//! alone, which is what the disk could. Whoever sends shares the machine with all three. Prints a
//! page of Markdown, and writes it where `--write FILE` says; `--quick` measures for a moment.

#[path = "ingest/bare.rs"]
mod bare;
#[path = "ingest/items.rs"]
mod items;
#[path = "ingest/load.rs"]
mod load;
#[path = "ingest/overload.rs"]
mod overload;
#[path = "ingest/server.rs"]
mod server;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::load::{Measured, Shape};
use crate::server::Collector;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Senders, each with one request under way at a time, and items of each request.
const SHAPES: [Shape; 3] = [Shape::of(64, 1), Shape::of(64, 20), Shape::of(128, 50)];

/// How often each is measured, and for how long. A machine that does other things as well has
/// moments; the median of several is told.
const ROUNDS: usize = 3;
const LENGTH: Duration = Duration::from_secs(4);

/// How long more is sent than is kept.
const OVERLOAD: Duration = Duration::from_secs(30);

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().collect();
    if args.iter().any(|arg| arg == "--bare-handler") {
        return bare::serve_handler();
    }
    let is_quick = args.iter().any(|arg| arg == "--quick");
    let (rounds, length, overload) = if is_quick {
        (1, Duration::from_secs(1), Duration::from_secs(6))
    } else {
        (ROUNDS, LENGTH, OVERLOAD)
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let mut page = beginning(rounds, length);
    // Alone, for whoever works on that.
    let is_overload_only = args.iter().any(|arg| arg == "--overload");
    let shapes = SHAPES.iter().filter(|_| !is_overload_only);
    for shape in shapes.copied() {
        let rows: Vec<Row> = (0..rounds)
            .map(|_| measured(&runtime, shape, length))
            .collect::<Result<_, _>>()?;
        print_shape(&mut page, shape, rows)?;
    }
    let mut out = std::io::stdout().lock();
    out.write_all(page.as_bytes())?;
    let measured = page.len();
    overload::print(&mut page, &runtime, overload)?;
    out.write_all(&page.as_bytes()[measured..])?;
    if let Some(file) = args.iter().skip_while(|arg| *arg != "--write").nth(1) {
        std::fs::write(Path::new(file), &page)?;
    }
    Ok(())
}

fn beginning(rounds: usize, length: Duration) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "# Ingest: items that are on disk before they are acknowledged\n\n\
         Written by `cargo xtask bench ingest`. {cores} cores, shared by whoever sends, over loopback;\n\
         {rounds} rounds of {} s, of which the median is told. Every item has an id of its own and is\n\
         about {} bytes; one in ten is an answer. An item counts when it was answered, that is after\n\
         the commit that holds it was synced.\n\n\
         | senders × items | what | items/s | requests/s | p50 ms | p99 ms | of the slower limit |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: |\n",
        length.as_secs(),
        items::line(0, 1).len(),
    )
}

/// One round of one shape.
struct Row {
    collector: Measured,
    handler: Measured,
    writer: Measured,
}

impl Row {
    /// The collector's share of what the slower of the two could do alone.
    fn share(&self) -> f64 {
        let limit = self.handler.items_per_s.min(self.writer.items_per_s);
        self.collector.items_per_s / limit
    }
}

fn measured(
    runtime: &tokio::runtime::Runtime,
    shape: Shape,
    length: Duration,
) -> Result<Row, Failure> {
    let handler = bare::Handler::start(shape.items)?;
    let of_handler = runtime.block_on(load::run(&handler.address, shape, length))?;
    drop(handler);
    let writer = runtime.block_on(bare::writer(shape, length))?;
    let collector = Collector::start()?;
    let of_collector = runtime.block_on(load::run(&collector.address, shape, length))?;
    collector.check(of_collector.items)?;
    Ok(Row {
        collector: of_collector,
        handler: of_handler,
        writer,
    })
}

fn print_shape(page: &mut String, shape: Shape, mut rows: Vec<Row>) -> Result<(), Failure> {
    let mut line = |what: &str, measured: &Measured, share: String| {
        writeln!(
            page,
            "| {} × {} | {what} | {:.0} | {:.0} | {:.1} | {:.1} | {share} |",
            shape.senders,
            shape.items,
            measured.items_per_s,
            measured.items_per_s / f64::from(shape.items),
            measured.quantile_ms(0.5),
            measured.quantile_ms(0.99),
        )
    };
    rows.sort_by(|a, b| a.share().total_cmp(&b.share()));
    let (lowest, highest) = (rows[0].share(), rows[rows.len() - 1].share());
    let median = &rows[rows.len() / 2];
    let share = format!("{:.2} ({lowest:.2} to {highest:.2})", median.share());
    line("the collector", &median.collector, share)?;
    line(
        "a handler that reads and answers",
        &median.handler,
        String::new(),
    )?;
    line("the store alone", &median.writer, String::new())?;
    Ok(())
}
