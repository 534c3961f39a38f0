//! Answers as they come: words, choices, keys, dates, and why an answer is missing; from one pass over a file.

use satindex::survey::period::PeriodKind;
use satindex::survey::{Csv, Date, Fact, GradedScale, Indicator, Missing, NoAnswer, Period};
use satindex::survey::{Questionnaire, Responses, Scale};

use super::message;

fn questionnaire() -> Questionnaire {
    let grades =
        GradedScale::new([("优秀", 95.0), ("优", 95.0), ("良好", 80.0), ("一般", 60.0), ("不合格", 35.0)]).unwrap();
    Questionnaire::new([
        Indicator::new("q1").unwrap().with_scale(Scale::ONE_TO_TEN),
        Indicator::new("q2").unwrap().with_grades(grades).with_responsible("workshop"),
    ])
    .unwrap()
    .with_facts([
        Fact::choice("channel", ["shop", "web", "phone"]).unwrap(),
        Fact::choice("brand", ["A", "B"]).unwrap().allow_other(),
        Fact::choices("reasons", ["price", "speed", "staff"]).unwrap(),
        Fact::choices("places", ["north", "south"]).unwrap().with_columns(["p_n", "p_s"]).unwrap(),
        Fact::key("id").unwrap(),
        Fact::date("visited").unwrap().with_pattern("%d.%m.%Y"),
    ])
    .unwrap()
}

const FILE: &str = "\
id;visited;channel;brand;q1;q2;reasons;p_n;p_s;note
a7;31.12.2026;Web;A;7,5;优;price;1;0;x
b2;01.01.2027;shop;Z;98; 一般 ;\"Staff; speed\";0;0;y
c9;;;;;50;;;;z
d4;30.06.2026;shop;b;10;98;speed;NA;1;
";

fn csv() -> Csv {
    Csv::new().questionnaire(questionnaire()).dont_know_codes(["98"]).not_asked_codes(["97"])
}

fn read(file: &str) -> Responses {
    csv().read(file.as_bytes()).unwrap()
}

#[test]
fn one_pass_reads_every_kind() {
    let responses = read(FILE);
    let column = |name| responses.column(name).unwrap().collect::<Vec<_>>();
    assert_eq!(column("q1"), [Some(7.5), None, None, Some(10.0)]);
    // Numbers stay numbers; 98 is a code before it is a score.
    assert_eq!(column("q2"), [Some(95.0), Some(60.0), Some(50.0), None]);
    let channel = responses.group("channel").unwrap();
    assert_eq!((channel.levels().join(" "), channel.unlabelled()), ("shop web".into(), 1));
    assert_eq!(channel.labels().collect::<Vec<_>>(), [Some("web"), Some("shop"), None, Some("shop")]);
    let brand: Vec<_> = responses.group("brand").unwrap().labels().collect();
    assert_eq!(brand, [Some("A"), Some("other"), None, Some("B")]);
    let reasons = responses.choices("reasons").unwrap();
    let chosen: Vec<_> = (0..5).map(|row| reasons.chosen(row)).collect();
    assert_eq!(chosen, [Some(vec!["price"]), Some(vec!["speed", "staff"]), None, Some(vec!["speed"]), None]);
    assert_eq!(reasons.counts().collect::<Vec<_>>(), [("price", 1), ("speed", 2), ("staff", 1)]);
    assert_eq!(reasons.answered(), 3);
    let places = responses.choices("places").unwrap();
    let chosen: Vec<_> = (0..4).map(|row| places.chosen(row)).collect();
    assert_eq!(chosen, [Some(vec!["north"]), Some(vec![]), None, Some(vec!["south"])]);
    assert_eq!(responses.key("id").unwrap(), ["a7", "b2", "c9", "d4"]);
    let quarters: Vec<Option<Period>> = responses
        .dates("visited")
        .unwrap()
        .iter()
        .map(|day| Some(day.as_ref()?.period(PeriodKind::Quarter).unwrap()))
        .collect();
    let quarter = |year, number| Some(Period::quarter(year, number).unwrap());
    assert_eq!(quarters, [quarter(2026, 4), quarter(2027, 1), None, quarter(2026, 2)]);
    assert_eq!(message(responses.choices("id")), "unknown question `id`");
    assert_eq!(message(responses.dates("when")), "unknown question `when`");
}

#[test]
fn reasons_for_no_answer_are_kept_apart() {
    let responses = read(&(FILE.to_owned() + "e1;;;;97;97;;;;\n"));
    let count = |name, reason| responses.count(name, reason).unwrap();
    for (name, counts) in [("q1", [1, 1, 1]), ("q2", [0, 1, 1])] {
        let reasons = [NoAnswer::NotAnswered, NoAnswer::DontKnow, NoAnswer::NotAsked];
        assert_eq!(reasons.map(|reason| count(name, reason)), counts, "{name}");
    }
    assert_eq!((responses.no_answer(1, 0), responses.no_answer(0, 0)), (Some(NoAnswer::DontKnow), None));
    // Selecting and taking rows keeps them; means and moments do not ask.
    let some = responses.subset(&[4, 1]).unwrap().select(["q1"]).unwrap();
    assert_eq!(some.no_answer(0, 0), Some(NoAnswer::NotAsked));
    assert_eq!(some.choices("reasons").unwrap().chosen(1), Some(vec!["speed", "staff"]));
    assert_eq!(some.key("id").unwrap(), ["e1", "b2"]);
    let moments = responses.moments(Missing::Listwise).unwrap();
    assert_eq!((moments.rows(), moments.rows_dropped()), (1, 4));
}

#[test]
fn moments_are_those_of_the_responses() {
    for missing in [Missing::Listwise, Missing::Mean] {
        assert_eq!(csv().moments(FILE.as_bytes(), missing).unwrap(), read(FILE).moments(missing).unwrap());
    }
}

#[test]
fn every_wrong_cell_is_named_with_what_is_near() {
    let fault = |from: &str, to: &str| {
        assert!(FILE.contains(from));
        message(csv().read(FILE.replace(from, to).as_bytes()))
    };
    for (from, to, expected) in [
        (
            "优;",
            "优良;",
            "row 1 (line 2), column `q2`: `优良` cannot be an answer: it is no grade; the nearest is `优秀`",
        ),
        (
            "Web",
            "Wbe",
            "row 1 (line 2), column `channel`: `Wbe` cannot be an answer: it is not in the list; expected `shop`, `web`, `phone`",
        ),
        (
            "Web",
            "webb",
            "row 1 (line 2), column `channel`: `webb` cannot be an answer: it is not in the list; the nearest is `web`",
        ),
        (
            "Staff; speed",
            "Staff; sped",
            "row 2 (line 3), column `reasons`: `Staff; sped` cannot be an answer: it is not in the list; the nearest is `speed`",
        ),
        (
            "30.06.2026",
            "31.06.2026",
            "row 4 (line 5), column `visited`: `31.06.2026` cannot be an answer: it is no day of the calendar written as %d.%m.%Y",
        ),
        (
            ";NA;1;",
            ";NA;2;",
            "row 4 (line 5), column `p_s`: `2` cannot be an answer: expected 1 where the option was chosen, else 0",
        ),
        (";50;", ";120;", "the answer of row 3 to `q2` is 120; expected a number from 0 to 100"),
        (";p_n;", ";p_e;", "unknown column `p_n`"),
        (";visited;", ";vísited;", "unknown column `visited`"),
    ] {
        assert_eq!(fault(from, to), expected);
    }
    // The same from words as from numbers: all at once, and capped.
    let many = "q1;q2\n".to_owned() + &"x;sehr gut\n".repeat(100);
    let plain = Questionnaire::new(questionnaire().indicators().to_vec()).unwrap();
    let faults = message(Csv::new().questionnaire(plain).read(many.as_bytes()));
    assert!(faults.ends_with("190 more") && faults.contains("expected `优秀`, `良好`, `一般`, `不合格`"), "{faults}");
}

#[cfg(feature = "serde")]
#[test]
fn responses_of_every_kind_are_written_and_read() {
    let responses = read(FILE);
    let text = serde_json::to_string(&responses).unwrap();
    assert_eq!(serde_json::from_str::<Responses>(&text).unwrap(), responses);
    for (from, to) in [
        ("\"dont_know\"", "\"no_idea\""),
        ("[\"price\"]", "[\"pride\"]"),
        ("2026-12-31", "2026-12-32"),
        ("\"keys\":[\"a7\",", "\"keys\":["),
        ("\"options\":[\"price\",", "\"options\":[\"price\",\"price\","),
    ] {
        assert!(text.contains(from), "{from} {text}");
        assert!(serde_json::from_str::<Responses>(&text.replace(from, to)).is_err(), "{to}");
    }
    let asked = questionnaire();
    let text = serde_json::to_string(&asked).unwrap();
    assert_eq!(serde_json::from_str::<Questionnaire>(&text).unwrap(), asked);
    assert_eq!("2026-12-31".parse::<Date>().unwrap().to_string(), "2026-12-31");
}

/// What a file brings can be put together in memory too.
#[test]
fn facts_come_from_memory_too() {
    let typed = read(FILE);
    let built = typed.select(["q1"]).unwrap();
    let day = |text: &str| text.parse::<Date>().ok();
    let rows = [[Some(7.5)], [None], [None], [Some(10.0)]];
    let chosen = [Some(vec!["Price"]), Some(vec!["staff", "speed"]), None, Some(vec!["speed"])];
    let responses = Responses::from_rows(["q1"], rows)
        .unwrap()
        .with_choices("reasons", ["price", "speed", "staff"], chosen.clone())
        .unwrap()
        .with_key("id", ["a7", "b2", "c9", "d4"])
        .unwrap()
        .with_dates("visited", [day("2026-12-31"), day("2027-01-01"), None, day("2026-06-30")])
        .unwrap();
    assert_eq!(responses.choices("reasons").unwrap(), built.choices("reasons").unwrap());
    assert_eq!(responses.key("id").unwrap(), built.key("id").unwrap());
    assert_eq!(responses.dates("visited").unwrap(), built.dates("visited").unwrap());
    let quarters = responses.clone().with_periods("quarter", "visited", PeriodKind::Quarter).unwrap();
    let quarters = quarters.group("quarter").unwrap();
    assert_eq!((quarters.levels().join(" "), quarters.unlabelled()), ("2026Q4 2027Q1 2026Q2".into(), 1));
    let short = responses.clone().with_key("k", ["a"]);
    assert_eq!(message(short), "the list of answers to `k` has length 1; expected 4");
    assert_eq!(message(responses.clone().with_key("id", ["a"; 4])), "duplicate question `id`");
    assert_eq!(
        message(responses.clone().with_choices("why", ["a", "b"], [Some(vec!["c"]), None, None, None])),
        "the choice `c` of row 1 in `why` cannot be read: it is not in the list; expected `a`, `b`"
    );
    assert_eq!(message(responses.with_periods("p", "when", PeriodKind::Year)), "unknown question `when`");
}

/// A grade called 5 is a grade, not the number 5.
#[test]
fn names_of_grades_go_before_numbers() {
    let grades = GradedScale::new([("1", 100.0), ("2", 75.0), ("5", 0.0)]).unwrap();
    let asked = Questionnaire::new([Indicator::new("q").unwrap().with_grades(grades)]).unwrap();
    let responses = Csv::new().questionnaire(asked).read(&b"q\n5\n1\n50\n"[..]).unwrap();
    assert_eq!(responses.column("q").unwrap().collect::<Vec<_>>(), [Some(0.0), Some(100.0), Some(50.0)]);
}

#[test]
fn questions_that_cannot_be() {
    assert_eq!(message(Fact::choice("", ["a"])), "the name of a question is empty");
    assert_eq!(message(Fact::choice("x", ["a", "A"])), "duplicate option `a`");
    assert_eq!(message(Fact::choices("x", [""; 0])), "the list of options is empty");
    let many: Vec<String> = (0..65).map(|at| at.to_string()).collect();
    assert_eq!(message(Fact::choices("x", many)), "the number of options of `x` is 65; expected 64 or fewer");
    let columns = Fact::choices("x", ["a", "b"]).unwrap().with_columns(["c"]);
    assert_eq!(message(columns), "the list of columns of `x` has length 1; expected 2");
    let twice = questionnaire().with_facts([Fact::key("q1").unwrap()]);
    assert_eq!(message(twice), "duplicate question `q1`");
    let grades = GradedScale::new([("good", 100.0), ("poor", 0.0)]).unwrap();
    let off = Indicator::new("q").unwrap().with_scale(Scale::ONE_TO_TEN).with_grades(grades);
    assert_eq!(
        message(Questionnaire::new([off])),
        "the score of grade `good` of `q` is 100; expected a number from 1 to 10; \
         the score of grade `poor` of `q` is 0; expected a number from 1 to 10"
    );
}
