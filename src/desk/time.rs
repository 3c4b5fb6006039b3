//! Moments as ISO 8601 in UTC, as far as exports need them.

/// The moment so many milliseconds after one of the form `2026-01-31T12:30:00…`; the same text when it is of another.
pub fn later(moment: &str, ms: u32) -> String {
    match read(moment) {
        Some(start) => write(start + i64::from(ms)),
        None => moment.to_owned(),
    }
}

/// Milliseconds since 1970; `None` for another form.
fn read(moment: &str) -> Option<i64> {
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = moment.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let marks = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')];
    if !moment.is_ascii() || marks.iter().any(|(at, mark)| moment.as_bytes().get(*at) != Some(&(*mark as u8)))
    {
        return None;
    }
    let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let seconds = (days * 24 + number(11, 13)?) * 3600 + number(14, 16)? * 60 + number(17, 19)?;
    let ms = if moment.as_bytes().get(19) == Some(&b'.') { number(20, 23).unwrap_or(0) } else { 0 };
    Some(seconds * 1000 + ms)
}

fn write(ms: i64) -> String {
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
}

/// Days since 1970 in the Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The other way round.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnights_leap_days_and_years_are_passed() {
        for (moment, ms, then) in [
            ("2026-11-24T02:08:08.123Z", 0, "2026-11-24T02:08:08.123Z"),
            ("2026-01-01T00:00:00Z", 1_500, "2026-01-01T00:00:01.500Z"),
            ("2024-02-28T23:59:59.999Z", 1, "2024-02-29T00:00:00.000Z"),
            ("2023-02-28T23:59:59.999Z", 1, "2023-03-01T00:00:00.000Z"),
            ("1999-12-31T23:59:59Z", 1_000, "2000-01-01T00:00:00.000Z"),
            ("yesterday", 5, "yesterday"),
            ("2026-01-01", 5, "2026-01-01"),
        ] {
            assert_eq!(later(moment, ms), then, "{moment}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_day_is_written_as_it_was_read(day in -100_000i64..200_000) {
            let (year, month, of_month) = date(day);
            proptest::prop_assert_eq!(days(year, month, of_month), day);
        }

        #[test]
        fn any_text_is_survived(moment in "[0-9T:.Z-]{0,30}|\\PC{0,30}", ms: u32) {
            later(&moment, ms);
        }
    }
}
