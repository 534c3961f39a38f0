mod bootstrap;
mod exact_fit;
mod staged;
