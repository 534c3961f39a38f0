//! What every example program does at its edges: `--help`, errors on standard error, and a quiet end when the reader of
//! its output stops reading (`| head -1`).

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// What a program, or a part of it, comes to.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Runs a program on the arguments of the command line. It writes its output to the writer that it is given.
pub(crate) fn main(usage: &str, program: impl FnOnce(&[String], &mut dyn Write) -> Outcome) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut output = io::BufWriter::new(io::stdout().lock());
    let done = if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        writeln!(output, "{usage}").map_err(Into::into)
    } else {
        program(&arguments, &mut output)
    };
    match done.and_then(|()| Ok(output.flush()?)) {
        Err(error) if !is_closed_pipe(error.as_ref()) => {
            // If standard error is closed too, nobody is left to tell.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The refusal of arguments by a program that takes none.
#[allow(dead_code, reason = "some programs take arguments")]
pub(crate) fn no_arguments(arguments: &[String], usage: &str) -> Outcome {
    arguments.first().map_or(Ok(()), |argument| Err(format!("unknown argument `{argument}`\n{usage}").into()))
}

/// A reader that has seen enough is no failure.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
