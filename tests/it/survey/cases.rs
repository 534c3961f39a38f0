//! Files that people had trouble with, each made small, and one more of its kind.

use satindex::survey::Moments;
#[cfg(feature = "csv")]
use satindex::survey::{Csv, Missing, Responses};

#[cfg(feature = "csv")]
use super::message;

/// A column of incomes beside one of ratings: each number is printed with its own decimals.
#[test]
fn income_beside_ratings() {
    let rows = [[45_500.0, 6.0], [54_600.0, 9.0], [38_250.0, 3.0], [61_000.0, 2.0]];
    let mut moments = Moments::new(["income", "q2"]).unwrap();
    moments.extend(rows).unwrap();
    let text = moments.to_string();
    let line = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    // Squares of the deviations -4337.5, 4762.5, -11587.5, 11162.5 sum to 300,366,875.
    assert_eq!(line("income"), ["49838", "10006"]);
    assert_eq!(line("q2"), ["5.0000", "3.1623"]);
}

/// Standardised answers have the mean 0, not 17 decimals of rounding.
#[test]
fn z_scores() {
    let raw = [0.3, -1.2, 0.9, 1.7, -0.4, 0.1];
    let mean = raw.iter().sum::<f64>() / 6.0;
    let deviation = (raw.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 5.0).sqrt();
    let mut moments = Moments::new(["z", "tiny"]).unwrap();
    moments.extend(raw.map(|x| [(x - mean) / deviation, 1e-9 * x])).unwrap();
    let text = moments.to_string();
    let cells = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(cells("z"), ["0.0000", "1.0000"]);
    // Small numbers are no rounding where they vary by as much.
    let printed: f64 = cells("tiny")[0].parse().unwrap();
    assert!((printed / (1e-9 * mean) - 1.0).abs() < 1e-3, "{printed}");
    assert!(!text.contains("-0.0000"));
}

#[cfg(feature = "csv")]
#[test]
fn files_in_the_folder_of_cases() {
    let weights = "a,weight\n1,0.5\n2,0.25\n4,0.25\n";
    let moments = Csv::new().weight("weight").moments(weights.as_bytes(), Missing::Listwise).unwrap();
    assert!(message(moments.covariance()).contains("multiply weights that sum to 1 by 3"));
    // Nobody asked for `comment`.
    let twice = "q1,q2,comment,comment\n5,6,a,b\n6,9,a,b\n";
    let read = |text: &str| Csv::new().columns(["q1", "q2"]).read(text.as_bytes());
    let expected = Responses::from_rows(["q1", "q2"], [[Some(5.0), Some(6.0)], [Some(6.0), Some(9.0)]]).unwrap();
    assert_eq!(read(twice).unwrap(), expected);
    // Old Macintosh, and a spreadsheet of a country with decimal commas.
    assert_eq!(read(&twice.replace('\n', "\r")).unwrap(), expected);
    assert_eq!(read(&twice.replace(',', ";")).unwrap(), expected);
}
