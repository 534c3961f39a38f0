//! The known name that was probably meant by an unknown one.

/// Letters that a name must have for one of them to be taken for a slip.
const LONG: usize = 5;

/// Letters that a name must have to be told by them alone, whatever their case and what stands between them.
const SHORT: usize = 3;

/// The first of the known names that has the same letters and digits in any case, or differs in one letter: another one,
/// one more, one less, or two in the other order. Digits are no slips: `Q12` does not mean `Q13`.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let wanted = plain(name);
    let same = |candidate: &&str| wanted.len() >= SHORT && plain(candidate) == wanted;
    let near = |candidate: &&str| wanted.len() >= LONG && is_slip(&plain(candidate), &wanted);
    let (mut first, mut second) = (known.clone(), known);
    first.find(same).or_else(|| second.find(near))
}

/// The letters and digits of a name in lower case.
fn plain(name: &str) -> Vec<char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Do two names differ in one letter, or in the order of two that are neighbours?
fn is_slip(one: &[char], other: &[char]) -> bool {
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[..one.len() - end], &other[..other.len() - end]);
    let letters = one.iter().chain(other).all(|c| c.is_alphabetic());
    letters && (matches!((one, other), ([_], [_] | []) | ([], [_])) || is_exchange(one, other))
}

fn is_exchange(one: &[char], other: &[char]) -> bool {
    matches!((one, other), ([a, b], [c, d]) if a == d && b == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_spellings_are_told() {
        let known = ["Satisfaction", "Loyalty", "Q12", "waiting time", "x"];
        let near = |name: &str| nearest(name, known.into_iter());
        for name in ["satisfaction", "Satisfacton", "Satisfation", "Satisfactoin", "Satisfuction", " SATISFACTION "] {
            assert_eq!(near(name), Some("Satisfaction"), "{name}");
        }
        assert_eq!(near("waiting_time"), Some("waiting time"));
        assert_eq!(near("q12"), Some("Q12"));
        for name in ["Q13", "X", "Loyal", "Satisfction1", "", "y", "123456789"] {
            assert_eq!(near(name), None, "{name}");
        }
    }
}
