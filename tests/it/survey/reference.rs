//! Means and standard deviations that other software gives.
