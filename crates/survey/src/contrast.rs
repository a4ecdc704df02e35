//! Turns two colours into how well one can be read on the other.

/// Black, as it is written.
pub const BLACK: &str = "#000000";
/// White, as it is written.
pub const WHITE: &str = "#ffffff";

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// The colour that `text` writes as `#rrggbb`, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// 0 for black to 1 for white.
    ///
    /// # Source
    /// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// From 1, the same, to 21, black on white.
///
/// # Source
/// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
pub fn ratio(a: Color, b: Color) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Black or white, whichever can be read better on `ground`: always at 4.58 or more.
pub fn on(ground: Color) -> &'static str {
    let (black, white) = (Color([0; 3]), Color([255; 3]));
    if ratio(ground, white) >= ratio(ground, black) {
        WHITE
    } else {
        BLACK
    }
}
