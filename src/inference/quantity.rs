//! The numbers of a fit that are resampled: each kind in a file of its own, and a line in the list here.

use std::fmt;

use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

/// What is the same for all quantities of a kind.
pub(super) struct Facts {
    /// What the kind is called among the results of a fit.
    pub(super) kind: &'static str,
    pub(super) form: Form,
    /// Does the sign depend on the directions of the constructs?
    pub(super) signed: bool,
    /// Why there may be no value where there is an estimate, for kinds of which that is so.
    pub(super) undefined: Option<&'static str>,
    /// Is it a figure of reliability or validity, which [`Bootstrap::without_assessment`](super::Bootstrap) leaves out?
    pub(super) assessment: bool,
}

/// What the names in a quantity are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A construct.
    Construct,
    /// A construct and an indicator.
    Indicator,
    /// A cause and the construct acted on.
    Effect,
    /// Two constructs.
    Pair,
    /// Two factors and the construct acted on.
    Product,
    /// The constructs along a route.
    Route,
}

/// A quantity, and how its values are read off solved replicates.
pub(super) struct Entry {
    pub(super) quantity: Quantity,
    pub(super) read: Read,
}

/// One or several names.
trait Names {
    fn add_to<'a>(&'a self, names: &mut Vec<&'a str>);
}

impl Names for String {
    fn add_to<'a>(&'a self, names: &mut Vec<&'a str>) {
        names.push(self);
    }
}

impl Names for Vec<String> {
    fn add_to<'a>(&'a self, names: &mut Vec<&'a str>) {
        names.extend(self.iter().map(String::as_str));
    }
}

/// From the list of kinds: the type of the quantities, and of their readings. A file has the `FACTS` of its kind, `entries`
/// with the quantities that a fit has, and `Read` with its method of the same name.
macro_rules! kinds {
    ($($(#[cfg($cfg:meta)])? $(#[doc = $doc:literal])* $kind:ident { $($field:ident: $type:ty),* } = $file:ident;)*) => {
        $($(#[cfg($cfg)])? mod $file;)*

        /// A number that a fit has.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Serialize, serde::Deserialize),
            serde(rename_all = "snake_case", deny_unknown_fields)
        )]
        #[allow(missing_docs, reason = "each name says what it is of")]
        #[non_exhaustive]
        pub enum Quantity {
            $($(#[cfg($cfg)])? $(#[doc = $doc])* $kind { $($field: $type),* },)*
        }

        impl Quantity {
            pub(super) fn facts(&self) -> &'static Facts {
                match self {
                    $($(#[cfg($cfg)])? Self::$kind { .. } => &$file::FACTS,)*
                }
            }

            /// The names in it, in order.
            pub(super) fn names(&self) -> Vec<&str> {
                let mut names = Vec::new();
                match self {
                    $($(#[cfg($cfg)])? Self::$kind { $($field),* } => {
                        $($field.add_to(&mut names);)*
                    })*
                }
                names
            }
        }

        /// How a quantity is read off.
        pub(super) enum Read {
            $($(#[cfg($cfg)])? $kind($file::Read),)*
        }

        impl Read {
            #[inline(always)]
            pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
                match self {
                    $($(#[cfg($cfg)])? Self::$kind(read) => read.read(replicate),)*
                }
            }
        }

        /// The quantities of a fit, in the order of the list.
        pub(super) fn entries(sample: &Sample<'_>, assess: bool) -> Vec<Entry> {
            let mut entries = Vec::new();
            $($(#[cfg($cfg)])? {
                let entry = |(quantity, read)| Entry { quantity, read: Read::$kind(read) };
                if assess || !$file::FACTS.assessment {
                    entries.extend($file::entries(sample).into_iter().map(entry));
                }
            })*
            entries
        }
    };
}

kinds! {
    /// The standardised outer weight of an indicator.
    Weight { construct: String, indicator: String } = weight;
    /// The loading of an indicator.
    Loading { construct: String, indicator: String } = loading;
    /// A path coefficient.
    Path { from: String, to: String } = path;
    /// The effect of the product of two constructs in units of their standard deviations
    /// ([`Fit::product_effect`](crate::structural::Fit::product_effect)).
    ProductEffect { first: String, second: String, to: String } = product_effect;
    /// The explained variance of a construct.
    RSquared { construct: String } = r_squared;
    /// The effect of one construct on another over all routes.
    TotalEffect { from: String, to: String } = total_effect;
    /// The effect of one construct on another over all routes of two paths or more.
    IndirectEffect { from: String, to: String } = indirect_effect;
    /// The effect of one construct on another over one route of two paths or more, named by the constructs along it: the
    /// cause first and the construct acted on last.
    SpecificEffect { route: Vec<String> } = specific_effect;
    /// The correlation of two constructs' scores; in a consistent fit, of the constructs.
    Correlation { first: String, second: String } = correlation;
    /// The 0–100 index of a construct, by unstandardised weights.
    Index { construct: String } = index;
    /// Cronbach's α of a construct's standardised indicators.
    Alpha { construct: String } = alpha;
    /// Dijkstra and Henseler's ρ_A of a `=~` construct.
    RhoA { construct: String } = rho_a;
    /// The composite reliability ρ_C of a construct.
    RhoC { construct: String } = rho_c;
    /// The average variance extracted of a construct.
    AverageVarianceExtracted { construct: String } = average_variance;
    /// The heterotrait-monotrait ratio of two constructs.
    Htmt { first: String, second: String } = htmt;
    #[cfg(test)]
    /// The sum of a construct's loadings: one more, to see that a file and a line are enough.
    SumOfLoadings { construct: String } = sum_of_loadings;
}

pub(super) use index::unavailable as unavailable_indices;

impl Quantity {
    /// What it is called among the results of a fit.
    pub(super) fn kind(&self) -> &'static str {
        self.facts().kind
    }

    /// The names in it: "Satisfaction -> Loyalty".
    pub fn label(&self) -> String {
        let names = self.names();
        match self.facts().form {
            Form::Construct => names.concat(),
            Form::Indicator => names.join(": "),
            Form::Pair => names.join(", "),
            Form::Effect | Form::Route => names.join(" -> "),
            Form::Product => format!("{}:{} -> {}", names[0], names[1], names[2]),
        }
    }
}

/// The kind and the names: "path coefficients Satisfaction -> Loyalty".
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind().replace('_', " "), self.label())
    }
}

/// The constructs of several indicators, whose figures are not fixed by definition, each with what it is read by.
fn of_several<R>(sample: &Sample<'_>, quantity: fn(String) -> Quantity, read: fn(usize) -> R) -> Vec<(Quantity, R)> {
    let blocks = sample.plan.blocks.iter().enumerate();
    let several = blocks.filter(|(_, block)| block.indicators.len() > 1);
    several.map(|(at, _)| (quantity(sample.name(at)), read(at))).collect()
}

/// All pairs of constructs, each once.
fn pairs<R>(
    sample: &Sample<'_>,
    quantity: fn(String, String) -> Quantity,
    read: fn(usize, usize) -> R,
) -> Vec<(Quantity, R)> {
    let pairs = (0..sample.plan.blocks.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
    pairs.map(|(first, second)| (quantity(sample.name(first), sample.name(second)), read(first, second))).collect()
}

/// All indicators with their constructs.
fn indicators<R>(
    sample: &Sample<'_>,
    quantity: fn(String, String) -> Quantity,
    read: fn(usize, usize) -> R,
) -> Vec<(Quantity, R)> {
    let names: Vec<&str> = sample.fit.model().indicators().collect();
    let blocks = sample.plan.blocks.iter().enumerate();
    let owned = blocks.flat_map(|(construct, block)| block.indicators.clone().map(move |at| (construct, at)));
    owned.map(|(construct, at)| (quantity(sample.name(construct), names[at].into()), read(construct, at))).collect()
}
