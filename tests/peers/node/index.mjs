// A channel flow processor as one is commonly written for Node: masks card numbers, denies one
// word, calls back.
import {
  ChannelFlowCallbackCommand,
  ChimeSDKMessagingClient,
} from "@aws-sdk/client-chime-sdk-messaging";

const DENIED = /\bbuy-followers\b/iu;
const CARD = /\b\d(?:[ -]?\d){12,18}\b/gu;

// Made once for each instance, so that its connection is used again.
const chime = new ChimeSDKMessagingClient({});

/** Whether the digits end in their Luhn check digit. */
function isCard(digits) {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    let digit = Number(digits[digits.length - 1 - place]);
    if (place % 2 === 1) {
      digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    }
    sum += digit;
  }
  return sum % 10 === 0;
}

/** The text, of each card number in it only the last four digits. */
function mask(text) {
  return text.replace(CARD, (found) => {
    let left = found.replace(/\D/gu, "").length;
    if (!isCard(found.replace(/\D/gu, ""))) {
      return found;
    }
    return found.replace(/\d/gu, (digit) => {
      left -= 1;
      return left < 4 ? digit : "*";
    });
  });
}

export async function handler(event) {
  const { CallbackId, ChannelMessage: message } = event;
  const content = message.Content ?? "";
  const denied = DENIED.test(content);
  await chime.send(
    new ChannelFlowCallbackCommand({
      CallbackId,
      ChannelArn: message.ChannelArn,
      DeleteResource: denied,
      ChannelMessage: denied
        ? { MessageId: message.MessageId }
        : {
            MessageId: message.MessageId,
            Content: mask(content),
            Metadata: message.Metadata,
          },
    }),
  );
  console.log(JSON.stringify({ messageId: message.MessageId, denied }));
}
