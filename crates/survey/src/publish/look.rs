//! Turns places and colours of a survey into what cannot be found or read.

use protocol::survey::{Look, Palette, Placement, Survey};

use super::{Code, Report, display};
use crate::contrast::{self, Color};

/// Text on its ground.
///
/// # Source
/// <https://www.w3.org/TR/WCAG22/#contrast-minimum>
const TEXT: f64 = 4.5;
/// What can be operated, on its ground.
///
/// # Source
/// <https://www.w3.org/TR/WCAG22/#non-text-contrast>
const CONTROL: f64 = 3.0;

/// The widget's own colours, those of `crates/ui/style/tokens.css`.
struct Own {
    theme: &'static str,
    accent: &'static str,
    on_accent: &'static str,
    surface: &'static str,
    ink: &'static str,
}

const LIGHT: Own = Own {
    theme: "light",
    accent: "#2158a7",
    on_accent: "#fdfcf9",
    surface: "#ffffff",
    ink: "#1a2029",
};

const DARK: Own = Own {
    theme: "dark",
    accent: "#7aacf6",
    on_accent: "#080f1c",
    surface: "#191c20",
    ink: "#ebe7e0",
};

pub(super) fn check(survey: &Survey, report: &mut Report<'_>) {
    let look = &survey.look;
    element(look, report);
    palette(&look.colors.light, &LIGHT, report);
    palette(&look.colors.dark, &DARK, report);
}

fn element(look: &Look, report: &mut Report<'_>) {
    let inline = look.placement == Placement::Inline;
    match &look.element {
        Some(selector) => {
            display::selector("/look/element", selector, report);
            report.say_if(
                !inline,
                "/look/element",
                Code::UnusedElement,
                "Only an inline survey is put into an element.",
            );
        }
        None => report.say_if(
            inline,
            "/look/element",
            Code::InlineElement,
            "An inline survey needs the CSS selector of the element that it is put into.",
        ),
    }
}

fn palette(palette: &Palette, own: &Own, report: &mut Report<'_>) {
    let at = format!("/look/colors/{}", own.theme);
    let mut read = |name: &str, written: &Option<String>| {
        let color = written.as_deref().map(Color::parse);
        report.say_if(
            color == Some(None),
            format!("{at}/{name}"),
            Code::Color,
            "A colour is written as #rrggbb.",
        );
        color.flatten()
    };
    let accent = read("accent", &palette.accent);
    let on_accent = read("on_accent", &palette.on_accent);
    let surface = read("surface", &palette.surface);
    let ink = read("ink", &palette.ink);
    // What is absent is the widget's own, except that text on the accent follows the accent.
    let followed = accent.map_or(own.on_accent, contrast::on);
    let mut compare = |names: [&str; 2],
                       front: Option<Color>,
                       back: Option<Color>,
                       own: [&str; 2],
                       least: f64| {
        if front.is_none() && back.is_none() {
            return;
        }
        let written = if front.is_some() { names[0] } else { names[1] };
        let (front, back) = (
            front.or(Color::parse(own[0])),
            back.or(Color::parse(own[1])),
        );
        let (Some(front), Some(back)) = (front, back) else {
            return;
        };
        let ratio = contrast::ratio(front, back);
        if ratio < least {
            // Rounded down, so that what is too little never looks like enough.
            let shown = (ratio * 100.0).floor() / 100.0;
            let sentence = format!(
                "In the {} theme {} on {} has a contrast of {shown:.2}:1; it needs {least}:1.",
                if at.ends_with("dark") {
                    "dark"
                } else {
                    "light"
                },
                names[0],
                names[1],
            );
            report.say(format!("{at}/{written}"), Code::Contrast, sentence);
        }
    };
    compare(
        ["ink", "surface"],
        ink,
        surface,
        [own.ink, own.surface],
        TEXT,
    );
    compare(
        ["on_accent", "accent"],
        on_accent,
        accent,
        [followed, own.accent],
        TEXT,
    );
    compare(
        ["accent", "surface"],
        accent,
        surface,
        [own.accent, own.surface],
        CONTROL,
    );
}
