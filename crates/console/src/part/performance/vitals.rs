//! Turns web vitals into a table: what people wait for before the first request of their own.

use protocol::query::performance::{Health, Rating, VitalSummary};

use super::common::{head, number, numbers, scroll, section, table, words};
use super::health_mark::mark;
use crate::node::{Element, el, said};
use crate::performance::{health, quantity};
use crate::words::{count, decimal, say};

/// Web vitals of page loads; absent where no page told any.
pub fn vitals(vitals: &[VitalSummary]) -> Option<Element> {
    if vitals.is_empty() {
        return None;
    }
    let columns = vec![
        words(say::vitals_vital()),
        numbers("p75"),
        words(say::vitals_rating()),
        numbers("n").hint(say::vitals_n()),
    ];
    let rows = vitals.iter().map(|vital| {
        let (health, rating) = match vital.rating {
            Rating::Good => (Health::Within, say::vitals_good()),
            Rating::NeedsImprovement => (Health::Burning, say::vitals_mid()),
            Rating::Poor => (Health::Breached, say::vitals_poor()),
        };
        let rating = el("span")
            .class(format!("health {}", health::name(health)))
            .child(mark(health))
            .text(rating);
        let name = head().text(vital.name.clone());
        el("tr")
            .child(name.child(said("span", "small", format!(" {}", meaning(&vital.name)))))
            .child(number(value(vital)))
            .child(el("td").child(rating))
            .child(number(count(vital.n)))
    });
    Some(
        section("vitals", "vitals-title", say::vitals_title())
            .child(said("p", "muted", say::vitals_what()))
            .child(scroll(say::vitals_table(), table(columns, rows))),
    )
}

fn meaning(name: &str) -> &'static str {
    match name {
        "LCP" => say::vitals_lcp(),
        "INP" => say::vitals_inp(),
        "CLS" => say::vitals_cls(),
        "FCP" => say::vitals_fcp(),
        "TTFB" => say::vitals_ttfb(),
        _ => "",
    }
}

fn value(vital: &VitalSummary) -> String {
    match vital.name.as_str() {
        "CLS" => decimal(format!("{:.2}", vital.p75)),
        _ => quantity::latency(vital.p75),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vital_has_its_unit_and_its_n() {
        let vital = |name: &str, p75, rating| VitalSummary {
            name: String::from(name),
            n: 1_204,
            p75,
            rating,
        };
        let told = [
            vital("LCP", 2_620.0, Rating::NeedsImprovement),
            vital("CLS", 0.041, Rating::Good),
        ];
        let words = vitals(&told).unwrap().words();
        assert!(words.contains("2.62 sNeeds improvement1,204"), "{words}");
        assert!(words.contains("0.04Good1,204"), "{words}");
        assert_eq!(vitals(&[]), None);
    }
}
