//! The sum of a construct's loadings: one more quantity, for a test.

use crate::inference::quantity::{Facts, Form, Quantity, of_several};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

pub(super) const FACTS: Facts =
    Facts { kind: "sums_of_loadings", form: Form::Construct, signed: true, undefined: None, assessment: false };

/// The construct.
pub(in crate::inference) struct Read(usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    of_several(sample, |construct| Quantity::SumOfLoadings { construct }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let block = replicate.plan.blocks[self.0].indicators.clone();
        let mut sum = replicate.work.zero;
        for indicator in block {
            sum += replicate.common.loadings[indicator] * replicate.flips[self.0];
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Bootstrap;
    use crate::structural::{Pls, template};

    #[test]
    fn a_file_and_a_line_make_a_quantity() {
        let survey = template::acsi();
        let responses = survey.population().build().unwrap().likert(&survey.likert(), 150, 1).unwrap();
        let fit = Pls::new().fit(&survey.model(), &responses).unwrap();
        let boot = Bootstrap::new(20).seed(1).run(&fit, &responses).unwrap();
        let sum = boot.get(&Quantity::SumOfLoadings { construct: "Value".into() }).unwrap();
        let names = survey.model().construct("Value").unwrap().indicators().to_vec();
        let loadings: Vec<_> = names.iter().map(|name| boot.loading(name).unwrap()).collect();
        for (at, draw) in sum.draws().iter().enumerate() {
            assert_eq!(*draw, loadings.iter().map(|loading| loading.draws()[at]).sum::<f64>());
        }
        assert!(boot.to_string().contains("sums of loadings"));
    }
}
