mod population;
mod specification;
mod strategies;
