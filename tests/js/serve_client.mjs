#!/usr/bin/env node
// The AWS SDK for JavaScript and the Amazon Chime SDK's messaging sessions as clients of a local
// messaging service that has a flow's processor behind it.

import { isDeepStrictEqual, parseArgs } from "node:util";

import * as identity from "@aws-sdk/client-chime-sdk-identity";
import * as messaging from "@aws-sdk/client-chime-sdk-messaging";
import chime from "amazon-chime-sdk-js";
import WebSocket from "ws";

const USAGE = `serve_client.mjs URL [--same TEXT] [--changed TEXT] [--expected TEXT] [--denied TEXT]

Makes an app instance, users, a channel and a flow of its own at URL, opens messaging sessions for
the sender and another member, and holds what each of them receives against what a flow promises.
Exit code 0 if all is as it should be, 1 with the first thing that is not.

  --same TEXT      a text that the processor leaves alone
  --changed TEXT   a text that it changes [default: my card is 4111 1111 1111 1111]
  --expected TEXT  what the changed text becomes [default: anything else]
  --denied TEXT    a text that it denies`;

const FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:channel-flow-processor";
const METADATA = '{"from":"javascript"}';
/** How long anything may take that has to come, in milliseconds. */
const PATIENCE = 15_000;

/** Something that is not as it should be. */
class Wrong extends Error {}

function demand(holds, wrong) {
  if (!holds) throw new Wrong(wrong);
}

function demandEqual(found, expected, what) {
  demand(
    isDeepStrictEqual(found, expected),
    `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`,
  );
}

/** The SDK insists on `wss`; the local service speaks plain `ws`. */
class PlainSigner extends chime.DefaultSigV4 {
  signURL(method, _scheme, ...rest) {
    return super.signURL(method, "ws", ...rest);
  }
}

// What a browser has and the session takes for granted.
globalThis.WebSocket = WebSocket;
globalThis.CloseEvent ??= class extends Event {
  constructor(type, { code = 0, reason = "", wasClean = false } = {}) {
    super(type);
    Object.assign(this, { code, reason, wasClean });
  }
};

/** A user's messaging session, and every frame that it has received. */
class Session {
  #session;
  #waiting = new Set();
  frames = [];

  static async open(client, user, { prefetch = false } = {}) {
    const session = new Session();
    const configuration = new chime.MessagingSessionConfiguration(user, null, undefined, client);
    if (prefetch) configuration.prefetchOn = chime.PrefetchOn.Connect;
    session.#session = new chime.DefaultMessagingSession(
      configuration,
      new chime.NoOpLogger(),
      undefined,
      undefined,
      new PlainSigner(client),
    );
    session.#session.addObserver({
      messagingSessionDidReceiveMessage: ({ type, headers, payload }) =>
        session.#receive({ type, headers, raw: payload ?? "" }),
    });
    await within(session.#session.start(), () => "the session is not established");
    return session;
  }

  close() {
    this.#session.stop();
  }

  #receive(frame) {
    this.frames.push(frame);
    for (const look of this.#waiting) look();
  }

  /** The frame of this type about this message, once it is there. */
  frame(type, message) {
    return this.#once(
      () => this.about(message).find((frame) => frame.type === type),
      () => `no ${type} came, but ${this.types(message).join(", ") || "nothing"}`,
    );
  }

  /** The details of the first channel that was prefetched, once they are there. */
  details() {
    return this.#once(
      () => this.frames.find(({ type }) => type === "CHANNEL_DETAILS"),
      () => "no CHANNEL_DETAILS came",
    );
  }

  /** What `find` finds, as soon as it does. */
  async #once(find, wrong) {
    let look;
    const found = new Promise((resolve) => {
      look = () => {
        const frame = find();
        if (frame !== undefined) resolve(frame);
      };
      this.#waiting.add(look);
      look();
    });
    try {
      return await within(found, wrong);
    } finally {
      this.#waiting.delete(look);
    }
  }

  /** All frames about a message, in the order in which they came. */
  about(message) {
    return this.frames
      .filter(({ type }) => type.endsWith("_CHANNEL_MESSAGE"))
      .map((frame) => ({ ...frame, payload: JSON.parse(frame.raw) }))
      .filter(({ payload }) => payload.MessageId === message);
  }

  types(message) {
    return this.about(message).map(({ type }) => type);
  }
}

/** What `promise` comes to, or a failure when it takes too long. */
async function within(promise, wrong) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Wrong(wrong()));
    }, PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The name of the error that `call` fails with, or null. */
async function errorName(call) {
  try {
    await call;
  } catch (error) {
    return error.name;
  }
  return null;
}

/** A channel with a flow on it, a sender and another member with a session each. */
class Stage {
  static async set(url) {
    const stage = new Stage();
    const configuration = {
      endpoint: url,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    };
    const people = new identity.ChimeSDKIdentity(configuration);
    stage.url = url;
    stage.messaging = new messaging.ChimeSDKMessaging(configuration);
    const { AppInstanceArn } = await people.createAppInstance({ Name: "javascript" });
    const user = async (id, name) => {
      const made = await people.createAppInstanceUser({ AppInstanceArn, AppInstanceUserId: id, Name: name });
      return made.AppInstanceUserArn;
    };
    stage.admin = await user("admin", "Admin");
    stage.alice = await user("alice", "Alice");
    stage.bob = await user("bob", "Bob");
    stage.carol = await user("carol", "Carol");
    await people.createAppInstanceAdmin({ AppInstanceArn, AppInstanceAdminArn: stage.admin });
    const ChimeBearer = stage.admin;
    const { ChannelArn } = await stage.messaging.createChannel({
      AppInstanceArn,
      Name: "javascript",
      ChimeBearer,
    });
    stage.channel = ChannelArn;
    for (const MemberArn of [stage.alice, stage.bob]) {
      await stage.messaging.createChannelMembership({ ChannelArn, MemberArn, Type: "DEFAULT", ChimeBearer });
    }
    const { ChannelFlowArn } = await stage.messaging.createChannelFlow({
      AppInstanceArn,
      Name: "javascript",
      Processors: [
        {
          Name: "processor",
          ExecutionOrder: 1,
          FallbackAction: "ABORT",
          Configuration: { Lambda: { ResourceArn: FUNCTION, InvocationType: "ASYNC" } },
        },
      ],
    });
    await stage.messaging.associateChannelFlow({ ChannelArn, ChannelFlowArn, ChimeBearer });
    stage.sender = await Session.open(stage.messaging, stage.alice);
    stage.member = await Session.open(stage.messaging, stage.bob);
    // Of the same app instance, but not of the channel.
    stage.stranger = await Session.open(stage.messaging, stage.carol);
    return stage;
  }

  end() {
    for (const session of [this.sender, this.member, this.stranger]) session.close();
  }

  async #trouble(trouble) {
    const response = await fetch(`${this.url}/local-chime/trouble`, {
      method: "PUT",
      body: JSON.stringify(trouble),
    });
    demandEqual(response.status, 204, "setting the trouble");
  }

  /**
   * Keeps what is sent during `look` in flight. No delay could do that as surely: the callbacks are
   * refused as by a service that is down, and go through once `look` is done.
   */
  async whileInFlight(look) {
    await this.#trouble({ rates: [{ fault: "unavailable", share: 1 }] });
    try {
      return await look();
    } finally {
      await this.#trouble({});
    }
  }

  async whileUnreachable(look) {
    await this.#trouble({ unreachable: true });
    try {
      return await look();
    } finally {
      await this.#trouble({});
    }
  }

  async send(content) {
    const sent = await this.messaging.sendChannelMessage({
      ChannelArn: this.channel,
      Content: content,
      Metadata: METADATA,
      Type: "STANDARD",
      Persistence: "PERSISTENT",
      ChimeBearer: this.alice,
    });
    demandEqual(sent.Status?.Value, "PENDING", "the status of what was just sent");
    return sent.MessageId;
  }

  async edit(message, content) {
    const edited = await this.messaging.updateChannelMessage({
      ChannelArn: this.channel,
      MessageId: message,
      Content: content,
      Metadata: METADATA,
      ChimeBearer: this.alice,
    });
    demandEqual(edited.Status?.Value, "PENDING", "the status of what was just edited");
  }

  status(message, reader = this.alice) {
    return this.messaging
      .getChannelMessageStatus({ ChannelArn: this.channel, MessageId: message, ChimeBearer: reader })
      .then(({ Status }) => Status.Value);
  }

  async list(reader) {
    const listed = await this.messaging.listChannelMessages({
      ChannelArn: this.channel,
      SortOrder: "ASCENDING",
      ChimeBearer: reader,
    });
    return listed.ChannelMessages;
  }
}

/** That a frame is about the sender's message as it should stand. */
function demandFrame({ headers, payload }, stage, content, status, what) {
  demandEqual(headers["x-amz-chime-message-type"], "STANDARD", `${what}: the message type`);
  demandEqual(payload.ChannelArn, stage.channel, `${what}: the channel`);
  demandEqual(payload.Sender, { Arn: stage.alice, Name: "Alice" }, `${what}: the sender`);
  demandEqual(payload.Content, content, `${what}: the content`);
  demandEqual(payload.Metadata, METADATA, `${what}: the metadata`);
  demandEqual(payload.Status?.Value, status, `${what}: the status`);
  demand(!Number.isNaN(Date.parse(payload.CreatedTimestamp)), `${what}: no CreatedTimestamp`);
}

/** A text that the processor changes: what members see of it is returned. */
async function changes(stage, changed, expected) {
  const { sender, member } = stage;
  const message = await stage.whileInFlight(async () => {
    const message = await stage.send(changed);
    const pending = await sender.frame("PENDING_CREATE_CHANNEL_MESSAGE", message);
    demandFrame(pending, stage, changed, "PENDING", "in flight, for the sender");
    demandEqual(await stage.status(message), "PENDING", "in flight, GetChannelMessageStatus");
    const refused = await errorName(stage.status(message, stage.bob));
    demand(refused !== null, "in flight, a member may ask for the status");
    demandEqual(await stage.list(stage.bob), [], "in flight, listed for a member");
    demandEqual(member.types(message), [], "in flight, for a member");
    return message;
  });
  const [own, others] = await Promise.all(
    [sender, member].map((session) => session.frame("CREATE_CHANNEL_MESSAGE", message)),
  );
  const content = others.payload.Content;
  demand(content !== changed, "the processor has not changed the message");
  if (expected !== undefined) demandEqual(content, expected, "what a member sees");
  demandFrame(others, stage, content, "SENT", "changed, for a member");
  demandFrame(own, stage, content, "SENT", "changed, for the sender");
  demandEqual(await stage.status(message), "SENT", "changed, GetChannelMessageStatus");
  console.log("PENDING_CREATE -> CREATE, changed");
  return { message, content };
}

async function leaves(stage, same) {
  const message = await stage.send(same);
  for (const session of [stage.sender, stage.member]) {
    const frame = await session.frame("CREATE_CHANNEL_MESSAGE", message);
    demandFrame(frame, stage, same, "SENT", "unchanged");
  }
  demandEqual(await stage.status(message), "SENT", "unchanged, GetChannelMessageStatus");
  console.log("PENDING_CREATE -> CREATE, unchanged");
  return message;
}

async function denies(stage, denied) {
  const message = await stage.send(denied);
  const frame = await stage.sender.frame("DENIED_CREATE_CHANNEL_MESSAGE", message);
  demandFrame(frame, stage, denied, "DENIED", "denied, for the sender");
  demandEqual(await errorName(stage.status(message)), "NotFoundException", "denied, GetChannelMessageStatus");
  console.log("PENDING_CREATE -> DENIED_CREATE");
  return message;
}

async function fails(stage, text) {
  const message = await stage.whileUnreachable(async () => {
    const message = await stage.send(text);
    const frame = await stage.sender.frame("FAILED_CREATE_CHANNEL_MESSAGE", message);
    demandFrame(frame, stage, text, "FAILED", "failed, for the sender");
    return message;
  });
  demandEqual(await stage.status(message), "FAILED", "failed, GetChannelMessageStatus");
  console.log("PENDING_CREATE -> FAILED_CREATE");
  return message;
}

/** An edit that the processor changes; members see the former version until it is through. */
async function changesAnEdit(stage, message, former, changed, content) {
  const { sender, member } = stage;
  await stage.whileInFlight(async () => {
    await stage.edit(message, changed);
    const pending = await sender.frame("PENDING_UPDATE_CHANNEL_MESSAGE", message);
    demandFrame(pending, stage, changed, "PENDING", "an edit in flight, for the sender");
    const listed = (await stage.list(stage.bob)).find(({ MessageId }) => MessageId === message);
    demandEqual(listed?.Content, former, "an edit in flight, listed for a member");
  });
  for (const session of [sender, member]) {
    const frame = await session.frame("UPDATE_CHANNEL_MESSAGE", message);
    demandFrame(frame, stage, content, "SENT", "an edit, changed");
    demand(!Number.isNaN(Date.parse(frame.payload.LastEditedTimestamp)), "an edit has no LastEditedTimestamp");
  }
  console.log("PENDING_UPDATE -> UPDATE, changed");
}

async function deniesAnEdit(stage, message, denied) {
  await stage.edit(message, denied);
  const frame = await stage.sender.frame("DENIED_UPDATE_CHANNEL_MESSAGE", message);
  demandFrame(frame, stage, denied, "DENIED", "a denied edit, for the sender");
  demandEqual(await stage.status(message), "SENT", "after a denied edit, GetChannelMessageStatus");
  console.log("PENDING_UPDATE -> DENIED_UPDATE");
}

async function check(stage, { same, changed, expected, denied }) {
  /** What each message must have brought: to its sender, to a member, and what members read. */
  const promised = new Map();

  const { message: first, content } = await changes(stage, changed, expected);
  promised.set(first, {
    sender: ["PENDING_CREATE", "CREATE"],
    member: ["CREATE"],
    read: content,
  });
  if (same !== undefined) {
    const message = await leaves(stage, same);
    await changesAnEdit(stage, message, same, changed, content);
    promised.set(message, {
      sender: ["PENDING_CREATE", "CREATE", "PENDING_UPDATE", "UPDATE"],
      member: ["CREATE", "UPDATE"],
      read: content,
    });
  }
  if (denied !== undefined) {
    promised.set(await denies(stage, denied), {
      sender: ["PENDING_CREATE", "DENIED_CREATE"],
      member: [],
    });
    await deniesAnEdit(stage, first, denied);
    promised.get(first).sender.push("PENDING_UPDATE", "DENIED_UPDATE");
  }
  promised.set(await fails(stage, changed), {
    sender: ["PENDING_CREATE", "FAILED_CREATE"],
    member: [],
  });

  // Sessions get their frames in order: once they have those of a last message, nothing is under way.
  const last = await stage.send(changed);
  await Promise.all(
    [stage.sender, stage.member].map((session) => session.frame("CREATE_CHANNEL_MESSAGE", last)),
  );
  promised.set(last, { sender: ["PENDING_CREATE", "CREATE"], member: ["CREATE"], read: content });
  for (const [message, { sender, member }] of promised) {
    const types = (short) => short.map((type) => `${type}_CHANNEL_MESSAGE`);
    demandEqual(stage.sender.types(message), types(sender), "the sender's frames of a message");
    demandEqual(stage.member.types(message), types(member), "a member's frames of a message");
  }
  demandEqual(
    stage.stranger.frames.map(({ type }) => type),
    ["SESSION_ESTABLISHED"],
    "the frames of a user who is not in the channel",
  );

  const listed = await stage.list(stage.bob);
  const read = [...promised].filter(([, { read }]) => read !== undefined);
  demandEqual(
    listed.map(({ MessageId, Content }) => [MessageId, Content]),
    read.map(([message, { read }]) => [message, read]),
    "listed for a member",
  );

  // A member who comes later, and asks for what was missed.
  const later = await Session.open(stage.messaging, stage.bob, { prefetch: true });
  try {
    await prefetched(later, stage, listed);
    // However a text is written, in a frame or in a list: what was changed or denied is not there.
    const seen = [
      ...stage.member.frames.map(({ raw }) => raw),
      ...later.frames.map(({ raw }) => raw),
      JSON.stringify(listed),
    ].join("\n");
    for (const [hidden, what] of [[changed, "changed"], [denied, "denied"]]) {
      if (hidden === undefined) continue;
      const written = JSON.stringify(hidden).slice(1, -1);
      demand(!seen.includes(written), `a member has seen the text that was ${what}`);
    }
  } finally {
    later.close();
  }
  console.log("members saw what was delivered, and nothing else");
}

/** A new session's `CHANNEL_DETAILS` hold the channel and what has been delivered in it. */
async function prefetched(session, stage, listed) {
  const { Channel, ChannelMessages } = JSON.parse((await session.details()).raw);
  demandEqual(Channel.ChannelArn, stage.channel, "the prefetched channel");
  const contents = (messages) => messages.map(({ Content }) => Content).sort();
  demandEqual(contents(ChannelMessages), contents(listed), "the prefetched messages");
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      same: { type: "string" },
      changed: { type: "string", default: "my card is 4111 1111 1111 1111" },
      expected: { type: "string" },
      denied: { type: "string" },
    },
  });
  demand(positionals.length === 1, `there must be one URL\n${USAGE}`);
  const stage = await Stage.set(positionals[0]);
  try {
    await check(stage, values);
  } finally {
    stage.end();
  }
}

try {
  await main();
} catch (error) {
  // Whatever else went wrong is shown with its place.
  console.error(error instanceof Wrong ? `not as it should be: ${error.message}` : error);
  // At once: a session that is still open would keep the process alive.
  process.exit(1);
}
