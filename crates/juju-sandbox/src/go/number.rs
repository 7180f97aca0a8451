//! Numbers and booleans as Go's strconv reads and prints them.

use crate::refusals;
use std::time::Duration;

/// `strconv.ParseBool`, with its error text.
pub(crate) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(refusals::strconv("ParseBool", text, "invalid syntax")),
    }
}

/// `strconv.Atoi`, with its error text.
pub(crate) fn atoi(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let reason = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "invalid syntax"
    } else {
        match text.parse() {
            Ok(number) => return Ok(number),
            Err(_) => "value out of range",
        }
    };
    Err(refusals::strconv("Atoi", text, reason))
}

/// `time.ParseDuration`: a duration such as `1h30m`, in milliseconds; `None` if it is not one.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = Duration::ZERO;
    loop {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let (number, after) = rest.split_at(rest.find(|c| !is_number(c))?);
        let (unit, after) = after.split_at(after.find(is_number).unwrap_or(after.len()));
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        let number: f64 = number.parse().ok()?;
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        if after.is_empty() {
            return i64::try_from(total.as_millis())
                .ok()
                .map(|total| sign * total);
        }
        rest = after;
    }
}

/// The shortest digits of a float and its decimal exponent.
fn digits(number: f64) -> (String, i32) {
    let text = format!("{:e}", number.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or_default())
}

fn exponential(number: f64) -> String {
    let (mantissa, exponent) = digits(number);
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{mantissa}e{exponent_sign}{:02}", exponent.abs())
}

/// `strconv.FormatFloat(number, 'g', -1, 64)`: what go-yaml prints.
pub(crate) fn shortest_g(number: f64) -> String {
    let (_, exponent) = digits(number);
    // 6: the precision that FormatFloat assumes for this decision when asked for the shortest form.
    if (-4..6).contains(&exponent) {
        format!("{number}")
    } else {
        exponential(number)
    }
}

/// A float as Go's encoding/json prints it.
pub(crate) fn json_float(number: f64) -> String {
    let magnitude = number.abs();
    if number != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        // encoding/json shortens e-09 to e-9.
        exponential(number).replace("e-0", "e-")
    } else {
        format!("{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        struct Case {
            number: f64,
            yaml: &'static str,
            json: &'static str,
        }

        for Case { number, yaml, json } in [
            Case {
                number: 0.0,
                yaml: "0",
                json: "0",
            },
            Case {
                number: 80.0,
                yaml: "80",
                json: "80",
            },
            Case {
                number: 1.5,
                yaml: "1.5",
                json: "1.5",
            },
            Case {
                number: -0.25,
                yaml: "-0.25",
                json: "-0.25",
            },
            Case {
                number: 999_999.0,
                yaml: "999999",
                json: "999999",
            },
            Case {
                number: 1_000_000.0,
                yaml: "1e+06",
                json: "1000000",
            },
            Case {
                number: 1_234_567.0,
                yaml: "1.234567e+06",
                json: "1234567",
            },
            Case {
                number: 1e21,
                yaml: "1e+21",
                json: "1e+21",
            },
            Case {
                number: 0.000_01,
                yaml: "1e-05",
                json: "0.00001",
            },
            Case {
                number: 1e-9,
                yaml: "1e-09",
                json: "1e-9",
            },
        ] {
            assert_eq!(
                (shortest_g(number), json_float(number)),
                (yaml.to_owned(), json.to_owned())
            );
        }
    }

    #[test]
    fn integers_and_booleans() {
        assert_eq!(atoi("-7"), Ok(-7));
        assert_eq!(
            atoi("one"),
            Err(r#"strconv.Atoi: parsing "one": invalid syntax"#.into())
        );
        assert_eq!(
            atoi("99999999999999999999"),
            Err(r#"strconv.Atoi: parsing "99999999999999999999": value out of range"#.into())
        );
        assert_eq!(parse_bool("True"), Ok(true));
        assert_eq!(
            parse_bool("yes"),
            Err(r#"strconv.ParseBool: parsing "yes": invalid syntax"#.into())
        );
    }
}
