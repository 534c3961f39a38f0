mod agreement;
mod allocation;
mod assessment;
mod assessment_properties;
mod blindfolding;
mod bootstrap;
mod consistent;
mod entrances;
mod estimates;
mod exact_fit;
mod higher_order;
mod hostile;
mod interaction;
mod known_error;
mod likert;
#[path = "../../../examples/data/mobile.rs"]
#[allow(dead_code, reason = "the example needs more of it")]
mod mobile;
mod peers;
mod population;
mod properties;
mod recovery;
mod specification;
mod staged;
mod strategies;
mod template;
mod verify;
