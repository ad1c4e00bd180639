//! What the release binaries weigh, and how they hold out as functions that call back over HTTPS.

use acceptance::lambda::{Authority, Peer, Running, Stage, event, zipped};
use acceptance::release;

/// The limit of a package, zipped.
const PACKAGE: u64 = 3_000_000;
/// The most memory that the processor may ever have held.
const MEMORY: u64 = 16 << 20;

#[test]
fn packages_stay_small() {
    for name in ["processor", "last-resort"] {
        let size = zipped(&[release(name)]);
        assert!(size <= PACKAGE, "{name} has {size} bytes, more than {PACKAGE}");
    }
}

#[test]
fn each_event_is_answered_over_https_within_little_memory() {
    let authority = Authority::make();
    let stage = Stage::set(&authority);
    let mut command = Peer::ChannelFlow.command(&stage, &authority, release("processor"));
    stage.give(&event("card", 0));
    let running = Running::start(&mut command, &stage);
    running.polled();
    Peer::ChannelFlow.expect("card", &running.answered().callback);
    running.polled();
    for (number, kind) in (1..=100).zip(["clean", "card", "denied"].into_iter().cycle()) {
        let given = event(kind, number);
        let callback = running.answer(&given).callback;
        Peer::ChannelFlow.expect(kind, &callback);
        assert_eq!(callback.body["CallbackId"], given["CallbackId"]);
    }
    let memory = running.peak_memory();
    assert!(memory <= MEMORY, "{memory} bytes were held, more than {MEMORY}");
}

#[test]
fn a_service_that_cannot_be_trusted_is_told_nothing() {
    let (authority, other) = (Authority::make(), Authority::make());
    let stage = Stage::set(&authority);
    // It trusts the system's authorities and another, but not the one that signed for this service.
    let mut command = Peer::ChannelFlow.command(&stage, &other, release("processor"));
    stage.give(&event("card", 0));
    let running = Running::start(&mut command, &stage);
    // That the connection cannot be made beforehand keeps nothing from being tried.
    running.polled();
    let why = running.failed();
    assert!(why.contains("CallbackUnconfirmed") || why.contains("CallbackExhausted"), "{why}");
    // Four digits alone stand in many an id.
    assert!(!running.output().contains("1111 1111"), "a card number was printed");
}
