//! Shares by band, differences and trends.

use approx::{assert_abs_diff_eq, assert_relative_eq};
use satindex::Confidence;
use satindex::monitoring::loyalty::{Bands, Pairs, TrendScores};
use satindex::survey::{ProportionInterval, ThousandPoints};

use super::{counted, message};

fn bands(names: usize) -> Bands {
    let cuts = (1..names).map(|at| 100.0 * at as f64 / names as f64);
    Bands::new((1..=names).map(|at| format!("band {at}")), cuts).unwrap()
}

/// Agresti (2002), *Categorical Data Analysis*, 2nd ed., section 3.4.5: malformations of infants by their mothers'
/// consumption of alcohol; z² = 6.57, P = 0.010.
#[test]
fn the_trend_of_malformations_by_alcohol() {
    let groups = [(5.0, 48, 17114), (25.0, 38, 14502), (45.0, 5, 793), (65.0, 1, 127), (85.0, 1, 38)];
    let trend = bands(5).shares(&counted(&groups)).trend(&TrendScores::Given(vec![0.0, 0.5, 1.5, 4.0, 7.0])).unwrap();
    assert_abs_diff_eq!(trend.z() * trend.z(), 6.57, epsilon = 0.005);
    assert_abs_diff_eq!(trend.p_value(), 0.010, epsilon = 0.0005);
    assert!(trend.z() > 0.0);
}

/// The smokers among lung cancer patients in four studies (Fleiss 1981, p. 139), the example of R's `prop.trend.test`:
/// χ² = 8.2249, p = 0.004132.
#[test]
fn the_trend_of_smokers_by_study() {
    let groups = [(10.0, 83, 86), (30.0, 90, 93), (60.0, 129, 136), (90.0, 70, 82)];
    let trend = bands(4).shares(&counted(&groups)).trend(&TrendScores::Numbers).unwrap();
    assert_abs_diff_eq!(trend.z() * trend.z(), 8.2249, epsilon = 5e-5);
    assert_abs_diff_eq!(trend.p_value(), 0.004132, epsilon = 5e-7);
    assert!(trend.z() < 0.0);
    assert_eq!(trend.to_string(), "trend (Cochran–Armitage): z = -2.87, p = 0.0041");
}

/// Newcombe (1998), *Statistics in Medicine* 17, 873–890, table II, method 10, for 56/70 less 48/80.
#[test]
fn neighbours_differ_by_newcombes_interval() {
    let shares = bands(3).shares(&counted(&[(10.0, 48, 80), (90.0, 56, 70)]));
    let differences = shares.differences(Confidence::P95);
    // Nobody is in the band between.
    assert_eq!(differences.len(), 1);
    assert_eq!((differences[0].lower(), differences[0].upper()), ("band 1", "band 3"));
    assert_relative_eq!(differences[0].difference(), 0.2, epsilon = 0.0, max_relative = 1e-15);
    assert_abs_diff_eq!(differences[0].interval().lower(), 0.0524, epsilon = 5e-5);
    assert_abs_diff_eq!(differences[0].interval().upper(), 0.3339, epsilon = 5e-5);
    assert_eq!(shares.band("band 2").unwrap().proportion(), None);
    assert_eq!(message(shares.band("band 4")), "unknown band `band 4`");
}

#[test]
fn points_are_cut_where_they_are_published() {
    let names = ["low", "middle", "high"];
    let rescaled = Bands::in_points(ThousandPoints::Rescaled, names, [794.0, 854.0]).unwrap();
    let position = |points: f64| rescaled.position(points / 10.0);
    assert_eq!([0.0, 793.0, 793.9, 794.0, 853.0, 854.0, 1000.0].map(position), [0, 0, 0, 1, 1, 2, 2]);
    // Means of ratings from 1 to 10 in steps of 0.01 are on the right side of 7.94 and 8.54 whatever their rounding.
    let hundredfold = Bands::in_points(ThousandPoints::HundredfoldMean, names, [794.0, 854.0]).unwrap();
    for hundredths in 100..=1000_i32 {
        let mean = f64::from(hundredths) / 100.0;
        let expected = usize::from(hundredths >= 794) + usize::from(hundredths >= 854);
        assert_eq!(hundredfold.position((mean - 1.0) / 9.0 * 100.0), expected, "{mean}");
    }
}

/// Weights 1, 1, 2 in one band: (1 + 1 + 2)²/(1 + 1 + 4) = 8/3 effective respondents, of whom 3/4 say yes.
#[test]
fn sampling_weights_make_fewer_respondents_of_many() {
    let pairs = Pairs::new([80.0, 85.0, 90.0, 10.0], [false, true, true, true]).unwrap();
    for unit in [1.0, 1e6, 1e-200] {
        let weighted = pairs.clone().with_sampling_weights([1.0, 1.0, 2.0, 5.0].map(|weight| unit * weight)).unwrap();
        let shares = bands(2).shares(&weighted);
        let share = shares.band("band 2").unwrap().proportion().unwrap();
        assert_relative_eq!(share.share(), 0.75, epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(share.n(), 4.0 * unit, epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(share.effective_n(), 8.0 / 3.0, epsilon = 0.0, max_relative = 1e-15);
        // Wilson's centre is (np + z²/2)/(n + z²) with 8/3 for n and z = 1.959964.
        let interval = share.interval(ProportionInterval::Wilson, Confidence::P95);
        let centre = (2.0 + 1.920_729_4) / (8.0 / 3.0 + 3.841_458_8);
        assert_relative_eq!(
            f64::midpoint(interval.lower(), interval.upper()),
            centre,
            epsilon = 0.0,
            max_relative = 1e-7
        );
    }
}

#[test]
fn a_trend_needs_bands_and_intentions_that_differ() {
    let one_band = bands(2).shares(&counted(&[(10.0, 3, 7)]));
    assert_eq!(
        message(one_band.trend(&TrendScores::Numbers)),
        "the trend: all respondents are in bands of the same score"
    );
    let all_yes = bands(2).shares(&counted(&[(10.0, 3, 3), (90.0, 2, 2)]));
    assert_eq!(message(all_yes.trend(&TrendScores::Numbers)), "the trend: everybody has the same intention");
    let shares = bands(2).shares(&counted(&[(10.0, 1, 3), (90.0, 2, 3)]));
    assert_eq!(message(shares.trend(&TrendScores::Given(vec![1.0]))), "the list of scores has length 1; expected 2");
    assert_eq!(
        message(shares.trend(&TrendScores::Given(vec![1.0, f64::NAN]))),
        "the score of band `band 2` is NaN; expected a finite number"
    );
    // Neither unit nor origin of the scores matters, however large.
    let z = shares.trend(&TrendScores::Numbers).unwrap().z();
    assert_relative_eq!(
        shares.trend(&TrendScores::Given(vec![-1e308, 1e308])).unwrap().z(),
        z,
        epsilon = 0.0,
        max_relative = 1e-14
    );
}

#[test]
fn bands_are_named_and_in_order() {
    let build = |names: &[&str], cuts: &[f64]| Bands::new(names.to_vec(), cuts.to_vec());
    assert_eq!(message(build(&[], &[])), "the list of bands is empty");
    assert_eq!(message(build(&["a", "a"], &[50.0])), "duplicate band `a`");
    assert_eq!(message(build(&["a", "b"], &[])), "the list of cuts has length 0; expected 1");
    assert_eq!(
        message(build(&["a", "b", "c"], &[50.0, 50.0])),
        "cut 2 is 50; expected a number above 50 and at most 100"
    );
    assert_eq!(message(build(&["a", "b"], &[f64::NAN])), "cut 1 is NaN; expected a finite number");
    assert!(build(&["all"], &[]).is_ok());
}

/// By hand: Σtᵢ(yᵢ − nᵢp) = 42 and p(1 − p)(280 − 160²/160) = 27.73 with p = 102/160.
#[test]
fn the_table_shows_every_band() {
    let names = ["up to 793", "794 to 853", "854 and above"];
    let bands = Bands::in_points(ThousandPoints::Rescaled, names, [794.0, 854.0]).unwrap();
    let shares = bands.shares(&counted(&[(60.0, 15, 60), (82.0, 30, 40), (90.0, 57, 60)]));
    assert_eq!(
        shares.to_string(),
        "\
Intention by satisfaction
band           from   n  share  95 % interval
-------------  ----  --  -----  --------------
up to 793       0.0  60  0.250  [0.158, 0.372]
794 to 853     79.4  40  0.750  [0.598, 0.858]
854 and above  85.4  60  0.950  [0.863, 0.983]
trend (Cochran–Armitage): z = 7.98, p < 0.0001
"
    );
}
