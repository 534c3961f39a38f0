//! Keys, dates and choices beside the answers that are scores.

use super::Responses;
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
#[cfg(feature = "dates")]
use crate::survey::Date;
use crate::survey::fact::{Choices, Fact, no_option, option};
use crate::survey::fact_column::{self, FactColumn};
#[cfg(feature = "dates")]
use crate::survey::period::PeriodKind;

impl Responses {
    pub(in crate::survey) fn with_facts(mut self, facts: Vec<FactColumn>) -> Result<Self> {
        fact_column::check(&facts, self.rows())?;
        self.facts = facts;
        Ok(self)
    }

    fn with_fact(mut self, column: FactColumn) -> Result<Self> {
        let mut facts = std::mem::take(&mut self.facts);
        facts.push(column);
        self.with_facts(facts)
    }

    /// The responses with a key for each respondent, blank where there is none.
    ///
    /// # Errors
    ///
    /// A blank name or one that another fact has; a list of another length than that of the respondents.
    pub fn with_key<S: Into<String>>(self, name: impl Into<String>, keys: impl IntoIterator<Item = S>) -> Result<Self> {
        self.with_fact(FactColumn::Keys(name.into(), keys.into_iter().map(Into::into).collect()))
    }

    /// The responses with what each respondent chose of several things, `None` where the question was not answered.
    ///
    /// # Errors
    ///
    /// As for [`Responses::with_key`] and [`Fact::choices`]; a choice that is no option.
    pub fn with_choices<S: Into<String>, R: AsRef<[T]>, T: AsRef<str>>(
        self,
        name: impl Into<String>,
        options: impl IntoIterator<Item = S>,
        chosen: impl IntoIterator<Item = Option<R>>,
    ) -> Result<Self> {
        let (name, options): (String, Vec<String>) = (name.into(), options.into_iter().map(Into::into).collect());
        Fact::choices(name.clone(), options.clone())?;
        let mut faults = Faults::default();
        let mut bit = |row: usize, choice: &str| {
            if let Some(at) = option(&options, choice) {
                return 1_u64 << at;
            }
            let place = format!("the choice `{choice}` of row {} in `{name}`", row + 1);
            faults.note(|| ErrorKind::Unreadable { place, reason: no_option(&options, choice) });
            0
        };
        let mut row = |(at, chosen): (usize, Option<R>)| {
            chosen.map(|chosen| chosen.as_ref().iter().fold(0, |bits, choice| bits | bit(at, choice.as_ref())))
        };
        let chosen = chosen.into_iter().enumerate().map(&mut row).collect();
        faults.or(())?;
        self.with_fact(FactColumn::Choices(Choices { name, options, chosen }))
    }

    /// The responses with a date for each respondent who has one.
    ///
    /// # Errors
    ///
    /// As for [`Responses::with_key`].
    #[cfg(feature = "dates")]
    pub fn with_dates(self, name: impl Into<String>, dates: impl IntoIterator<Item = Option<Date>>) -> Result<Self> {
        self.with_fact(FactColumn::Dates(name.into(), dates.into_iter().collect()))
    }

    /// The responses with a division by the periods in which some of their dates lie. A respondent without a date is in
    /// none.
    ///
    /// # Errors
    ///
    /// Unknown dates, a period kind that has none, and as for [`Responses::with_group`].
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Responses;
    /// use satindex::survey::period::PeriodKind;
    ///
    /// let days = ["2026-03-31", "2026-04-01"].map(|day| day.parse().ok());
    /// let responses = Responses::from_rows(["q1"], [[Some(7.0)], [Some(9.0)]])?.with_dates("visited", days)?;
    /// let responses = responses.with_periods("quarter", "visited", PeriodKind::Quarter)?;
    /// assert_eq!(responses.group("quarter")?.levels(), ["2026Q1", "2026Q2"]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[cfg(feature = "dates")]
    pub fn with_periods(self, name: impl Into<String>, dates: &str, kind: PeriodKind) -> Result<Self> {
        let period = |date: &Option<Date>| date.map_or(Ok(String::new()), |date| Ok(date.period(kind)?.to_string()));
        let labels = self.dates(dates)?.iter().map(period).collect::<Result<Vec<String>>>()?;
        self.with_group(name, labels)
    }

    /// What the respondents chose of several things, in the question of this name.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn choices(&self, name: &str) -> Result<&Choices> {
        self.fact(name, |column| if let FactColumn::Choices(choices) = column { Some(choices) } else { None })
    }

    /// The keys of the respondents in the question of this name; a blank one stands for none.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn key(&self, name: &str) -> Result<&[String]> {
        self.fact(name, |column| if let FactColumn::Keys(_, keys) = column { Some(keys.as_slice()) } else { None })
    }

    /// The dates in the question of this name.
    ///
    /// # Errors
    ///
    /// An unknown name.
    #[cfg(feature = "dates")]
    pub fn dates(&self, name: &str) -> Result<&[Option<Date>]> {
        self.fact(name, |column| match column {
            FactColumn::Dates(_, dates) => Some(dates.as_slice()),
            _ => None,
        })
    }

    fn fact<'a, T>(&'a self, name: &str, of_kind: impl Fn(&'a FactColumn) -> Option<T>) -> Result<T> {
        let column = self.facts.iter().filter(|column| column.name() == name).find_map(of_kind);
        column.ok_or_else(|| check::unknown(name, "question"))
    }
}
