//! Judgements in files as people and spreadsheets write them.

use approx::assert_relative_eq;
use satindex::ahp::{Judgements, Method, RandomIndex};

fn weights(text: &str) -> Vec<f64> {
    let judgements = Judgements::from_csv(text.as_bytes()).unwrap();
    judgements.priorities(Method::Eigenvector).unwrap().weights().values().to_vec()
}

fn message(bytes: &[u8]) -> String {
    Judgements::from_csv(bytes).unwrap_err().to_string()
}

/// 0.13 is 1/8 to two decimals, rounded half up.
#[test]
fn two_decimals_of_an_eighth() {
    let text = ",speed,skill,attitude\nspeed,1.00,8.00,2.00\nskill,0.13,1.00,0.25\nattitude,0.50,4.00,1.00\n";
    let judgements = Judgements::from_csv(text.as_bytes()).unwrap();
    assert_eq!(judgements.get("speed", "skill").unwrap(), Some(8.0));
    assert_eq!(judgements.consistency().unwrap().cr(RandomIndex::Saaty), 0.0);
    assert_relative_eq!(*weights(text), [8.0 / 13.0, 1.0 / 13.0, 4.0 / 13.0], max_relative = 1e-14);
}

#[test]
fn any_usual_delimiter_is_found() {
    let commas = ",speed,skill,attitude\nspeed,1,1/3,5\nskill,3,1,4\nattitude,1/5,1/4,1\n";
    for (found, printed) in weights(commas).iter().zip([0.3085, 0.5957, 0.0959]) {
        assert_relative_eq!(*found, printed, epsilon = 5.1e-5);
    }
    for delimiter in [";", "\t", "|"] {
        assert_eq!(weights(&commas.replace(',', delimiter)), weights(commas));
        assert_eq!(weights(&format!("\u{feff}{}", commas.replace(',', delimiter))), weights(commas));
        assert_eq!(weights(&format!("sep={delimiter}\r\n{}", commas.replace(',', delimiter))), weights(commas));
    }
    assert_relative_eq!(*weights("\tspeed\tskill\nspeed\t1\t1/3\nskill\t3\t1\n"), [0.25, 0.75], max_relative = 1e-14);
    assert_relative_eq!(*weights("sep=,\n,speed,skill\nspeed,1,3\nskill,,1\n"), [0.75, 0.25], max_relative = 1e-14);
}

#[test]
fn decimals_may_have_a_comma_where_fields_have_none() {
    let text = ";speed;skill\nspeed;1;0,5\nskill;2;1\n";
    assert_relative_eq!(*weights(text), [1.0 / 3.0, 2.0 / 3.0], max_relative = 1e-14);
    // Rounded as well as with a point.
    assert_eq!(weights("\ta\tb\na\t1,00\t8,00\nb\t0,13\t1,00\n"), weights(",a,b\na,1,8\nb,,1\n"));
    assert!(message(b",a,b\na,1,\"0,5\"\nb,,1\n").starts_with("`a` against `b` is `0,5`; expected a number"));
    assert!(message(b";a;b\na;1;1.000,5\nb;;1\n").starts_with("`a` against `b` is `1.000,5`; expected a number"));
}

#[test]
fn what_cannot_be_read_is_described() {
    assert_eq!(
        message("，快，慢\n快，1，1/3\n慢，，1\n".as_bytes()),
        "the matrix of judgements cannot be read: its first line, `，快，慢`, has no comma, semicolon, tab or bar between \
         fields; `，` is a full-width comma"
    );
    let utf16: Vec<u8> = ",a,b\na,1,3\nb,,1\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [utf16.clone(), [b"\xfe\xff".as_slice(), &utf16].concat()] {
        let read = Judgements::from_csv(bytes.as_slice()).unwrap();
        assert_eq!(read, Judgements::from_csv(",a,b\na,1,3\nb,,1\n".as_bytes()).unwrap());
    }
    assert!(message(b",a,b\na,1,NA\nb,,1\n").ends_with("or nothing where the pair was not judged"));
    assert!(
        message(b",a,b\na,1,3\nb,0,1\n").ends_with("or nothing (`None`, an empty cell) where the pair was not judged")
    );
}
