//! How many numbers a run may keep.

use crate::error::{ErrorKind, Result};

/// 8 GiB of them.
const MOST: usize = 1 << 30;

/// Checks that so many replicates can be kept, each with so many numbers, before memory is taken for them.
pub(super) fn check(replicates: usize, each: usize) -> Result<()> {
    if replicates.checked_mul(each.max(1)).is_some_and(|size| size <= MOST) {
        return Ok(());
    }
    let most = MOST / each.max(1);
    let expected = format!("at most {most}: each keeps {each} numbers, and a run no more than {MOST} (8 GiB)");
    Err(ErrorKind::Domain { place: "the number of replicates is".into(), value: replicates as f64, expected }.into())
}

/// Checks that there are at least so many replicates.
pub(super) fn at_least(least: usize, replicates: usize, what: &str) -> Result<()> {
    if replicates >= least {
        return Ok(());
    }
    let place = format!("the number of {what} is");
    Err(ErrorKind::Domain { place, value: replicates as f64, expected: format!("at least {least}") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_refused_before_memory_is_taken() {
        assert_eq!(check(MOST / 4, 4), Ok(()));
        assert_eq!(
            check(MOST / 4 + 1, 4).unwrap_err().to_string(),
            "the number of replicates is 268435457; expected at most 268435456: each keeps 4 numbers, and a run no more \
             than 1073741824 (8 GiB)"
        );
        for replicates in [usize::MAX, usize::MAX / 2 + 1, 1 << 40] {
            assert!(check(replicates, 1).is_err() && check(replicates, 1 << 20).is_err());
        }
        assert_eq!(
            at_least(2, 1, "replicates").unwrap_err().to_string(),
            "the number of replicates is 1; expected at least 2"
        );
    }
}
