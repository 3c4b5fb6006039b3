//! Moments as seconds since 1970, from and to text. Pure: what time it is stands in the environment and in servers'
//! `Date` headers.

/// Reads the beginning of an ISO 8601 time in UTC: `2026-01-31T12:00:00`.
pub fn from_iso(text: &str) -> Option<i64> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    moment(part(0, 4)?, part(5, 7)?, part(8, 10)?, [part(11, 13)?, part(14, 16)?, part(17, 19)?])
}

/// Reads a `Date` header (RFC 9110, *IMF-fixdate*): `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn from_http(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once(", ")?;
    let part = |from: usize, to: usize| rest.get(from..to)?.parse::<i64>().ok();
    let month = MONTHS.iter().position(|name| rest.get(3..6) == Some(name))?;
    let month = i64::try_from(month).ok()? + 1;
    rest.ends_with(" GMT").then_some(())?;
    moment(part(7, 11)?, month, part(0, 2)?, [part(12, 14)?, part(15, 17)?, part(18, 20)?])
}

/// As text for a sentence: `2026-01-31 12:00 UTC`.
pub fn utc(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", rest / 3600, rest / 60 % 60)
}

/// An ISO 8601 time in UTC, shortened for people in the same form, without a look at what its numbers mean. What is too
/// short stays as it is.
pub fn to_the_minute(iso: &str) -> String {
    match iso.get(..16) {
        Some(at) => [&at.replace('T', " "), " UTC"].concat(),
        None => iso.to_owned(),
    }
}

/// A span in words, rounded down: "3 days", "5 minutes".
pub fn span(seconds: i64) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let unit = units.iter().find(|(length, _)| seconds >= *length).unwrap_or(&units[3]);
    let count = seconds.max(0) / unit.0;
    format!("{count} {}{}", unit.1, if count == 1 { "" } else { "s" })
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn moment(year: i64, month: i64, day: i64, [hour, minute, second]: [i64; 3]) -> Option<i64> {
    let plausible = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    plausible.then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days since 1970 of a date, counted in years that begin in March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let month = (month + 9) % 12;
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// The date of a day since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (seconds, iso, http, shown) in [
            (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01 00:00 UTC"),
            (
                784_111_777,
                "1994-11-06T08:49:37.123Z",
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "1994-11-06 08:49 UTC",
            ),
            (951_827_696, "2000-02-29T12:34:56", "Tue, 29 Feb 2000 12:34:56 GMT", "2000-02-29 12:34 UTC"),
            (4_107_542_399, "2100-02-28T23:59:59Z", "Sun, 28 Feb 2100 23:59:59 GMT", "2100-02-28 23:59 UTC"),
        ] {
            assert_eq!(from_iso(iso), Some(seconds), "{iso}");
            assert_eq!(from_http(http), Some(seconds), "{http}");
            assert_eq!(utc(seconds), shown);
            assert_eq!(to_the_minute(iso), shown);
        }
        for bad in
            ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01", "Sun, 06 Nov 1994 08:49:37 CET", "ä"]
        {
            assert_eq!((from_iso(bad), from_http(bad)), (None, None), "{bad}");
            assert!(bad.len() > 15 || to_the_minute(bad) == bad, "{bad}");
        }
    }

    #[test]
    fn spans_are_rounded_down() {
        for (seconds, words) in
            [(0, "0 seconds"), (1, "1 second"), (119, "1 minute"), (7_300, "2 hours"), (200_000, "2 days")]
        {
            assert_eq!(span(seconds), words);
        }
    }

    proptest::proptest! {
        #[test]
        fn texts_are_survived_and_moments_round_trip(text in "\\PC{0,40}", seconds in 0_i64..200_000_000_000) {
            from_iso(&text);
            from_http(&text);
            let shown = utc(seconds).replace(" UTC", ":00").replace(' ', "T");
            proptest::prop_assert_eq!(from_iso(&shown), Some(seconds / 60 * 60));
        }
    }
}
