//! Turns two texts into the lines that they share and those that they do not.

/// Lines on both sides that are compared at most; beyond that one is told as taken away, the other as new.
const MOST: usize = 4_000;
/// Lines around a difference that are shown too.
const AROUND: usize = 3;

/// A line, and which side has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Both.
    Same(&'a str),
    /// The old one only.
    Old(&'a str),
    /// The new one only.
    New(&'a str),
    /// So many that both have are left out here.
    Gap(usize),
}

/// The differences between two texts, with a few lines around each. Empty where there are none.
///
/// # Source
/// The table of the longest common subsequence, after common lines at both ends were set aside.
pub fn lines<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    if old == new {
        return Vec::new();
    }
    let shortest = old.len().min(new.len());
    let pairs = || old.iter().zip(&new);
    let head = pairs().take_while(|(a, b)| a == b).count();
    let rest = shortest - head;
    let tails = old.iter().rev().zip(new.iter().rev());
    let tail = tails.take(rest).take_while(|(a, b)| a == b).count();
    let mut all: Vec<Line<'a>> = old[..head].iter().map(|line| Line::Same(line)).collect();
    all.extend(middle(
        &old[head..old.len() - tail],
        &new[head..new.len() - tail],
    ));
    all.extend(old[old.len() - tail..].iter().map(|line| Line::Same(line)));
    shortened(&all)
}

fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let mut found = Vec::with_capacity(old.len() + new.len());
    if old.len() + new.len() > MOST {
        found.extend(old.iter().map(|line| Line::Old(line)));
        found.extend(new.iter().map(|line| Line::New(line)));
        return found;
    }
    // How many lines both have from here to the end, for every pair of places.
    let width = new.len() + 1;
    let mut common = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            found.push(Line::Same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]
        {
            found.push(Line::Old(old[i]));
            i += 1;
        } else {
            found.push(Line::New(new[j]));
            j += 1;
        }
    }
    found
}

/// Leaves out what is far from any difference.
fn shortened<'a>(all: &[Line<'a>]) -> Vec<Line<'a>> {
    let is_near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        let to = (at + AROUND + 1).min(all.len());
        all[from..to]
            .iter()
            .any(|line| !matches!(line, Line::Same(_)))
    };
    let mut kept = Vec::new();
    for (at, line) in all.iter().enumerate() {
        if is_near(at) {
            kept.push(*line);
        } else if let Some(Line::Gap(n)) = kept.last_mut() {
            *n += 1;
        } else {
            kept.push(Line::Gap(1));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &str) {
        let found = lines(old, new);
        let told: String = found
            .iter()
            .map(|line| match line {
                Line::Same(text) => format!(" {text}"),
                Line::Old(text) => format!("-{text}"),
                Line::New(text) => format!("+{text}"),
                Line::Gap(n) => format!("~{n}"),
            })
            .collect::<Vec<_>>()
            .join("|");
        assert_eq!(told, expected);
    }

    #[test]
    fn differences_are_told_with_what_is_around() {
        check("a\nb", "a\nb", "");
        check("a\nb\nc", "a\nx\nc", " a|-b|+x| c");
        check("", "a", "+a");
        check("a", "", "-a");
        check("a\nb\nc\nd", "b\nc\nx\nd\ne", "-a| b| c|+x| d|+e");
        let long = |mark: &str| format!("1\n2\n3\n4\n5\n6\n{mark}\n8\n9\n10\n11\n12");
        check(&long("7"), &long("x"), "~3| 4| 5| 6|-7|+x| 8| 9| 10|~2");
    }

    #[test]
    fn texts_that_are_too_long_are_told_whole() {
        let of = |what: &str| vec![what; MOST].join("\n");
        assert_eq!(lines(&of("a"), &of("b")).len(), 2 * MOST);
    }
}
