"""A channel flow processor as one is commonly written in Python: masks card numbers, denies one
word, calls back."""

import json
import re

import boto3

DENIED = re.compile(r"\bbuy-followers\b", re.IGNORECASE)
CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")

# Made once for each instance, so that its connection is used again.
chime = boto3.client("chime-sdk-messaging")


def is_card(digits: str) -> bool:
    """Whether the digits end in their Luhn check digit."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        if place % 2 == 1:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def masked(match: re.Match[str]) -> str:
    """What was found, of a card number only the last four digits."""
    found = match.group()
    digits = re.sub(r"\D", "", found)
    if not is_card(digits):
        return found
    left = len(digits)
    characters = []
    for character in found:
        if character.isdigit():
            left -= 1
            character = character if left < 4 else "*"
        characters.append(character)
    return "".join(characters)


def handler(event: dict, _context: object) -> None:
    """Answers one message."""
    message = event["ChannelMessage"]
    content = message.get("Content", "")
    denied = DENIED.search(content) is not None
    answer = {"MessageId": message["MessageId"]}
    if not denied:
        answer["Content"] = CARD.sub(masked, content)
        if "Metadata" in message:
            answer["Metadata"] = message["Metadata"]
    chime.channel_flow_callback(
        CallbackId=event["CallbackId"],
        ChannelArn=message["ChannelArn"],
        DeleteResource=denied,
        ChannelMessage=answer,
    )
    print(json.dumps({"messageId": message["MessageId"], "denied": denied}))
