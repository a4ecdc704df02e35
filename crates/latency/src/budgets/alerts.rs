//! Turns alerts into those that can never fire, and whatever else is wrong with them.

use protocol::budget::{Budgets, BurnAlert};

use super::{Code, MAX_ALERTS, Report};
use crate::burn::{can_fire, default_alerts, max_burn};
use crate::objective::allowed_share;

/// A target, and where it is.
struct Target {
    pointer: String,
    target: f64,
}

pub(super) fn check(budgets: &Budgets, report: &mut Report) {
    let targets = targets(budgets);
    match &budgets.alerts {
        None => usual(budgets, &targets, report),
        Some(alerts) => {
            let n = alerts.len();
            report.say_if(
                n > MAX_ALERTS,
                "/alerts",
                Code::TooManyAlerts,
                format!("There are {n} alerts, and at most {MAX_ALERTS} are looked at."),
            );
            let alerts = alerts.get(..MAX_ALERTS).unwrap_or(alerts);
            own(budgets, alerts, &targets, report);
        }
    }
}

/// Every target that is one.
fn targets(budgets: &Budgets) -> Vec<Target> {
    let mut all = Vec::new();
    for (n, feature) in budgets.features.iter().enumerate() {
        for (k, objective) in feature.latency.iter().enumerate() {
            all.push(Target {
                pointer: format!("/features/{n}/latency/{k}/target"),
                target: objective.target,
            });
        }
        if let Some(objective) = &feature.availability {
            all.push(Target {
                pointer: format!("/features/{n}/availability/target"),
                target: objective.target,
            });
        }
    }
    all.retain(|one| one.target > 0.0 && one.target <= 1.0);
    all
}

fn own(budgets: &Budgets, alerts: &[BurnAlert], targets: &[Target], report: &mut Report) {
    if !alerts.is_empty() {
        for one in targets
            .iter()
            .filter(|one| allowed_share(one.target) <= 0.0)
        {
            let sentence = "A target of 1 leaves no error budget, so no alert can look at how fast it \
                            is used: make it less than 1, or leave out the alerts.";
            report.say(one.pointer.as_str(), Code::TargetWithoutBudget, sentence);
        }
    }
    let budgeted = targets.iter().filter(|one| allowed_share(one.target) > 0.0);
    let lowest = budgeted.min_by(|a, b| a.target.total_cmp(&b.target));
    for (n, alert) in alerts.iter().enumerate() {
        let at = format!("/alerts/{n}");
        windows(budgets, alert, &at, report);
        let key = |alert: &BurnAlert| (alert.severity, alert.long, alert.short);
        report.say_if(
            alerts[..n].iter().any(|other| key(other) == key(alert)),
            at.as_str(),
            Code::DuplicateAlert,
            "There is an alert of this severity over these windows already.",
        );
        let factor = alert.factor;
        if factor <= 0.0 {
            let sentence = "A factor is above 0: 1 is the pace at which the budget lasts exactly for its \
                            window.";
            report.say(format!("{at}/factor"), Code::AlertFactor, sentence);
            continue;
        }
        if let Some(one) = lowest.filter(|one| !can_fire(factor, one.target)) {
            report.say(
                format!("{at}/factor"),
                Code::AlertNeverFires,
                format!(
                    "It can never fire for {}: with a target of {} the budget is used at {:.2} times its \
                     pace when everything is bad, and {factor} has to be exceeded.",
                    one.pointer,
                    one.target,
                    max_burn(one.target)
                ),
            );
        }
    }
}

fn windows(budgets: &Budgets, alert: &BurnAlert, at: &str, report: &mut Report) {
    report.say_if(
        alert.short >= alert.long,
        format!("{at}/short"),
        Code::AlertWindows,
        format!(
            "The short window shows that it still goes on: it is shorter than the long one of {}.",
            alert.long
        ),
    );
    report.say_if(
        alert.long > budgets.window,
        format!("{at}/long"),
        Code::AlertRange,
        format!("The budgets look back for {} only.", budgets.window),
    );
    report.say_if(
        alert.short < budgets.slice,
        format!("{at}/short"),
        Code::AlertRange,
        format!("Clients are counted by slices of {}.", budgets.slice),
    );
}

/// The usual alerts are nobody's mistake, so that this is only worth a second look.
fn usual(budgets: &Budgets, targets: &[Target], report: &mut Report) {
    let alerts = default_alerts(budgets.window.0);
    for one in targets {
        let never = alerts
            .iter()
            .filter(|alert| !can_fire(alert.factor, one.target));
        let never: Vec<String> = never
            .map(|alert| format!("{} (factor {})", alert.long, alert.factor))
            .collect();
        report.say_if(
            !never.is_empty(),
            one.pointer.as_str(),
            Code::UsualAlertNeverFires,
            format!(
                "With a target of {} the budget is used at {:.2} times its pace at most, so the usual \
                 alert over {} never fires.",
                one.target,
                max_burn(one.target),
                never.join(" and over ")
            ),
        );
    }
}
