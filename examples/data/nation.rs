//! A simulated nation: 10 sectors, 46 industries, and as many organisations as asked for.
#![allow(dead_code, reason = "not everybody who includes it needs all of it")]

use satindex::Result;
use satindex::aggregate::{GroupWeight, Structure};
use satindex::structural::template::{self, Template};
use satindex::structural::{Likert, Population};
use satindex::survey::Responses;

/// Sectors with their shares of the gross domestic product in percent (round figures), and their industries.
const SECTORS: [(&str, f64, &[&str]); 10] = [
    (
        "Nondurable goods",
        8.0,
        &["Food", "Soft drinks", "Breweries", "Personal care products", "Apparel", "Athletic shoes"],
    ),
    ("Durable goods", 9.0, &["Automobiles", "Household appliances", "Computers", "Televisions", "Cell phones"]),
    (
        "Retail trade",
        13.0,
        &[
            "Department stores",
            "Supermarkets",
            "Specialty stores",
            "Drug stores",
            "Gasoline stations",
            "Internet retail",
        ],
    ),
    ("Transportation", 6.0, &["Airlines", "Railways", "Consumer shipping", "Postal service"]),
    ("Accommodation and food", 7.0, &["Hotels", "Limited-service restaurants", "Full-service restaurants"]),
    (
        "Information",
        9.0,
        &["Fixed-line telephone", "Wireless telephone", "Internet service", "Television", "Software", "Streaming"],
    ),
    ("Utilities", 4.0, &["Investor-owned utilities", "Municipal utilities", "Cooperative utilities"]),
    (
        "Finance and insurance",
        14.0,
        &["Banks", "Credit unions", "Life insurance", "Health insurance", "Property insurance", "Internet brokers"],
    ),
    ("Health care", 12.0, &["Hospitals", "Ambulatory care", "Dental care"]),
    (
        "Public administration",
        18.0,
        &["Central government", "State government", "Local government", "Waste collection"],
    ),
];

/// Interviews with the customers of an organisation.
pub(crate) const INTERVIEWS: usize = 250;

pub(crate) struct Nation {
    pub(crate) survey: Template,
    pub(crate) structure: Structure,
    population: Population,
    likert: Likert,
}

impl Nation {
    /// Organisations are dealt out to the industries in turn; every fiftieth is active in the next industry too.
    pub(crate) fn new(organisations: usize) -> Result<Self> {
        let mut builder = Structure::builder("Nation");
        let mut industries = Vec::new();
        for (sector, share, names) in SECTORS {
            builder = builder.group(sector, "Nation", share);
            for industry in names {
                builder = builder.group(*industry, sector, GroupWeight::Members);
                industries.push(*industry);
            }
        }
        for at in 0..organisations {
            let industry = at % industries.len();
            let name = format!("{} {}", industries[industry], at / industries.len() + 1);
            let revenue = 1.0 + 20.0 * spread(at, 3);
            if at % 50 == 49 {
                builder = builder.entity(&name, industries[(industry + 1) % industries.len()], revenue / 2.0);
            }
            builder = builder.entity(name, industries[industry], revenue);
        }
        let survey = template::acsi();
        let population = survey.population().build()?;
        let likert = survey.likert();
        Ok(Self { survey, structure: builder.build()?, population, likert })
    }

    /// Every organisation with its interviews in a period, simulated when they are asked for. Organisations differ by up
    /// to 12 points, and change by −1 to 2 points from one period to the next.
    pub(crate) fn interviews(&self, period: usize) -> impl Iterator<Item = (&str, Result<Responses>)> {
        let names = self.structure.entities().iter().map(String::as_str);
        names.enumerate().map(move |(at, name)| {
            let points = 12.0 * spread(at, 1) - 6.0 + period as f64 * (3.0 * spread(at, 2) - 1.0);
            let seed = (period * self.structure.entities().len() + at) as u64;
            let likert = self.likert.clone().shifted(points);
            (name, likert.and_then(|likert| self.population.likert(&likert, INTERVIEWS, seed)))
        })
    }
}

/// Numbers spread evenly over 0 to 1, one sequence for each `kind`: multiples of an irrational number modulo 1.
fn spread(at: usize, kind: usize) -> f64 {
    ((at + 1) as f64 * [5.0_f64, 2.0, 3.0, 7.0][kind].sqrt()).fract()
}
