//! Turns the numbers of a view into lines of CSV or JSON: the same as are shown, one group a line.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use protocol::outcome::ErrorCode;
use protocol::query::Window;
use protocol::query::scores::{Figure, Line, Scores};
use protocol::query::view::Dropped;

use super::asked::Asked;
use super::{breakdown, report};
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::csv::cell_of;
use crate::console_api::guard::Caller;
use crate::error::ApiError;

const COLUMNS: &str = "part,key,from_ms,to_ms,complete,kind,n,score,low,high,top,middle,bottom\r\n";

/// `GET /api/v1/scores/export`.
///
/// A file cannot name what made no sense: such a query is refused.
pub(in crate::console_api) async fn export(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Response, ApiError> {
    let names = ["compare", "step", "by", "format"];
    let asked = Asked::read(&collector, &who, &uri, &names).await?;
    refuse(&asked.dropped)?;
    let is_csv = match asked.others.get("format").map(String::as_str) {
        None | Some("csv") => true,
        Some("ndjson") => false,
        Some(_) => return Err(invalid("format must be csv or ndjson")),
    };
    let mut lines = match asked.others.contains_key("by") {
        true => of_breakdown(&breakdown::breakdown(&collector, &asked).await?),
        false => Vec::new(),
    };
    let report = report(&collector, asked).await?;
    refuse(&report.dropped)?;
    lines.splice(0..0, of_report(&report));
    let now_ms = collector.clock.now_ms();
    let name = if is_csv { "csv" } else { "ndjson" };
    let deed = Deed::new("scores.export", name);
    collector.store.audit(who.actor.entry(deed, now_ms)).await?;
    let (kind, file, body) = match is_csv {
        true => (
            "text/csv; charset=utf-8",
            "attachment; filename=\"firsthand-scores.csv\"",
            csv(&lines),
        ),
        false => (
            "application/x-ndjson",
            "attachment; filename=\"firsthand-scores.ndjson\"",
            ndjson(&lines),
        ),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(file));
    Ok((headers, body).into_response())
}

fn refuse(dropped: &[Dropped]) -> Result<(), ApiError> {
    match dropped.first() {
        Some(Dropped { param, value, why }) => {
            Err(invalid(format!("{param}={value} makes no sense: {why}")))
        }
        None => Ok(()),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message)
}

fn of_report(report: &Scores) -> Vec<Line> {
    let line = |part: &str, window: Window, complete, figure: &Figure| Line {
        part: String::from(part),
        key: String::new(),
        from_ms: window.from_ms,
        to_ms: window.to_ms,
        complete,
        kind: report.kind.clone(),
        figure: figure.clone(),
    };
    let mut lines = vec![line("total", report.window, true, &report.total)];
    let compared = report.compared.iter();
    lines.extend(compared.map(|it| line("compared", it.window, true, &it.figure)));
    lines.extend(report.trend.iter().map(|bucket| {
        let window = Window {
            from_ms: bucket.from_ms,
            to_ms: bucket.to_ms,
        };
        line("trend", window, bucket.complete, &bucket.figure)
    }));
    lines
}

fn of_breakdown(all: &protocol::query::scores::Breakdown) -> Vec<Line> {
    let lines = all.rows.iter().map(|row| Line {
        part: String::from("breakdown"),
        key: row.key.clone().unwrap_or_default(),
        from_ms: all.window.from_ms,
        to_ms: all.window.to_ms,
        complete: true,
        kind: all.kind.clone(),
        figure: row.figure.clone(),
    });
    lines.collect()
}

fn csv(lines: &[Line]) -> String {
    let mut text = String::from(COLUMNS);
    for line in lines {
        let number = |value: Option<f64>| value.map(|it| it.to_string()).unwrap_or_default();
        let figure = &line.figure;
        let [top, middle, bottom] = figure.split;
        // Numbers are ours, and may begin with a minus; what others wrote may not.
        let cells = [
            line.part.clone(),
            cell_of(&line.key),
            line.from_ms.to_string(),
            line.to_ms.to_string(),
            line.complete.to_string(),
            line.kind.clone(),
            figure.n.to_string(),
            number(figure.score),
            number(figure.interval.map(|it| it.low)),
            number(figure.interval.map(|it| it.high)),
            top.to_string(),
            middle.to_string(),
            bottom.to_string(),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn ndjson(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        // Has no map with keys that are no texts, so that it always can be written.
        text.push_str(&serde_json::to_string(line).unwrap_or_default());
        text.push('\n');
    }
    text
}
