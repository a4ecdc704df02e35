//! Turns a file into how many rows each table has, and how many bytes they take.

use std::io::Write;
use std::path::Path;

use rusqlite::Connection;

use crate::Failure;

/// Tables of sums, which grow with time alone, and the one that grows with reports.
const SUMS: [&str; 5] = [
    "latency_slice",
    "latency_minute",
    "latency_hour",
    "latency_template_minute",
    "latency_template_hour",
];
const IDS: &str = "latency_seen";

pub(crate) fn print(out: &mut impl Write, file: &Path, requests: u64) -> Result<(), Failure> {
    let db = Connection::open(file)?;
    let millions = requests as f64 / 1e6;
    writeln!(out, "## Disk\n")?;
    writeln!(
        out,
        "| table | rows | bytes | bytes a row | bytes a million requests |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|")?;
    let mut sums = (0, 0);
    for table in SUMS {
        let (rows, bytes) = size(&db, table)?;
        sums = (sums.0 + rows, sums.1 + bytes);
        print_row(out, table, (rows, bytes), millions)?;
    }
    print_row(out, "all sums", sums, millions)?;
    print_row(
        out,
        &format!("{IDS} (kept 15 days)"),
        size(&db, IDS)?,
        millions,
    )?;
    let whole = std::fs::metadata(file)?.len();
    writeln!(
        out,
        "| the whole file | | {whole} | | {:.0} |\n",
        whole as f64 / millions
    )?;
    Ok(())
}

fn print_row(
    out: &mut impl Write,
    name: &str,
    (rows, bytes): (u64, u64),
    millions: f64,
) -> std::io::Result<()> {
    let each = bytes as f64 / rows.max(1) as f64;
    let million = bytes as f64 / millions;
    writeln!(
        out,
        "| {name} | {rows} | {bytes} | {each:.0} | {million:.0} |"
    )
}

/// Rows, and bytes of whole pages.
fn size(db: &Connection, table: &str) -> rusqlite::Result<(u64, u64)> {
    let rows: i64 = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
        row.get(0)
    })?;
    let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat
        WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?1)";
    let bytes: i64 = db.query_row(sql, [table], |row| row.get(0))?;
    Ok((rows as u64, bytes as u64))
}
