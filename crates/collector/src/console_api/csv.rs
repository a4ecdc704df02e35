//! Turns a text into a cell of CSV that no spreadsheet takes for a formula.

/// One cell. A spreadsheet takes some beginnings for a formula: those get an apostrophe before them.
///
/// # Source
///
/// <https://www.rfc-editor.org/rfc/rfc4180>, and <https://owasp.org/www-community/attacks/CSV_Injection>.
pub(super) fn cell_of(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, cell: &str) {
        assert_eq!(cell_of(text), cell, "{text:?}");
    }

    #[test]
    fn a_cell_is_a_text_and_no_formula() {
        check("", "");
        check("plain", "plain");
        check("a,b", "\"a,b\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("=1+1", "'=1+1");
        check("-1", "'-1");
        check("+49", "'+49");
        check("@cmd", "'@cmd");
        check("\t=1", "'\t=1");
        check("=\"a\"", "\"'=\"\"a\"\"\"");
    }
}
