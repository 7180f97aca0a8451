//! Taking a text apart, character by character.

/// What is left of a text that is being matched.
pub(super) struct Rest<'a>(pub(super) &'a str);

impl<'a> Rest<'a> {
    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes one character if it is one of `set`.
    pub(super) fn eat(&mut self, set: &str) -> bool {
        match self.0.strip_prefix(|c| set.contains(c)) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// As [`Self::eat`], for `?`.
    pub(super) fn expect(&mut self, set: &str) -> Option<()> {
        self.eat(set).then_some(())
    }

    /// Takes as many bytes as are in a class of ASCII characters.
    pub(super) fn run(&mut self, class: impl Fn(u8) -> bool) -> &'a str {
        let end = self.0.bytes().take_while(|b| class(*b)).count();
        let (run, rest) = self.0.split_at(end);
        self.0 = rest;
        run
    }

    /// Takes a number of at least `least` digits, and of what comes no more than
    /// `most`.
    pub(super) fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let digits = self.0.bytes().take(most).take_while(|b| is_digit(*b));
        let end = digits.count();
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        (end >= least).then(|| digits.parse().ok())?
    }
}

/// An ASCII digit: neither reader counts others.
pub(super) fn is_digit(b: u8) -> bool {
    b.is_ascii_digit()
}

/// A space; a tab never gets as far as a matcher.
pub(super) fn is_space(b: u8) -> bool {
    b == b' '
}

/// A date with a month and a day of one or two digits: its year, and whether the date exists.
pub(super) fn date(rest: &mut Rest<'_>) -> Option<(u32, bool)> {
    let year = rest.number(4, 4)?;
    rest.expect("-")?;
    let month = rest.number(1, 2)?;
    rest.expect("-")?;
    let day = rest.number(1, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    Some((year, (1..=days).contains(&day)))
}

/// A `+` or `-`, and what is after it.
pub(super) fn split_sign(text: &str) -> (Option<u8>, &str) {
    match text.as_bytes() {
        [sign @ (b'+' | b'-'), ..] => (Some(*sign), &text[1..]),
        _ => (None, text),
    }
}
