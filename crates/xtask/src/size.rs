//! Turns `www/dist` into a table of sizes beside their budgets.
//!
//! 1 KB is 1,000 bytes, and brotli 11 is what counts: it is what a browser fetches.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::{Result, bail};

use crate::build::{self, Piece, Profile};

/// Pieces that a page pays for together.
struct Budget<'a> {
    what: &'a str,
    assets: &'a [&'a str],
    /// Brotli bytes.
    limit: u64,
}

/// Stands for the largest of the files of words: a page fetches one.
const WORDS: &str = "words-*.json";

/// The same of the console.
const CONSOLE_WORDS: &str = "console-words-*.json";

/// The budgets of the product: a page must not feel that we are there.
///
/// What is always on is past its goal of 20,000 since it measures requests and keeps what is not
/// delivered, and so are both agents (13,000 and 21,000): these limits are what was measured then, so
/// that they can only shrink.
const BUDGETS: [Budget<'static>; 11] = [
    Budget {
        what: "loader, facade, shim",
        assets: &["sdk.js"],
        limit: 7_400,
    },
    Budget {
        what: "agent",
        assets: &["agent.js", "agent.woven"],
        limit: 14_500,
    },
    Budget {
        what: "always on, together",
        assets: &["sdk.js", "rows.js", "agent.js", "agent.woven"],
        limit: 23_900,
    },
    Budget {
        what: "agent that also asks",
        assets: &["asker.js", "asker.woven"],
        limit: 22_000,
    },
    Budget {
        what: "web vitals",
        assets: &["vitals.js"],
        limit: 3_500,
    },
    Budget {
        what: "outbox",
        assets: &["outbox.js"],
        limit: 3_300,
    },
    Budget {
        what: "widget",
        assets: &["widget.js", "widget.wasm"],
        limit: 45_000,
    },
    Budget {
        what: "stage",
        assets: &["stage.js"],
        limit: 8_000,
    },
    Budget {
        what: "screenshot tools",
        assets: &["shot.js"],
        limit: 10_000,
    },
    // Fetched after a page about one survey has been painted.
    Budget {
        what: "editor of surveys",
        assets: &["editor.js"],
        limit: 130_000,
    },
    Budget {
        what: "words, one language",
        assets: &[WORDS],
        limit: 3_000,
    },
];

/// What every page of the console loads first, together with its own chunks.
const SHELL: [&str; 5] = [
    "index.html",
    "console.js",
    "console.wasm",
    "console.css",
    CONSOLE_WORDS,
];
/// Brotli bytes that any page of the console may take to be there, opened as the first.
const FIRST_LOAD: u64 = 250_000;

/// What is fetched once a page is on screen: dialogs, and what is beside or below what is read first.
const LATER: [&str; 5] = [
    "over",
    "views",
    "inbox_answer",
    "scores_groups",
    "scores_empty",
];
/// Brotli bytes that each of them may take by itself.
const AFTERWARDS: u64 = 120_000;

/// Builds what ships, prints its sizes on stdout.
///
/// # Errors
/// When the build fails, or a budget is exceeded.
pub(crate) fn size() -> Result<()> {
    build::build(Profile::Release)?;
    let (table, over) = report(&build::pieces()?, &build::routes()?);
    std::io::stdout().lock().write_all(table.as_bytes())?;
    if over.is_empty() {
        return Ok(());
    }
    bail!("past the budget: {}", over.join(", "))
}

/// The table, and the names of exceeded budgets. A missing piece exceeds: nothing ships without it.
fn report(pieces: &[Piece], routes: &Routes) -> (String, Vec<String>) {
    let mut report = Report {
        pieces,
        listed: Vec::new(),
        over: Vec::new(),
        table: format!(
            "{:<26}{:>10}{:>10}{:>10}{:>10}\n",
            "bytes", "raw", "gzip", "brotli", "budget"
        ),
    };
    for budget in &BUDGETS {
        report.add(budget);
    }
    if routes.is_empty() {
        report.over.push(String::from("console without pages"));
    }
    for (page, chunks) in routes {
        let outer = build::around(page).and_then(|outer| routes.get(outer));
        let (before, limit) = match LATER.contains(&page.as_str()) {
            true => (Vec::new(), AFTERWARDS),
            false => {
                let outer = outer.into_iter().flatten().map(String::as_str);
                (SHELL.into_iter().chain(outer).collect(), FIRST_LOAD)
            }
        };
        let own = chunks.iter().map(String::as_str);
        let assets: Vec<&str> = before.into_iter().chain(own).collect();
        report.add(&Budget {
            what: &format!("console, {page}"),
            assets: &assets,
            limit,
        });
    }
    (report.table, report.over)
}

/// The chunks of each page of the console.
type Routes = BTreeMap<String, Vec<String>>;

struct Report<'a> {
    pieces: &'a [Piece],
    /// Pieces that have their line: where they are first mentioned, which may be that of their own budget.
    listed: Vec<&'a str>,
    over: Vec<String>,
    table: String,
}

impl Report<'_> {
    fn add(&mut self, budget: &Budget<'_>) {
        let pieces = self.pieces;
        let found = budget.assets.iter();
        let own: Vec<&Piece> = found.filter_map(|asset| find(pieces, asset)).collect();
        let sum = |size: fn(&Piece) -> u64| own.iter().map(|piece| size(piece)).sum::<u64>();
        let brotli = sum(|piece| piece.brotli);
        let fits = own.len() == budget.assets.len() && brotli <= budget.limit;
        if !fits {
            self.over.push(budget.what.to_owned());
        }
        let (raw, gzip) = (sum(|piece| piece.raw), sum(|piece| piece.gzip));
        self.table += &row(budget.what, raw, gzip, brotli);
        let mark = if fits { "" } else { "  over" };
        self.table += &format!("{:>10}{mark}\n", budget.limit);
        let alone = own.len() == 1;
        for piece in own {
            if !alone && !self.listed.contains(&piece.asset.as_str()) {
                let name = format!("  {}", piece.asset);
                self.table += &row(&name, piece.raw, piece.gzip, piece.brotli);
                self.table.push('\n');
            }
            self.listed.push(&piece.asset);
        }
    }
}

fn find<'a>(pieces: &'a [Piece], asset: &str) -> Option<&'a Piece> {
    let Some((words, _)) = asset.split_once('*') else {
        return pieces.iter().find(|it| it.asset == asset);
    };
    let words = pieces.iter().filter(|it| it.asset.starts_with(words));
    words.max_by_key(|it| it.brotli)
}

fn row(name: &str, raw: u64, gzip: u64, brotli: u64) -> String {
    format!("{name:<26}{raw:>10}{gzip:>10}{brotli:>10}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(agent_wasm: u64) -> Vec<Piece> {
        let names = [
            "sdk.js",
            "rows.js",
            "vitals.js",
            "outbox.js",
            "agent.js",
            "agent.woven",
            "asker.js",
            "asker.woven",
            "widget.js",
            "widget.wasm",
            "stage.js",
            "shot.js",
            "editor.js",
            "words-en.json",
            "words-pt-BR.json",
            "index.html",
            "console.js",
            "console.wasm",
            "console.css",
            "console-words-de.json",
            "console-scores.wasm",
            "console-chunk-3.wasm",
        ];
        names
            .iter()
            .map(|name| Piece {
                asset: (*name).to_owned(),
                raw: 3_000,
                gzip: 2_000,
                brotli: if *name == "agent.woven" {
                    agent_wasm
                } else {
                    1_000
                },
            })
            .collect()
    }

    fn routes() -> Routes {
        let chunks = ["console-chunk-3.wasm", "console-scores.wasm"];
        let chunks = chunks.map(str::to_owned).to_vec();
        BTreeMap::from([("scores".to_owned(), chunks)])
    }

    fn check(pieces: &[Piece], over: &[&str]) {
        assert_eq!(report(pieces, &routes()).1, over);
    }

    #[test]
    fn a_budget_is_kept_up_to_its_last_byte() {
        check(&pieces(13_500), &[]);
        check(&pieces(13_501), &["agent"]);
    }

    #[test]
    fn pieces_add_up() {
        check(&pieces(20_901), &["agent", "always on, together"]);
    }

    #[test]
    fn the_largest_file_of_words_counts() {
        let mut all = pieces(1_000);
        for piece in &mut all {
            if piece.asset == "words-pt-BR.json" {
                piece.brotli = 3_001;
            }
        }
        check(&all, &["words, one language"]);
        all.retain(|piece| !piece.asset.starts_with("words-"));
        check(&all, &["words, one language"]);
    }

    #[test]
    fn a_piece_has_at_most_one_line() {
        let (table, _) = report(&pieces(1_000), &routes());
        let lines = |name: &str| table.matches(&format!("  {name} ")).count();
        assert_eq!(["sdk.js", "agent.js", "widget.wasm"].map(lines), [0, 1, 1]);
    }

    #[test]
    fn every_page_of_the_console_is_weighed_with_its_chunks() {
        let mut all = pieces(1_000);
        for piece in &mut all {
            if piece.asset == "console-scores.wasm" {
                piece.brotli = FIRST_LOAD - 6_000;
            }
        }
        check(&all, &[]);
        for piece in &mut all {
            if piece.asset == "console-chunk-3.wasm" {
                piece.brotli += 1;
            }
        }
        check(&all, &["console, scores"]);
        assert_eq!(report(&all, &Routes::new()).1, ["console without pages"]);
    }

    fn weighed(page: &str, own: u64) -> Vec<String> {
        let part = format!("console-{}.wasm", page.replace('_', "-"));
        let piece = |asset: &str, brotli| Piece {
            asset: asset.to_owned(),
            raw: brotli,
            gzip: brotli,
            brotli,
        };
        let mut all = pieces(1_000);
        // The shell is 5,000 bytes of this.
        all.push(piece("console-settings.wasm", FIRST_LOAD - 5_000 - 1_000));
        all.push(piece(&part, own));
        let mut routes = routes();
        for (page, asset) in [("settings", "console-settings.wasm"), (page, part.as_str())] {
            routes.insert(page.to_owned(), vec![asset.to_owned()]);
        }
        report(&all, &routes).1
    }

    #[test]
    fn a_page_inside_another_is_weighed_with_it() {
        let none: [&str; 0] = [];
        assert_eq!(weighed("settings_data", 1_000), none);
        assert_eq!(weighed("settings_data", 1_001), ["console, settings_data"]);
    }

    #[test]
    fn what_comes_after_a_page_is_weighed_by_itself() {
        let none: [&str; 0] = [];
        assert_eq!(weighed("scores_groups", AFTERWARDS), none);
        assert_eq!(
            weighed("scores_groups", AFTERWARDS + 1),
            ["console, scores_groups"]
        );
    }

    #[test]
    fn a_missing_piece_is_noticed() {
        let mut all = pieces(1_000);
        all.retain(|piece| piece.asset != "widget.wasm");
        check(&all, &["widget"]);
    }
}
