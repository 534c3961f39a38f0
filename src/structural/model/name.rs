//! Names, and how they are written.

use std::borrow::Cow;

use crate::structural::model::sign;

/// Can the syntax print this name so that it reads it back?
pub(crate) fn is_name(text: &str) -> bool {
    let both = QUOTES.iter().all(|quote| text.contains(*quote));
    !text.trim().is_empty() && !both && !text.contains(is_line_end) && !text.contains(char::is_control)
}

/// A name as it stands in the syntax: in quotes, if it would not be read as one name without.
pub(crate) fn written(name: &str) -> Cow<'_, str> {
    if is_plain_name(name) {
        return Cow::Borrowed(name);
    }
    let quote = QUOTES.into_iter().find(|quote| !name.contains(*quote)).unwrap_or(QUOTES[0]);
    Cow::Owned(format!("{quote}{name}{quote}"))
}

/// What stands around a name with blanks or signs.
pub(crate) const QUOTES: [char; 2] = ['"', '\''];

/// Is a text read as one name without quotes?
pub(crate) fn is_plain_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_character) && !is_number(text)
}

/// Letters, digits and marks of any script, `_` and `.`: no blanks and no signs.
pub(crate) fn is_name_character(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphanumeric() || matches!(character, '_' | '.')
    } else {
        !character.is_whitespace() && !character.is_control() && !sign::is_sign(character)
    }
}

/// A number, as opposed to a name such as `inf` or `Q1`.
pub(crate) fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit() || first == '.') && word.parse::<f64>().is_ok()
}

/// Every end of a line that an editor may write.
pub(crate) fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
