//! Answers from CSV files: what is read, and what each fault is called.

use std::io::{self, Read};

use proptest::prelude::*;
use satindex::survey::{Csv, Indicator, Missing, Questionnaire, Responses, Scale};

use super::message;

fn read(csv: &Csv, text: &str) -> Responses {
    csv.read(text.as_bytes()).unwrap()
}

/// The message of a file that neither way of reading accepts.
fn fault(csv: &Csv, text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let whole = message(csv.read(text));
    assert_eq!(message(csv.moments(text, Missing::Listwise)), whole);
    whole
}

/// The 24 columns of a survey, respondent by respondent, with one cell changed.
fn survey(row: usize, column: usize, cell: &str) -> String {
    let names = ["CUSA1", "CUSA2", "CUSA3"];
    let mut text = names.join(",") + "\n";
    for at in 1..=20 {
        let cells = (0..3).map(|place| {
            if (at, place) == (row, column) { cell.to_owned() } else { ((at + place) % 10 + 1).to_string() }
        });
        text += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

#[test]
fn a_cell_that_is_no_number_is_named() {
    let csv = Csv::new();
    assert_eq!(fault(&csv, survey(17, 1, "abc")), "row 17 (line 18), column `CUSA2`: `abc` is not a number");
    assert_eq!(fault(&csv, survey(17, 1, "7,5").replace("7,5", "\"7,5\"")), {
        "row 17 (line 18), column `CUSA2`: `7,5` is not a number (`decimal_comma` reads it)"
    });
    for text in ["NaN", "nan", "-NaN"] {
        let expected = "row 17 (line 18), column `CUSA2` is NaN; expected a finite number";
        assert_eq!(fault(&csv, survey(17, 1, text)), expected);
    }
    for text in ["inf", "Infinity", "1e999"] {
        let expected = "row 17 (line 18), column `CUSA2` is inf; expected a finite number";
        assert_eq!(fault(&csv, survey(17, 1, text)), expected);
    }
    for text in ["1 2", "0x10", "1_000", "--1", "٣", "1e", "."] {
        let expected = format!("row 17 (line 18), column `CUSA2`: `{text}` is not a number");
        assert_eq!(fault(&csv, survey(17, 1, text)), expected);
    }
    let bytes = survey(17, 1, "?").into_bytes();
    let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte == b'?' { 0xFF } else { byte }).collect();
    assert_eq!(fault(&csv, bytes), "row 17 (line 18), column `CUSA2`: `\u{FFFD}` is not a number");
}

#[test]
fn an_empty_file_and_a_bare_header_are_faults() {
    assert_eq!(fault(&Csv::new(), ""), "the input is empty");
    assert_eq!(fault(&Csv::new(), "\u{FEFF}"), "the input is empty");
    assert_eq!(fault(&Csv::new(), "\n\n"), "the input is empty");
    assert_eq!(fault(&Csv::new(), "CUSA1,CUSA2\n"), "the table of answers under the header is empty");
    assert_eq!(fault(&Csv::new(), "CUSA1,CUSA2"), "the table of answers under the header is empty");
}

#[test]
fn a_ragged_row_is_named() {
    let short = survey(0, 0, "").replacen("8,9,10\n", "8,9\n", 1);
    assert_eq!(fault(&Csv::new(), short), "row 7 (line 8) has 2 fields; expected 3");
    let long = survey(0, 0, "").replacen("8,9,10\n", "8,9,10,\n", 1);
    assert_eq!(fault(&Csv::new(), long), "row 7 (line 8) has 4 fields; expected 3");
    // An open quote swallows the rest of the file.
    assert_eq!(fault(&Csv::new(), "a,b\n1,2\n3,\"4\n5,6\n\"7,8\n"), "row 2 (line 3) has 3 fields; expected 2");
}

#[test]
fn headings_are_there_once() {
    assert_eq!(fault(&Csv::new(), "a,b,a\n1,2,3\n"), "duplicate column `a`");
    assert_eq!(fault(&Csv::new(), "a,,b\n1,2,3\n"), "name 2 in the list of indicators is empty");
    assert_eq!(
        fault(&Csv::new().columns(["a", "CUSA2"]).weight("w").group("g"), "a,b\n1,2\n"),
        "unknown column `w`; unknown column `g`; unknown column `CUSA2`"
    );
    assert_eq!(fault(&Csv::new().columns(["a", "a"]), "a,b\n1,2\n"), "duplicate indicator `a`");
    assert_eq!(fault(&Csv::new().columns([""; 0]), "a,b\n1,2\n"), "the list of indicators is empty");
    assert_eq!(fault(&Csv::new().weight("a"), "a\n1\n"), "the list of indicators is empty");
    assert_eq!(fault(&Csv::new(), b"a,\xFF\n1,2\n"), "the header cannot be read: it is not valid UTF-8");
    // Headings that nobody asks for may stand twice, or be no text.
    let columns = Csv::new().columns(["a"]);
    for text in [b"a,comment,comment\n7,x,y\n".as_slice(), b"\xFF,a,\xFF\nx,7,y\n", b"a,,\n7,,\n"] {
        assert_eq!(columns.read(text).unwrap().get(0, 0), Some(7.0));
    }
    assert_eq!(fault(&columns, "a,b,a\n1,2,3\n"), "duplicate column `a`");
    assert_eq!(fault(&columns.clone().weight("b"), "a,b,b\n1,2,3\n"), "duplicate column `b`");
}

#[test]
fn all_faults_are_reported_at_once_and_very_many_are_counted() {
    assert_eq!(
        fault(&Csv::new(), "a,b\n1,x\n2\ny,3\n"),
        "row 1 (line 2), column `b`: `x` is not a number; row 2 (line 3) has 1 fields; expected 2; \
         row 3 (line 4), column `a`: `y` is not a number"
    );
    let text = "a\n".to_owned() + &"x\n".repeat(1000);
    let faults = fault(&Csv::new(), text);
    assert!(faults.starts_with("row 1 (line 2), column `a`: `x` is not a number; row 2"), "{faults}");
    assert!(faults.ends_with("row 10 (line 11), column `a`: `x` is not a number; 990 more"), "{faults}");
}

#[test]
fn lines_are_those_of_the_file() {
    let csv = Csv::new().columns(["a"]);
    let text = "a,note\r\n1,\"two\r\nlines\"\r\n\r\nx,\r\n";
    assert_eq!(fault(&csv, text), "row 2 (line 5), column `a`: `x` is not a number");
    for end in ["\n", "\r\n"] {
        let text = ["a,b", "1,2", "", "", "3,\"4\n\n\"", "5,\"6\"", "", "x,7", ""].join(end);
        assert_eq!(fault(&csv, text), "row 4 (line 10), column `a`: `x` is not a number");
    }
    assert_eq!(fault(&csv, "a,b\r1,2\rx,3\r"), "row 2 (line 3), column `a`: `x` is not a number");
    assert_eq!(fault(&csv, "a,b\n1,2\nx,3"), "row 2 (line 3), column `a`: `x` is not a number");
}

#[test]
fn other_columns_may_hold_anything() {
    let text = "id,CUSA1,gender,CUSA2\nr1,7,male,8\nr2,9,,10\n";
    let responses = read(&Csv::new().columns(["CUSA2", "CUSA1"]), text);
    assert_eq!(
        responses,
        Responses::from_rows(["CUSA2", "CUSA1"], [[Some(8.0), Some(7.0)], [Some(10.0), Some(9.0)]]).unwrap()
    );
    assert_eq!(fault(&Csv::new(), "CUSA1,gender\n7,male\n"), "row 1 (line 2), column `gender`: `male` is not a number");
    // The bytes of a column that is not read need not even be text.
    assert_eq!(Csv::new().columns(["a"]).read(&b"a,b\n1,\xFF\n"[..]).unwrap().rows(), 1);
    // Row names under an empty heading, as R writes them.
    assert_eq!(read(&Csv::new().columns(["a"]), "\"\",\"a\"\n\"1\",5\n").get(0, 0), Some(5.0));
}

#[test]
fn missing_codes_stand_for_no_answer() {
    let answers = |csv: &Csv, text: &str| -> Vec<Option<f64>> { read(csv, text).column("a").unwrap().collect() };
    let text = "a,b\n,1\nNA,1\n 3 ,1\n-99,1\n";
    assert_eq!(answers(&Csv::new(), text), [None, None, Some(3.0), Some(-99.0)]);
    // Further codes add to the usual ones.
    let csv = Csv::new().missing_codes(["-99"]);
    assert_eq!(answers(&csv, text), [None, None, Some(3.0), None]);
    // A number is the same number however it is written.
    assert_eq!(answers(&csv, "a,b\n-99.0,1\n-9.9e1,1\n99,1\n"), [None, None, Some(99.0)]);
    assert_eq!(answers(&Csv::new().missing_codes(["9"]), "a,b\n9,1\n9.0,1\n99,1\n"), [None, None, Some(99.0)]);
    assert_eq!(answers(&Csv::new().missing_codes(["NaN", "."]), "a,b\nNaN,1\n.,1\n"), [None, None]);
}

#[test]
fn numbers_are_read_to_the_last_bit() {
    let cells =
        ["0", "10", "007", "99999999", "123456789", "-3", "+4", "0.1", "1e-3", "123456789012345678", ".5", "1e300"];
    let text = "a\n".to_owned() + &cells.join("\n") + "\n";
    let responses = read(&Csv::new(), &text);
    for (row, cell) in cells.iter().enumerate() {
        assert_eq!(responses.get(row, 0), Some(cell.parse().unwrap()), "{cell}");
    }
}

#[test]
fn weights_and_groups() {
    let csv = Csv::new().weight("w").group("region").group("brand");
    let text = "w,x,region,brand\n1,5,north,A\n2.5,6,south,A\n0,7, north ,B\n";
    let responses = read(&csv, text);
    assert_eq!(responses.weights(), Some([1.0, 2.5, 0.0].as_slice()));
    assert_eq!(responses.group("region").unwrap().codes(), [Some(0), Some(1), Some(0)]);
    assert_eq!(responses.group("brand").unwrap().levels(), ["A", "B"]);
    assert_eq!(responses.indicators().len(), 1);

    let csv = Csv::new().weight("w");
    assert_eq!(
        fault(&csv, "w,x\n1,5\n-1,6\n"),
        "the case weight of row 2 is -1; expected a number that is not negative"
    );
    assert_eq!(fault(&csv, "w,x\n1,5\ninf,6\n"), "the case weight of row 2 is inf; expected a finite number");
    assert_eq!(fault(&csv, "w,x\n1,5\n,6\n"), "row 2 (line 3), column `w`: `` is not a number");
    assert_eq!(fault(&csv, "w,x\n0,5\n0,6\n"), "the sum of the case weights is 0; expected a positive number");
    assert_eq!(message(Csv::new().group("g").group("g").read(&b"g,x\na,1\n"[..])), "duplicate group `g`");
    assert_eq!(
        message(Csv::new().group("g").read(&b"g,x\n\xFF,1\n"[..])),
        "row 1 (line 2), column `g`: `\u{FFFD}` cannot be an answer: it is not valid UTF-8"
    );
}

#[test]
fn answers_lie_on_their_scales() {
    let text = "CUSA1,CUSCO\n7,5\n11,2\n";
    let expected = "the answer of row 2 to `CUSA1` is 11; expected a number from 1 to 10";
    assert_eq!(fault(&Csv::new().scale(Scale::ONE_TO_TEN), text), expected);
    let questionnaire = Questionnaire::new([
        Indicator::new("CUSCO").unwrap().with_scale(Scale::ONE_TO_FIVE.reversed()),
        Indicator::new("CUSA1").unwrap().with_scale(Scale::ZERO_TO_HUNDRED),
    ])
    .unwrap();
    let csv = Csv::new().questionnaire(questionnaire);
    let responses = read(&csv, text);
    assert_eq!(responses.names().collect::<Vec<_>>(), ["CUSCO", "CUSA1"]);
    assert_eq!(responses.indicators()[0].scale(), Some(Scale::ONE_TO_FIVE.reversed()));
    assert_eq!(read(&csv.columns(["CUSA1"]), text).indicators()[0].scale(), Some(Scale::ZERO_TO_HUNDRED));
}

/// A byte order mark that comes in three pieces.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let one = into.len().min(1);
        self.0.read(&mut into[..one])
    }
}

#[test]
fn marks_quotes_delimiters_and_scripts() {
    let expected = Responses::from_rows(["满意度", "Qualité, perçue"], [[Some(7.5), Some(8.0)]]).unwrap();
    let text = "\u{FEFF}\"满意度\";\"Qualité, perçue\"\r\n\"7.5\"; 8\r\n";
    let csv = Csv::new().delimiter(b';');
    assert_eq!(read(&csv, text), expected);
    assert_eq!(csv.read(Slow(text.as_bytes())).unwrap(), expected);
    assert_eq!(read(&Csv::new().delimiter(b'\t'), "满意度\tQualité, perçue\n7.5\t8"), expected);
}

#[test]
fn a_failing_reader_is_an_error() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("the line is down"));
            }
            let text = b"a,b\n1,2\n3,";
            let count = into.len().min(self.0).min(text.len());
            into[..count].copy_from_slice(&text[..count]);
            self.0 -= count;
            Ok(count)
        }
    }
    for bytes in [0, 3, 10] {
        let error = Csv::new().read(Failing(bytes)).unwrap_err();
        assert_eq!(error.to_string(), "the input cannot be read: the line is down");
        assert!(error.is_unreadable());
    }
}

#[test]
fn missing_answers_are_rejected_by_row_and_name() {
    let text = "CUSA1,CUSA2\n1,2\n,4\n5,NA\n";
    let expected = "the answer of row 2 to `CUSA1` is missing; the answer of row 3 to `CUSA2` is missing";
    let error = Csv::new().moments(text.as_bytes(), Missing::Reject).unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert!(error.is_missing_answer());
    // The number of a row in a later block.
    let text = "a,b\n".to_owned() + &"1,2\n".repeat(1000) + ",3\n";
    assert_eq!(
        message(Csv::new().moments(text.as_bytes(), Missing::Reject)),
        "the answer of row 1001 to `a` is missing"
    );
}

#[test]
fn a_stream_gives_the_moments_of_the_responses() {
    let mut text = "a,b,w,c\n".to_owned();
    // More rows than one thread takes at a time.
    for row in 0..40_000_u32 {
        let cell = |place: u32| {
            if (row * 7 + place * 5).is_multiple_of(11) {
                String::new()
            } else {
                ((row * row + place) % 10).to_string()
            }
        };
        text += &format!("{},{},{},{}\n", cell(1), cell(2), row % 3, cell(4));
    }
    let csv = Csv::new().weight("w");
    let responses = read(&csv, &text);
    for missing in [Missing::Listwise, Missing::Mean] {
        let streamed = csv.moments(text.as_bytes(), missing).unwrap();
        // The same blocks in the same order: the same bits.
        assert_eq!(streamed, responses.moments(missing).unwrap());
    }
}

/// A file as a spreadsheet saves it in some country; the columns are found, and answers are the same.
#[test]
fn delimiters_are_found() {
    let expected = Responses::from_rows(["q1", "q2"], [[Some(7.5), Some(8.0)], [None, Some(10.0)]]).unwrap();
    let utf16: Vec<u8> = "q1;q2\n7,5;8\n;10\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts = [
        "q1,q2\n7.5,8\n,10\n".as_bytes(),
        b"q1;q2\n7,5;8\n;10\n",
        b"q1;q2\r\n7.5;8\r\n;10",
        b"q1\tq2\n7.5\t8\n\t10\n",
        b"q1|q2\n7.5|8\n|10\n",
        b"sep=;\nq1;q2\n7,5;8\n;10\n",
        b"\xef\xbb\xbfsep=;\r\nq1;q2\r\n7,5;8\r\n;10\r\n",
        b"q1;q2\r7,5;8\r;10\r",
        "q1;q2\n7,5\u{A0};\u{A0}8\n\u{A0};10\n".as_bytes(),
        "\u{200B}q1;\u{FEFF}q2\n7,5;8\n;10\n".as_bytes(),
        &utf16,
        &[b"\xff\xfe".as_slice(), &utf16].concat(),
    ];
    for text in texts {
        for csv in [Csv::new(), Csv::new().columns(["q1", "q2"])] {
            assert_eq!(csv.read(text).unwrap(), expected, "{}", String::from_utf8_lossy(text));
            assert_eq!(csv.moments(text, Missing::Mean).unwrap(), expected.moments(Missing::Mean).unwrap());
        }
    }
    // A comma in a heading, or in a text that is not read, is no delimiter.
    let text = "q1;\"why, then\";q2; a, b, c\n7,5;x, y;8;\n;;10;z\n";
    assert_eq!(read(&Csv::new().columns(["q1", "q2"]), text), expected);
    // Where the comma separates fields, decimals with one are quoted.
    assert_eq!(read(&Csv::new().decimal_comma(), "q1,q2\n\"7,5\",8\n,10\n"), expected);
    // Thousands or decimals? Nobody is asked in silence.
    let error = fault(&Csv::new(), "q1;q2\n12,500;8\n");
    assert_eq!(error, "row 1 (line 2), column `q1`: `12,500` is not a number (`decimal_comma` reads it)");
    assert_eq!(read(&Csv::new().decimal_comma(), "q1;q2\n12,500;8\n").get(0, 0), Some(12.5));
    // Lines are those of the file, a first line `sep=` included.
    let error = fault(&Csv::new(), "sep=;\nq1;q2\n7;x\n");
    assert_eq!(error, "row 1 (line 3), column `q2`: `x` is not a number");
}

#[test]
fn a_header_that_is_not_divided_shows_what_it_looks_like() {
    let csv = Csv::new().columns(["q1", "q2"]);
    let header = "the header cannot be read: ";
    assert_eq!(
        fault(&csv.clone().delimiter(b','), "q1;q2\n7;8\n"),
        format!("{header}`q1;q2` looks separated by `;`, which `delimiter` would set")
    );
    assert_eq!(
        fault(&csv.clone().delimiter(b';'), "q1\tq2\n7\t8\n"),
        format!("{header}`q1 q2` looks separated by tabs, which `delimiter` would set")
    );
    assert_eq!(
        fault(&csv, "q1，q2\n7，8\n"),
        format!("{header}`q1，q2` is one field: `，` is a full-width comma, which separates nothing")
    );
    for (text, reason) in [
        (
            b"PK\x03\x04\x14\x00\x06\x00".as_slice(),
            "it is a compressed file, as workbooks are (.xlsx, .ods): save the sheet as CSV",
        ),
        (b"q1,q2\n7,\x008\n9,9\n", "there are NUL bytes in it; it is no text file"),
    ] {
        assert_eq!(fault(&csv, text), format!("the input cannot be read: {reason}"));
    }
}

#[test]
fn headings_that_differ_by_what_cannot_be_seen() {
    let fault = |name: &str, heading: &str| fault(&Csv::new().columns([name]), format!("{heading},b\n1,2\n"));
    for (heading, shown) in
        [("over\u{200B}all", "over\\u{200b}all"), ("over all", "over all"), ("over\u{A0}all", "over\\u{a0}all")]
    {
        assert_eq!(
            fault("overall", heading),
            format!(
                "the header cannot be read: the heading `{shown}` differs from `overall` by blanks or invisible characters"
            )
        );
    }
    assert_eq!(
        fault("Qualité", "Qualite\u{301}"),
        "the header cannot be read: the heading `Qualite\u{301}` is `Qualité` in another Unicode form: type it as in the file"
    );
    assert_eq!(fault("q1", "Q1"), "the header cannot be read: there is no column `q1`, but `Q1`");
    assert_eq!(fault("q1", "q2"), "unknown column `q1`");
}

#[test]
fn a_delimiter_that_cannot_be_one() {
    for delimiter in [b'"', b'\n', b'7', b'.', b'-', 0xFF] {
        let error = Csv::new().delimiter(delimiter).read(&b"a\n1\n"[..]).unwrap_err();
        assert!(error.is_unsupported() && error.to_string().starts_with("the delimiter `"), "{error}");
    }
}

/// Quotes, and a record longer than what is read at once, across the bounds of pieces and of what is read.
#[test]
fn records_across_pieces() {
    let mut text = "a,note,b\n".to_owned();
    let mut rows = Vec::new();
    for row in 0..40_000_u32 {
        let note = if row == 20_000 { "long \n,".repeat(100_000) } else { "x\ny,\"\"z".repeat(row as usize % 7) };
        let (a, b) = (f64::from(row % 10), f64::from(row % 7));
        text += &if row % 3 == 0 { format!("{a},plain,{b}\n") } else { format!("{a},\"{note}\",{b}\r\n") };
        rows.push([Some(a), Some(b)]);
    }
    let csv = Csv::new().columns(["a", "b"]);
    let expected = Responses::from_rows(["a", "b"], rows).unwrap();
    assert!(read(&csv, &text) == expected);
    let lines = text.lines().count();
    let error = fault(&csv, text + "9,\"\",x\n");
    assert_eq!(error, format!("row 40001 (line {}), column `b`: `x` is not a number", lines + 1));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), delimiter: u8) {
        let csv = Csv::new().delimiter(delimiter);
        let _ = csv.read(bytes.as_slice());
        let _ = csv.moments(bytes.as_slice(), Missing::Mean);
    }

    #[test]
    fn any_small_table_is_read_or_refused(text in "[ab,\"\n\r0-9.eE NA-]{0,60}") {
        if let Ok(responses) = Csv::new().read(text.as_bytes()) {
            let answers = (0..responses.rows()).flat_map(|row| (0..responses.indicators().len()).map(move |column| (row, column)));
            for (row, column) in answers {
                prop_assert!(responses.get(row, column).is_none_or(f64::is_finite));
            }
        }
    }
}
