//! What the index does: whether the satisfied stay.
//!
//! [`loyalty`] links the satisfaction of respondents with what they intend or do.

pub mod loyalty;
