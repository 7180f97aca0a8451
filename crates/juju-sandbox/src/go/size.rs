//! Sizes for people (`github.com/dustin/go-humanize`).

/// A number of MB in powers of 1000 (`humanize.Bytes`).
pub(crate) fn decimal(megabytes: u64) -> String {
    rounded(megabytes, 1000, ["MB", "GB", "TB", "PB"])
}

/// A number of MiB in powers of 1024 (`humanize.IBytes`).
pub(crate) fn binary(mebibytes: u64) -> String {
    rounded(mebibytes, 1024, ["MiB", "GiB", "TiB", "PiB"])
}

fn rounded(size: u64, base: u64, units: [&str; 4]) -> String {
    let (mut divisor, mut unit) = (1, 0);
    while size / divisor >= base && unit + 1 < units.len() {
        divisor *= base;
        unit += 1;
    }
    // In tenths, rounded.
    let tenths = u128::from(size) * 10 + u128::from(divisor) / 2;
    let tenths = tenths / u128::from(divisor);
    let (whole, rest) = (tenths / 10, tenths % 10);
    if tenths < 100 {
        return format!("{whole}.{rest} {}", units[unit]);
    }
    // `%.0f` rounds halves to even numbers.
    let up = rest > 5 || (rest == 5 && whole % 2 == 1);
    format!("{} {}", whole + u128::from(up), units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (size, in_binary, in_decimal) in [
            (1, "1.0 MiB", "1.0 MB"),
            (512, "512 MiB", "512 MB"),
            (1024, "1.0 GiB", "1.0 GB"),
            (1126, "1.1 GiB", "1.1 GB"),
            (1536, "1.5 GiB", "1.5 GB"),
            (20_480, "20 GiB", "20 GB"),
            (22_016, "22 GiB", "22 GB"),
        ] {
            assert_eq!(binary(size), in_binary);
            assert_eq!(decimal(size), in_decimal);
        }
    }
}
