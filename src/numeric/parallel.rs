//! Independent pieces of work, on all cores where the feature `parallel` is on.

use std::sync::OnceLock;

/// What `work` gives for 0, 1, …, `count` − 1, in this order whatever the threads do.
pub(crate) fn map<T: Send + Sync>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if count <= 1 {
        return (0..count).map(work).collect();
    }
    let places: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
    // Each place is filled once, so there is nothing to be said of what `set` gives back.
    each(count, &|at| drop(places[at].set(work(at))));
    places.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// Calls `work` once for each number below `count`. Not generic: what distributes the work is compiled once, not for
/// each of its callers.
#[cfg(feature = "parallel")]
fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    (0..count).into_par_iter().for_each(work);
}

/// Calls `work` once for each number below `count`.
#[cfg(not(feature = "parallel"))]
fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).for_each(work);
}

/// What two pieces of work give.
#[cfg(feature = "parallel")]
pub(crate) fn both<T: Send, U: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> U + Send) -> (T, U) {
    rayon::join(one, other)
}

/// What two pieces of work give.
#[cfg(not(feature = "parallel"))]
pub(crate) fn both<T, U>(one: impl FnOnce() -> T, other: impl FnOnce() -> U) -> (T, U) {
    (one(), other())
}

/// How many pieces of work go on at once.
#[cfg(feature = "parallel")]
pub(crate) fn threads() -> usize {
    rayon::current_num_threads()
}

/// How many pieces of work go on at once.
#[cfg(not(feature = "parallel"))]
pub(crate) fn threads() -> usize {
    1
}
