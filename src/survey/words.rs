//! Words as people type them: compared without what does not matter, and the nearest of a list.

/// The usual form of a full-width digit, letter or sign.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        _ => character,
    }
}

/// A word by which it is compared: in lower case and half width, with single blanks inside and none around.
pub(super) fn folded(text: &str) -> String {
    let plain: String = text.chars().map(half_width).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an answer that is none of these could have been: the nearest of them, or all.
pub(super) fn suggestion<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let word = folded(text);
    let nearest =
        known.iter().map(|name| (distance(&word, &folded(name)), *name)).min_by_key(|(distance, _)| *distance);
    match nearest {
        // Half of the letters are to be the same.
        Some((distance, name)) if 2 * distance <= word.chars().count() => format!("the nearest is `{name}`"),
        _ => {
            const SHOWN: usize = 10;
            let shown = known.iter().take(SHOWN).map(|name| format!("`{name}`"));
            let more = (known.len() > SHOWN).then(|| format!("{} more", known.len() - SHOWN));
            format!("expected {}", shown.chain(more).collect::<Vec<_>>().join(", "))
        }
    }
}

/// How many letters are to be put in, taken out or changed to make one word of the other (Levenshtein 1966).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_between_words() {
        for (one, other, letters) in [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("良好", "良", 1)] {
            assert_eq!(distance(one, other), letters);
        }
        assert_eq!(folded(" Very  SATISFIED\u{3000}"), "very satisfied");
        assert_eq!(folded("ＡＢ１"), "ab1");
        assert_eq!(suggestion("godo", ["good", "poor"].into_iter()), "the nearest is `good`");
        assert_eq!(suggestion("excellent", ["good", "poor"].into_iter()), "expected `good`, `poor`");
    }
}
