//! A channel flow processor with no more than the SDK: masks card numbers, denies one word, calls
//! back.
//!
//! It is what the bench compares the product with, so it has the product's TLS back end (ring; the
//! SDK's default one gathers entropy for tens of milliseconds) and its build profile, and nothing
//! else of it.

use aws_config::BehaviorVersion;
use aws_sdk_chimesdkmessaging::Client;
use aws_sdk_chimesdkmessaging::types::ChannelMessageCallback;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Deserialize;

const DENIED: &str = "buy-followers";

/// The part of the event that the job needs.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    callback_id: String,
    channel_message: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the event's names")]
struct Message {
    message_id: String,
    channel_arn: String,
    #[serde(default)]
    content: String,
    metadata: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
    let client = Client::new(&config);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Event>| answer(&client, event.payload)))
        .await
}

async fn answer(client: &Client, event: Event) -> Result<(), Error> {
    let message = event.channel_message;
    let denied = denies(&message.content);
    let mut answer = ChannelMessageCallback::builder().message_id(&message.message_id);
    if !denied {
        answer = answer.content(mask(&message.content)).set_metadata(message.metadata);
    }
    client
        .channel_flow_callback()
        .callback_id(event.callback_id)
        .channel_arn(message.channel_arn)
        .delete_resource(denied)
        .channel_message(answer.build()?)
        .send()
        .await?;
    let line = serde_json::json!({ "messageId": message.message_id, "denied": denied });
    #[expect(clippy::print_stdout, reason = "it is what Lambda logs")]
    {
        println!("{line}");
    }
    Ok(())
}

/// Whether the text has the word.
fn denies(text: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric() && character != '-')
        .any(|word| word.eq_ignore_ascii_case(DENIED))
}

/// The text, of each card number in it only the last four digits.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars() {
        if character.is_ascii_digit() || (!run.is_empty() && matches!(character, ' ' | '-')) {
            run.push(character);
        } else {
            masked.push_str(&masked_run(&run));
            run.clear();
            masked.push(character);
        }
    }
    masked.push_str(&masked_run(&run));
    masked
}

/// Digits with spaces and hyphens among them, masked when they are a card's.
fn masked_run(run: &str) -> String {
    let digits = run.chars().filter_map(|character| character.to_digit(10));
    let mut left = digits.clone().count();
    if !(13..=19).contains(&left) || luhn(digits) % 10 != 0 {
        return run.to_owned();
    }
    let hide = |character: char| {
        if !character.is_ascii_digit() {
            return character;
        }
        left -= 1;
        if left < 4 { character } else { '*' }
    };
    run.chars().map(hide).collect()
}

/// The sum that is a multiple of ten when the last digit is the right check digit.
fn luhn(digits: impl DoubleEndedIterator<Item = u32>) -> u32 {
    let weighted = digits.rev().enumerate().map(|(place, digit)| match (place % 2, digit) {
        (1, 5..) => digit * 2 - 9,
        (1, _) => digit * 2,
        _ => digit,
    });
    weighted.sum()
}

#[cfg(test)]
mod tests {
    use super::{denies, mask};

    #[test]
    fn a_number_that_is_no_card_stays() {
        assert_eq!(
            mask("order 4111 1111 1111 1112, 2026-11-22"),
            "order 4111 1111 1111 1112, 2026-11-22"
        );
    }

    #[test]
    fn a_card_keeps_its_last_four_digits() {
        assert_eq!(mask("card 4111-1111-1111-1111, ok"), "card ****-****-****-1111, ok");
    }

    #[test]
    fn the_word_is_denied_as_a_word() {
        assert!(!denies("do not buy, followers"));
        assert!(denies("at www.Buy-Followers.example"));
    }
}
