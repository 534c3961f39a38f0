use satindex::structural::{Model, template};

/// The model of Tenenhaus et al. (2005), with the names of the data set `mobi` in seminr 2.3.4 and semPLS 1.0-10.
const ECSI_MOBILE: &str = "
    Image        =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
    Expectation  =~ CUEX1 + CUEX2 + CUEX3
    Quality      =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
    Value        =~ PERV1 + PERV2
    Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    Complaints   =~ CUSCO
    Loyalty      =~ CUSL1 + CUSL2 + CUSL3
    Expectation  ~ Image
    Quality      ~ Expectation
    Value        ~ Expectation + Quality
    Satisfaction ~ Image + Expectation + Quality + Value
    Complaints   ~ Satisfaction
    Loyalty      ~ Image + Satisfaction + Complaints
";

#[test]
fn ecsi_mobile_is_the_published_model() {
    assert_eq!(template::ecsi_mobile().model(), ECSI_MOBILE.parse::<Model>().unwrap());
}

/// Without the image, the paths are those of the ACSI (Fornell et al. 1996, figure 1).
#[test]
fn acsi_has_the_paths_of_the_mobile_model_without_the_image() {
    let [acsi, mobile] = [template::acsi(), template::ecsi_mobile()].map(|template| template.model());
    let mut paths: Vec<_> = mobile.named_paths().filter(|(from, _)| *from != "Image").collect();
    let mut found: Vec<_> = acsi.named_paths().collect();
    paths.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, paths);
    assert_eq!(found.len(), 9);
}

#[test]
fn a_template_prints_its_source_and_its_caveats() {
    let text = template::ccsi().to_string();
    assert!(text.contains("\nSource: ") && text.contains("no conformity is claimed"));
}
