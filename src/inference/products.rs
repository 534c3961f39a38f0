//! The products of each respondent's answers: all that a resample's covariance matrix is a sum of.

use std::ops::Range;

use pulp::Simd;

use crate::inference::draw::Clusters;
use crate::inference::resample::TILE;
use crate::survey::Responses;

/// Respondents whose counts, and a strip of whose products, fit the first level of the cache together.
const BLOCK: usize = 128;

/// Up to this many numbers (128 MiB) the products are kept; beyond, they are formed anew for each tile of replicates,
/// which costs one multiplication where the tile takes sixteen.
const KEPT: usize = 1 << 24;

/// Answers in the units of the problem, and for each respondent (or cluster of respondents) the row
/// 1, z₁ … z_p, z₁z₁, z₂z₁, z₂z₂, z₃z₁ …
pub(super) struct Products {
    answers: Vec<f64>,
    kept: Option<Vec<f64>>,
    size: usize,
    rows: usize,
}

impl Products {
    /// Some rows of the responses, in these columns less their centres and over their scales; and behind them the products
    /// of these pairs of columns.
    pub(super) fn new(
        responses: &Responses,
        rows: &[usize],
        columns: &[usize],
        (centres, scales): (&[f64], &[f64]),
        pairs: &[(usize, usize)],
    ) -> Self {
        let size = columns.len() + pairs.len();
        let mut answers = vec![0.0; rows.len() * size];
        for (place, column) in columns.iter().enumerate() {
            let answered = responses.answers_to(*column);
            for (row, from) in rows.iter().enumerate() {
                answers[row * size + place] = (answered[*from] - centres[place]) / scales[place];
            }
        }
        for row in answers.chunks_exact_mut(size) {
            let (own, products) = row.split_at_mut(columns.len());
            products.iter_mut().zip(pairs).for_each(|(product, (one, other))| *product = own[*one] * own[*other]);
        }
        let mut products = Self { answers, kept: None, size, rows: rows.len() };
        if products.rows * products.width() <= KEPT {
            let mut kept = Vec::new();
            products.form(0..products.rows, &mut kept);
            products.kept = Some(kept);
        }
        products
    }

    /// The same products summed over the respondents of each cluster.
    pub(super) fn clustered(self, clusters: &Clusters, frequencies: Option<&[u64]>) -> Self {
        let width = self.width();
        let mut sums = vec![0.0; clusters.count * width];
        let mut products = Vec::new();
        for (row, cluster) in clusters.codes.iter().enumerate() {
            products.clear();
            self.form(row..row + 1, &mut products);
            let times = frequencies.map_or(1.0, |frequencies| frequencies[row] as f64);
            let sum = &mut sums[cluster * width..(cluster + 1) * width];
            sum.iter_mut().zip(&products).for_each(|(sum, product)| *sum += times * product);
        }
        Self { kept: Some(sums), rows: clusters.count, ..self }
    }

    /// How many numbers a row has.
    pub(super) fn width(&self) -> usize {
        1 + self.size + self.size * (self.size + 1) / 2
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The products of some rows; in `room` if they are formed anew.
    pub(super) fn block<'a>(&'a self, rows: Range<usize>, room: &'a mut Vec<f64>) -> &'a [f64] {
        if let Some(kept) = &self.kept {
            return &kept[rows.start * self.width()..rows.end * self.width()];
        }
        room.clear();
        self.form(rows, room);
        room
    }

    fn form(&self, rows: Range<usize>, products: &mut Vec<f64>) {
        products.reserve(rows.len() * self.width());
        for row in rows {
            let answers = &self.answers[row * self.size..(row + 1) * self.size];
            products.push(1.0);
            products.extend(answers);
            for (last, answer) in answers.iter().enumerate() {
                products.extend(answers[..=last].iter().map(|other| answer * other));
            }
        }
    }

    /// Adds up the rows, each as often as its count says: `sums[f][k] = Σ_r counts[r][k] · products[r][f]`,
    /// for the `TILE` replicates k side by side.
    #[inline(always)]
    pub(super) fn accumulate<S: Simd>(&self, simd: S, counts: &[f64], room: &mut Vec<f64>, sums: &mut [f64]) {
        sums.fill(0.0);
        for start in (0..self.rows).step_by(BLOCK) {
            let end = self.rows.min(start + BLOCK);
            let products = self.block(start..end, room);
            multiply(simd, &counts[start * TILE..end * TILE], products, self.width(), sums);
        }
    }
}

#[inline(always)]
fn multiply<S: Simd>(simd: S, counts: &[f64], products: &[f64], width: usize, sums: &mut [f64]) {
    // As many sums by two vectors of replicates as the registers hold: 32 registers of 8 numbers, or 16 of 4.
    if S::F64_LANES == 8 {
        strips::<S, 12>(simd, counts, products, width, sums);
    } else {
        strips::<S, 6>(simd, counts, products, width, sums);
    }
}

#[inline(always)]
fn strips<S: Simd, const F: usize>(simd: S, counts: &[f64], products: &[f64], width: usize, sums: &mut [f64]) {
    let (counts, _) = S::as_simd_f64s(counts);
    let (sums, _) = S::as_mut_simd_f64s(sums);
    let vectors = TILE / S::F64_LANES;
    let whole = width / F * F;
    for first in (0..vectors).step_by(2) {
        for feature in (0..whole).step_by(F) {
            kernel::<S, F>(simd, (counts, vectors, first), (products, width, feature), sums);
        }
        for feature in whole..width {
            kernel::<S, 1>(simd, (counts, vectors, first), (products, width, feature), sums);
        }
    }
}

#[inline(always)]
fn kernel<S: Simd, const F: usize>(
    simd: S,
    (counts, vectors, first): (&[S::f64s], usize, usize),
    (products, width, feature): (&[f64], usize, usize),
    sums: &mut [S::f64s],
) {
    let zero = simd.splat_f64s(0.0);
    let mut left = [zero; F];
    let mut right = [zero; F];
    for (counts, products) in counts.chunks_exact(vectors).zip(products.chunks_exact(width)) {
        let (one, two) = (counts[first], counts[first + 1]);
        let products = &products[feature..feature + F];
        for at in 0..F {
            let product = simd.splat_f64s(products[at]);
            left[at] = simd.mul_add_e_f64s(one, product, left[at]);
            right[at] = simd.mul_add_e_f64s(two, product, right[at]);
        }
    }
    for at in 0..F {
        let place = (feature + at) * vectors + first;
        sums[place] = simd.add_f64s(sums[place], left[at]);
        sums[place + 1] = simd.add_f64s(sums[place + 1], right[at]);
    }
}
