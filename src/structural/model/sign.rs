//! Signs that the syntax does not know: what they look like, and what to write in their place.

/// A sign of another script than ASCII's: punctuation, mathematical, invisible.
pub(crate) fn is_sign(character: char) -> bool {
    is_invisible(character)
        || matches!(character,
            '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}' | '\u{bf}' | '×' | '÷'
            | '\u{2dc}' | '\u{2010}'..='\u{205f}' | '\u{2190}'..='\u{2bff}'
            | '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{303d}'
            | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
            | '\u{ffe0}'..='\u{ffff}')
}

/// A character that takes no room. The joiners within words of some scripts are not among them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_quotation_mark(character: char) -> bool {
    matches!(character, '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '「'..='』' | '\u{301d}'..='\u{301f}' | '＂' | '＇' | '`' | '´')
}

/// The ASCII sign that a character looks like.
fn plain(character: char) -> Option<char> {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        '∼' | '\u{2dc}' | '〜' => Some('~'),
        '×' | '∗' | '⋅' | '·' => Some('*'),
        '∶' => Some(':'),
        '、' => Some(','),
        _ => None,
    }
}

/// Is a sign more likely to be meant for another than to be out of place?
pub(crate) fn is_mistaken(text: &str) -> bool {
    text.chars().next().is_some_and(|first| is_quotation_mark(first) || is_invisible(first) || plain(first).is_some())
}

/// What to say of a sign that the syntax does not know.
pub(crate) fn unexpected(text: &str) -> String {
    let Some(first) = text.chars().next() else { return "unexpected end".into() };
    if matches!(first, '"' | '\'') {
        return format!("the quotation mark `{first}` is not closed on its line");
    }
    if is_quotation_mark(first) {
        return format!("unexpected `{first}`; a name in quotes has straight ones (`\"`)");
    }
    if is_invisible(first) {
        return format!("an invisible character (U+{:04X}) stands here; take it out", u32::from(first));
    }
    match plain(first) {
        Some(',') => format!("unexpected `{first}`; names are joined by `+`"),
        Some(plain) if "+~=<;*:#!_.".contains(plain) => {
            format!("`{first}` looks like `{plain}` and is another character; write `{plain}`")
        }
        None if matches!(first, '=' | ',') => format!("unexpected `{first}`"),
        _ => format!("unexpected `{first}`; a name with such a sign stands in quotes (`\"`)"),
    }
}
