//! Judgements to weights, one file per idea.

mod fuzzy;
