//! Independent pieces of work, on all cores where the feature `parallel` is on.

/// What `work` gives for 0, 1, …, `count` − 1, in this order whatever the threads do.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    if count <= 1 {
        return (0..count).map(work).collect();
    }
    (0..count).into_par_iter().map(work).collect()
}

/// What `work` gives for 0, 1, …, `count` − 1, in this order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T>(count: usize, work: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(work).collect()
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
