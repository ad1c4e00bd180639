//! What a million messages cost, from the times of `bench lambda` and published prices.

use std::fmt::Write as _;

use crate::bench_lambda::{Row, median};

/// Dollars for a gigabyte-second of Lambda on `x86_64` in us-east-1.
const GIGABYTE_SECOND: f64 = 0.000_016_666_7;
/// Dollars for a million invocations.
const REQUESTS: f64 = 0.20;
/// Megabytes that the function is given, the fewest there are.
const MEGABYTES: f64 = 128.0;
/// Megabytes with which a function has one whole core; it has as much less as it is given less.
const CORE_MEGABYTES: f64 = 1_769.0;
/// Functions of an account that may run at once, unless more are asked for.
const CONCURRENCY: f64 = 1_000.0;
/// Updating callbacks that the service takes for a channel in a second, in us-east-1.
const CHANNEL_CALLBACKS: f64 = 30.0;

/// Dollars for a million messages that take so many milliseconds each. Begun milliseconds are paid
/// for.
fn million(milliseconds: f64) -> f64 {
    REQUESTS + milliseconds.ceil() * 1_000.0 * MEGABYTES / 1_024.0 * GIGABYTE_SECOND
}

/// How long an event takes with the part of a core that 128 MB come with: its processor time
/// stretched, and the time that it waited.
fn stretched(row: &Row) -> f64 {
    let (paid, processor) = (median(&row.warm_paid), median(&row.warm_processor));
    (paid - processor).max(0.0) + processor * CORE_MEGABYTES / MEGABYTES
}

pub(crate) fn page(rows: &[Row]) -> String {
    let mut page = format!(
        "A million messages at {MEGABYTES} MB on x86_64 in us-east-1: ${GIGABYTE_SECOND} for a \
         gigabyte-second, ${REQUESTS:.2} for a million requests, each begun millisecond paid \
         ([AWS Lambda's prices](https://aws.amazon.com/lambda/pricing/)).\n\n\
         | | ms, as measured | $ | ms, with the core's part that 128 MB have | $ | messages a \
         second: one instance | {CONCURRENCY} |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for row in rows {
        let (measured, small) = (median(&row.warm_paid), stretched(row));
        let each = 1_000.0 / small;
        let _ = writeln!(
            page,
            "| {} | {measured:.2} | {:.2} | {small:.1} | {:.2} | {each:.0} | {:.0} |",
            row.peer,
            million(measured),
            million(small),
            each * CONCURRENCY,
        );
    }
    page.push_str(
        "| Amazon Comprehend, personal data | | 300 (short) to 4,100 (4 KB) | | | | |\n\
         | Amazon Bedrock, content filter | | 150 to 750 | | | | |\n\n",
    );
    let Some(own) = rows.first() else { return page };
    let channels = 1_000.0 / stretched(own) / CHANNEL_CALLBACKS * CONCURRENCY;
    let _ = writeln!(
        page,
        "These times are of this machine, not of AWS. Lambda gives a function of {MEGABYTES} MB \
         {MEGABYTES}/{CORE_MEGABYTES} of a core ([as it documents]\
         (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)), so the second \
         pair of columns stretches the processor time that was measured, and leaves the waiting as \
         it was; Lambda lets short bursts pass faster. The service answers a local callback in \
         less than a millisecond; its own answers take some, for every row alike: each millisecond \
         is ${:.4} for a million messages, so an answer of 20 ms adds ${:.2}. A message beyond \
         the free tier costs its request before anything else.\n\n\
         Starts are paid for too, and are few: an instance is used for thousands of messages. The \
         service takes {CHANNEL_CALLBACKS} updating callbacks a second for a channel (10 in \
         eu-central-1), so one instance keeps up with {:.0} channels at their limit, and an \
         account's default of {CONCURRENCY} instances with {channels:.0}: the limit per channel \
         is met first.",
        million(1.0) - REQUESTS,
        million(20.0) - REQUESTS,
        channels / CONCURRENCY,
    );
    page
}

#[cfg(test)]
mod tests {
    use super::million;

    #[test]
    fn a_begun_millisecond_is_paid_for() {
        assert!((million(0.2) - million(1.0)).abs() < 1e-12);
        assert!(million(1.01) > million(1.0));
    }

    #[test]
    fn a_million_times_a_second_of_128_mb_is_what_the_price_list_says() {
        // 125,000 gigabyte-seconds.
        assert!((million(1_000.0) - 0.20 - 2.083_337_5).abs() < 1e-6);
    }
}
