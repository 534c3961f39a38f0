mod agreement;
mod allocation;
mod assessment;
mod assessment_properties;
mod blindfolding;
mod cases;
mod consistent;
mod entrances;
#[cfg(all(feature = "csv", feature = "serde"))]
mod estimate;
pub(crate) mod estimates;
mod higher_order;
mod hostile;
mod index_effects;
mod interaction;
mod known_error;
mod likert;
mod missing_in_stages;
#[path = "../../../examples/data/mobile.rs"]
#[allow(dead_code, reason = "the example needs more of it")]
mod mobile;
pub(crate) mod peers;
mod population;
mod properties;
mod recovery;
#[cfg(feature = "serde")]
mod saved;
mod specification;
mod stages;
mod strategies;
mod template;
mod verify;
