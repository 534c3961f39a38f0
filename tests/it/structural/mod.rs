mod likert;
mod population;
mod specification;
mod strategies;
mod template;
