mod bootstrap;
#[cfg(feature = "csv")]
mod cases;
#[cfg(feature = "csv")]
mod counted;
mod exact_fit;
#[cfg(feature = "csv")]
mod groups;
mod inadmissible;
#[cfg(feature = "csv")]
mod signs;
mod sizes;
mod staged;
