//! Ready trees: what to ask in some surveys, with equal weights to be replaced by one's own.
//!
//! Each has the indicators that such surveys commonly have. The wording is that of this crate, and none is an official
//! text. All answers are on a scale from 1 to 10.
//!
//! | survey | tree |
//! |---|---|
//! | what a company stands for, and what it sells | [`five_subsystems`] |
//! | after-sales service of vehicles | [`after_sales_five`], [`after_sales_six`] |
//! | retail customers of a wholesale supplier | [`retail_customers`] |
//! | what customers need of a bank | [`bank_service_needs`] |
//! | field service | [`field_service`] |

use crate::error::Result;
use crate::numeric::check;
use crate::survey::{Hierarchy, Node, Questionnaire, Scale};
use crate::weights::Weights;

/// A tree with its questions.
///
/// # Examples
///
/// ```
/// use satindex::survey::template;
///
/// let survey = template::five_subsystems();
/// assert_eq!(survey.hierarchy().leaves().count(), 30);
/// assert_eq!(survey.questionnaire().get("visual_logo")?.wording(), Some("The logo"));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawTree"))]
pub struct ReadyTree {
    hierarchy: Hierarchy,
    questionnaire: Questionnaire,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTree {
    hierarchy: Hierarchy,
    questionnaire: Questionnaire,
}

#[cfg(feature = "serde")]
impl TryFrom<RawTree> for ReadyTree {
    type Error = crate::Error;

    fn try_from(raw: RawTree) -> Result<Self> {
        Self::new(raw.hierarchy, raw.questionnaire)
    }
}

impl ReadyTree {
    /// A tree with its questions: one's own, to be kept with the ready ones.
    ///
    /// # Errors
    ///
    /// A leaf without a question, or a question that is no leaf.
    pub fn new(hierarchy: Hierarchy, questionnaire: Questionnaire) -> Result<Self> {
        let leaves: Vec<&str> = hierarchy.leaves().map(Node::name).collect();
        let asked: Vec<&str> = questionnaire.names().collect();
        check::matching(&asked, &leaves, "question", "leaf")?;
        Ok(Self { hierarchy, questionnaire })
    }

    /// The tree, with equal weights everywhere; [`Hierarchy::with_weights`] gives it others.
    pub fn hierarchy(&self) -> &Hierarchy {
        &self.hierarchy
    }

    /// The questions, one for each leaf.
    pub fn questionnaire(&self) -> &Questionnaire {
        &self.questionnaire
    }
}

/// A branch: its name and its leaves with their wording. Leaves of a branch without a name stand under the goal.
type Branch = (&'static str, &'static [(&'static str, &'static str)]);

/// The five subsystems of customer satisfaction: mind, behaviour, visual, product and service.
pub fn five_subsystems() -> ReadyTree {
    grow("customer satisfaction", FIVE_SUBSYSTEMS)
}

/// After-sales service of vehicles by five factors.
pub fn after_sales_five() -> ReadyTree {
    grow("after-sales service", AFTER_SALES_FIVE)
}

/// After-sales service of vehicles by six factors.
pub fn after_sales_six() -> ReadyTree {
    grow("after-sales service", AFTER_SALES_SIX)
}

/// Retail customers of a wholesale supplier: service, supply, market order, overall, brands and prices.
pub fn retail_customers() -> ReadyTree {
    grow("retail-customer satisfaction", RETAIL_CUSTOMERS)
}

/// What customers need of the service of a bank.
pub fn bank_service_needs() -> ReadyTree {
    grow("bank service", BANK_SERVICE_NEEDS)
}

/// Electrical field service: speed of response, technical ability, attitude.
pub fn field_service() -> ReadyTree {
    grow("field service", FIELD_SERVICE)
}

/// The tree of these branches. The names in the tables below are there and different, which a test holds.
#[allow(clippy::expect_used, reason = "the tables are constant")]
fn grow(goal: &str, branches: &[Branch]) -> ReadyTree {
    let equal = |names: Vec<&str>| Weights::equal(names).expect("names that are different");
    let below = branches.iter().flat_map(|(name, leaves)| {
        let own = (!name.is_empty()).then_some(*name);
        let others = if name.is_empty() { *leaves } else { &[] };
        own.into_iter().chain(others.iter().map(|leaf| leaf.0))
    });
    let mut builder = Hierarchy::builder(goal, equal(below.collect()));
    for (name, leaves) in branches.iter().filter(|(name, _)| !name.is_empty()) {
        builder = builder.divide(*name, equal(leaves.iter().map(|leaf| leaf.0).collect()));
    }
    let questions = branches.iter().flat_map(|(_, leaves)| leaves.iter());
    ReadyTree {
        hierarchy: builder.build().expect("a tree"),
        questionnaire: Questionnaire::of_known(questions.map(|(name, wording)| (*name, *wording, Scale::ONE_TO_TEN))),
    }
}

const FIVE_SUBSYSTEMS: &[Branch] = &[
    (
        "mind",
        &[
            ("mind_purpose", "The purpose that the company says it has"),
            ("mind_quality_policy", "The quality policy of the company"),
            ("mind_spirit", "The spirit in which the company works"),
            ("mind_culture", "The culture of the company"),
            ("mind_promise", "What the company promises its customers"),
            ("mind_values", "The values that the company stands for"),
        ],
    ),
    (
        "behaviour",
        &[
            ("behaviour_mechanism", "How the company organises its work"),
            ("behaviour_rules", "The rules by which the staff act"),
            ("behaviour_pattern", "How the staff behave in practice"),
        ],
    ),
    (
        "visual",
        &[
            ("visual_name", "The name of the company"),
            ("visual_logo", "The logo"),
            ("visual_lettering", "The lettering"),
            ("visual_colours", "The colours of the company"),
            ("visual_slogan", "The slogan"),
            ("visual_promise", "The promise as it is displayed"),
            ("visual_advertising_line", "The line used in advertising"),
            ("visual_song", "The song of the company"),
            ("visual_surroundings", "The surroundings of the premises"),
            ("visual_image", "The image of the company in public"),
            ("visual_uniforms", "The uniforms of the staff"),
            ("visual_courtesy", "The courtesy of the staff"),
        ],
    ),
    (
        "product",
        &[
            ("product_quality", "The quality of the product"),
            ("product_function", "What the product can do"),
            ("product_design", "The design of the product"),
            ("product_packaging", "The packaging"),
            ("product_taste", "The taste that the product shows"),
            ("product_price", "The price of the product"),
        ],
    ),
    (
        "service",
        &[
            ("service_before_sale", "The service before the sale"),
            ("service_during_sale", "The service during the sale"),
            ("service_after_sale", "The service after the sale"),
        ],
    ),
];

const AFTER_SALES_FIVE: &[Branch] = &[(
    "",
    &[
        ("service_quality", "The quality of the work that was done"),
        ("hand_over", "How the vehicle was handed over after the work"),
        ("initiation", "How the service was begun: appointment and drop-off"),
        ("adviser", "The service adviser"),
        ("facility", "The premises of the workshop"),
    ],
)];

const AFTER_SALES_SIX: &[Branch] = &[(
    "",
    &[
        ("hand_over", "How the vehicle was handed over after the repair"),
        ("appointment", "How an appointment was made"),
        ("reception_and_staff", "The reception and the staff"),
        ("cost", "What the service cost"),
        ("repair_quality", "The quality of the repair"),
        ("facility", "The premises of the workshop"),
    ],
)];

const RETAIL_CUSTOMERS: &[Branch] = &[
    (
        "service",
        &[
            ("service_visits", "How often our representative visits you"),
            ("service_attitude", "The attitude of the representative"),
            ("service_knowledge", "What the representative knows of the goods"),
            ("service_advice", "The advice on running your shop"),
            ("service_ordering", "How easily orders are placed"),
            ("service_order_confirmation", "How reliably orders are confirmed"),
            ("service_delivery_time", "Whether deliveries come on time"),
            ("service_delivery_care", "The care that is taken in delivery"),
            ("service_settlement", "How payments are settled"),
            ("service_complaints", "How complaints are dealt with"),
        ],
    ),
    (
        "supply",
        &[
            ("supply_range", "The range of goods that is offered"),
            ("supply_availability", "Whether ordered goods are available"),
            ("supply_fairness", "How fairly scarce goods are shared out"),
            ("supply_freshness", "The freshness of the goods"),
            ("supply_rotation", "How goods that do not sell are taken back"),
            ("supply_forecast", "How well supply follows demand"),
        ],
    ),
    (
        "market order",
        &[
            ("market_order_licences", "How licences are granted"),
            ("market_order_inspections", "How inspections are carried out"),
            ("market_order_counterfeits", "The action against counterfeit goods"),
            ("market_order_smuggling", "The action against smuggled goods"),
            ("market_order_price_discipline", "Whether shops keep to the agreed prices"),
            ("market_order_competition", "The fairness of competition between shops"),
        ],
    ),
    (
        "overall",
        &[
            ("overall_satisfaction", "Your satisfaction altogether"),
            ("overall_expectation", "The supplier compared with what you expected"),
            ("overall_ideal", "The supplier compared with an ideal one"),
            ("overall_profit", "The profit that you make with the goods"),
            ("overall_trust", "How far you trust the supplier"),
            ("overall_communication", "How the supplier keeps you informed"),
            ("overall_image", "The reputation of the supplier"),
            ("overall_renewal", "Whether you would choose the supplier again"),
            ("overall_recommendation", "Whether you would recommend the supplier"),
        ],
    ),
    (
        "brands and prices",
        &[
            ("brands_and_prices_brand_range", "The range of brands"),
            ("brands_and_prices_brand_fame", "The fame of the brands"),
            ("brands_and_prices_brand_quality", "The quality of the brands"),
            ("brands_and_prices_brand_stability", "How constant the quality of the brands is"),
            ("brands_and_prices_brand_packaging", "The packaging of the brands"),
            ("brands_and_prices_brand_promotion", "The promotion of the brands"),
            ("brands_and_prices_new_brands", "New brands"),
            ("brands_and_prices_local_brands", "Local brands"),
            ("brands_and_prices_leading_brands", "The supply of leading brands"),
            ("brands_and_prices_wholesale_price", "The wholesale prices"),
            ("brands_and_prices_retail_price", "The suggested retail prices"),
            ("brands_and_prices_price_stability", "The stability of prices"),
            ("brands_and_prices_price_notice", "The notice that is given of new prices"),
            ("brands_and_prices_price_gap", "The gap between wholesale and retail prices"),
            ("brands_and_prices_price_range", "The choice of price ranges"),
            ("brands_and_prices_value", "The value of the goods for their price"),
        ],
    ),
];

const BANK_SERVICE_NEEDS: &[Branch] = &[(
    "",
    &[
        ("function", "Whether the service does what it is for"),
        ("economy", "What the service costs"),
        ("safety", "The safety of money and data"),
        ("time", "The time that the service takes"),
        ("comfort", "The comfort of the premises and of access"),
        ("courtesy", "The courtesy of the staff"),
    ],
)];

const FIELD_SERVICE: &[Branch] = &[
    (
        "response speed",
        &[
            ("two_hour_response", "Whether the answer came within two hours"),
            ("arrival_in_24_hours", "Whether the technician came within 24 hours"),
            ("spare_parts", "Whether spare parts were at hand"),
        ],
    ),
    (
        "technical ability",
        &[
            ("first_time_fix", "Whether the fault was mended at the first visit"),
            ("no_recurrence", "Whether the fault stayed away"),
        ],
    ),
    ("", &[("attitude", "The attitude of the technician")]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of questions under each branch, as the surveys have them.
    #[test]
    fn trees_have_their_questions() {
        for (tree, counts) in [
            (five_subsystems(), vec![6, 3, 12, 6, 3]),
            (after_sales_five(), vec![5]),
            (after_sales_six(), vec![6]),
            (retail_customers(), vec![10, 6, 6, 9, 16]),
            (bank_service_needs(), vec![6]),
            (field_service(), vec![3, 2, 1]),
        ] {
            let hierarchy = tree.hierarchy();
            let sizes: Vec<usize> = hierarchy
                .goal()
                .children()
                .filter(|child| !child.is_leaf())
                .map(|child| child.children().count())
                .collect();
            let alone = hierarchy.goal().children().filter(Node::is_leaf).count();
            let sizes: Vec<usize> = sizes.into_iter().chain((alone > 0).then_some(alone)).collect();
            assert_eq!(sizes, counts, "{}", hierarchy.goal().name());
            let names: Vec<&str> = hierarchy.leaves().map(Node::name).collect();
            let asked = tree.questionnaire();
            assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
            assert!(names.iter().all(|name| asked.get(name).is_ok_and(|asked| asked.wording().is_some())));
            assert_eq!(asked.names().len(), names.len());
        }
    }
}
