//! What comes in: an entity and its answers.

use crate::error::{Error, Result};
use crate::survey::{Moments, Responses};

/// The interviews of one entity: its name, and the answers, their [`Moments`], or the reason why there are none.
///
/// Made from a pair of a name and any of these, or of a name and a result, such as that of reading a file.
#[derive(Debug, Clone)]
pub struct Interviews {
    pub(super) entity: String,
    pub(super) answers: Result<Answers>,
}

#[derive(Debug, Clone)]
pub(super) enum Answers {
    Responses(Responses),
    Moments(Box<Moments>),
}

impl From<Responses> for Answers {
    fn from(responses: Responses) -> Self {
        Self::Responses(responses)
    }
}

impl From<Moments> for Answers {
    fn from(moments: Moments) -> Self {
        Self::Moments(Box::new(moments))
    }
}

impl<S: Into<String>> From<(S, Responses)> for Interviews {
    fn from((entity, responses): (S, Responses)) -> Self {
        Self { entity: entity.into(), answers: Ok(responses.into()) }
    }
}

impl<S: Into<String>> From<(S, Moments)> for Interviews {
    fn from((entity, moments): (S, Moments)) -> Self {
        Self { entity: entity.into(), answers: Ok(moments.into()) }
    }
}

impl<S: Into<String>> From<(S, Result<Responses, Error>)> for Interviews {
    fn from((entity, responses): (S, Result<Responses, Error>)) -> Self {
        Self { entity: entity.into(), answers: responses.map(Into::into) }
    }
}

impl<S: Into<String>> From<(S, Result<Moments, Error>)> for Interviews {
    fn from((entity, moments): (S, Result<Moments, Error>)) -> Self {
        Self { entity: entity.into(), answers: moments.map(Into::into) }
    }
}
