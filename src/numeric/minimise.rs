//! Minimising smooth convex functions of many variables.

use crate::numeric::linalg::dot;

/// Steps remembered by [`lbfgs`].
const MEMORY: usize = 12;

/// Halvings of one step.
const HALVINGS: usize = 50;

/// The minimum of a smooth convex function from a start, by the limited-memory BFGS method with backtracking.
///
/// `function` writes the gradient at a point and returns the value, or `None` where it has none. The search ends when no
/// entry of the gradient exceeds `tolerance`, after `steps`, or where rounding hides every further descent; the point
/// reached and the greatest entry of its gradient come back.
///
/// J. Nocedal (1980), Mathematics of Computation 35, doi:10.2307/2006193.
pub(crate) fn lbfgs(
    mut x: Vec<f64>,
    tolerance: f64,
    steps: usize,
    mut function: impl FnMut(&[f64], &mut [f64]) -> Option<f64>,
) -> (Vec<f64>, f64) {
    let mut gradient = vec![0.0; x.len()];
    let Some(mut value) = function(&x, &mut gradient) else { return (x, f64::INFINITY) };
    let mut memory: Vec<(Vec<f64>, Vec<f64>)> = Vec::with_capacity(MEMORY);
    let mut next_gradient = gradient.clone();
    for _ in 0..steps {
        if greatest(&gradient) <= tolerance {
            break;
        }
        let mut direction = descent(&gradient, &memory);
        if dot(&direction, &gradient) >= 0.0 {
            memory.clear();
            direction = gradient.iter().map(|g| -g).collect();
        }
        let slope = dot(&direction, &gradient);
        let mut step = 1.0;
        let mut found = None;
        for _ in 0..HALVINGS {
            let next: Vec<f64> = x.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
            let reached = function(&next, &mut next_gradient);
            // Close to the minimum rounding decides which of two values is less.
            let enough = value + 1e-4 * step * slope + 4.0 * f64::EPSILON * value.abs();
            if let Some(reached) = reached.filter(|reached| *reached <= enough) {
                found = Some((next, reached));
                break;
            }
            step *= 0.5;
        }
        let Some((next, reached)) = found else { break };
        let moved: Vec<f64> = next.iter().zip(&x).map(|(next, x)| next - x).collect();
        let turned: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, g)| next - g).collect();
        if dot(&moved, &turned) > 0.0 {
            memory.truncate(MEMORY - 1);
            memory.insert(0, (moved, turned));
        }
        (x, value) = (next, reached);
        std::mem::swap(&mut gradient, &mut next_gradient);
    }
    let left = greatest(&gradient);
    (x, left)
}

/// −Hg with the inverse Hessian H that the remembered steps imply, the latest first.
fn descent(gradient: &[f64], memory: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut shares = Vec::with_capacity(memory.len());
    for (moved, turned) in memory {
        let share = dot(moved, &direction) / dot(moved, turned);
        direction.iter_mut().zip(turned).for_each(|(d, turned)| *d -= share * turned);
        shares.push(share);
    }
    if let Some((moved, turned)) = memory.first() {
        let scale = dot(moved, turned) / dot(turned, turned);
        for d in &mut direction {
            *d *= scale;
        }
    }
    for ((moved, turned), share) in memory.iter().zip(shares).rev() {
        let back = dot(turned, &direction) / dot(moved, turned);
        direction.iter_mut().zip(moved).for_each(|(d, moved)| *d += (share - back) * moved);
    }
    direction
}

fn greatest(x: &[f64]) -> f64 {
    x.iter().map(|x| x.abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Σ cosh(x) + ½|Ax − b|² has its minimum where its gradient is 0; the starting point is far off.
    #[test]
    fn a_badly_scaled_convex_function_is_minimised() {
        let weights = [1.0, 100.0, 1e4, 1e-2];
        let (x, left) = lbfgs(vec![5.0, -4.0, 3.0, 7.0], 1e-10, 500, |x, gradient| {
            let mut value = 0.0;
            for i in 0..x.len() {
                let distance = x[i] - i as f64;
                value += x[i].cosh() + 0.5 * weights[i] * distance * distance;
                gradient[i] = x[i].sinh() + weights[i] * distance;
            }
            Some(value)
        });
        assert!(left <= 1e-10);
        for (i, x) in x.iter().enumerate() {
            assert_relative_eq!(x.sinh(), weights[i] * (i as f64 - x), epsilon = 1e-9);
        }
    }

    #[test]
    fn a_function_without_value_ends_the_search() {
        assert_eq!(lbfgs(vec![1.0], 1e-9, 10, |_, _| None), (vec![1.0], f64::INFINITY));
    }
}
