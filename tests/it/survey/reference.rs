//! Means and standard deviations that other software gives for the same answers.
#![cfg(feature = "csv")]

use std::fs::File;

use approx::assert_relative_eq;
use satindex::survey::{Csv, Missing};

use crate::reference;

/// The ECSI mobile-phone survey with holes, under seminr's two ways with them, and without holes.
#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn seminr_describes_the_same_items() {
    for (file, missing, rows) in [
        ("seminr_ecsi_mobi_modeA_path_weighting", Missing::Reject, 250),
        ("seminr_ecsi_mobi_missing_listwise", Missing::Listwise, 103),
        ("seminr_ecsi_mobi_missing_mean_replacement", Missing::Mean, 250),
    ] {
        let golden = reference::json(&format!("pls/{file}.json"));
        let data = reference::path("pls").join(golden["data"]["file"].as_str().unwrap());
        let csv = Csv::new();
        let responses = csv.read(File::open(&data).unwrap()).unwrap();
        for moments in [responses.moments(missing).unwrap(), csv.moments(File::open(&data).unwrap(), missing).unwrap()]
        {
            assert_eq!(moments.rows(), rows, "{file}");
            let number = |key: &str, name: &str| golden["results"][key][name].as_f64().unwrap();
            let means = moments.means().unwrap();
            let deviations = moments.standard_deviations().unwrap();
            for ((name, mean), deviation) in moments.names().zip(means).zip(deviations) {
                // The golden figures have 15 digits.
                assert_relative_eq!(*mean, number("item_mean", name), epsilon = 0.0, max_relative = 1e-14);
                assert_relative_eq!(deviation, number("item_sd_n_minus_1", name), epsilon = 0.0, max_relative = 1e-14);
            }
            assert_eq!(golden["results"]["item_mean"].as_object().map(serde_json::Map::len), Some(means.len()));
        }
    }
}
