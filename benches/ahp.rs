//! tmp
use satindex::ahp::*;
use std::time::Instant;
fn main() {
    let mut s = 12345u64;
    let mut rnd = || {
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        (s >> 11) as f64 / (1u64 << 53) as f64
    };
    for n in [7usize, 15] {
        let labels: Vec<String> = (0..n).map(|i| format!("c{i}")).collect();
        let blank = Judgements::new(labels).unwrap();
        for noise in [0.3, 10.0] {
            let all: Vec<Judgements> = (0..10000)
                .map(|_| {
                    let w: Vec<f64> = (0..n).map(|_| (rnd() * 2.0).exp()).collect();
                    let upper: Vec<f64> = (0..n)
                        .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
                        .map(|(i, j)| {
                            if noise > 5.0 {
                                let k = (rnd() * 17.0).floor();
                                if k < 8.0 { 1.0 / (9.0 - k) } else { k - 7.0 }
                            } else {
                                let r = (w[i] / w[j]) * ((rnd() + rnd() + rnd() - 1.5) * 2.0 * noise).exp();
                                if r >= 1.0 { r.round().min(9.0) } else { 1.0 / (1.0 / r).round().min(9.0) }
                            }
                        })
                        .collect();
                    blank.with_upper(&upper).unwrap()
                })
                .collect();
            for what in 0..3 {
                let batch = [
                    Batch::new(Method::Eigenvector),
                    Batch::new(Method::GeometricMean),
                    Batch::new(Method::GeometricMean).without_consistency(),
                ][what];
                let mut best = f64::MAX;
                for k in 0..60 {
                    let t = Instant::now();
                    let b = batch.run(&all).unwrap();
                    best = best.min(t.elapsed().as_secs_f64());
                    if k == 59 {
                        println!("{what} {n} noise {noise}: {:.3} ms {}", best * 1e3, std::mem::size_of_val(&b));
                    }
                }
            }
        }
    }
}
