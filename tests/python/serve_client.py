#!/usr/bin/env python3
"""boto3 as the client of a local messaging service that has a flow's processor behind it.

    serve_client.py URL [--same TEXT] [--changed TEXT] [--denied TEXT]

Makes an app instance, users, a channel and a flow of its own at URL, sends what the processor is
known to leave alone, change and deny, and reads what members read. Exit code 0 if all is as it
should be, 1 with the first thing that is not.
"""

import argparse
import json
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:channel-flow-processor"


def clients(url):
    session = boto3.Session(
        aws_access_key_id="local", aws_secret_access_key="local", region_name="us-east-1"
    )
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    return [
        session.client(name, endpoint_url=url, config=config)
        for name in ("chime-sdk-identity", "chime-sdk-messaging")
    ]


def error_code(call, **arguments):
    """The code that `call` fails with, or None."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


class Stage:
    def __init__(self, url):
        self.url = url
        identity, self.messaging = clients(url)
        instance = identity.create_app_instance(Name="python")["AppInstanceArn"]
        self.admin, self.alice, self.bob = [
            identity.create_app_instance_user(
                AppInstanceArn=instance, AppInstanceUserId=name, Name=name.title()
            )["AppInstanceUserArn"]
            for name in ("admin", "alice", "bob")
        ]
        identity.create_app_instance_admin(AppInstanceArn=instance, AppInstanceAdminArn=self.admin)
        self.channel = self.messaging.create_channel(
            AppInstanceArn=instance, Name="python", ChimeBearer=self.admin
        )["ChannelArn"]
        for member in (self.alice, self.bob):
            self.messaging.create_channel_membership(
                ChannelArn=self.channel, MemberArn=member, Type="DEFAULT", ChimeBearer=self.admin
            )
        self.flow = self.messaging.create_channel_flow(
            AppInstanceArn=instance,
            Name="python",
            Processors=[
                {
                    "Name": "processor",
                    "ExecutionOrder": 1,
                    "FallbackAction": "ABORT",
                    "Configuration": {"Lambda": {"ResourceArn": FUNCTION, "InvocationType": "ASYNC"}},
                }
            ],
        )["ChannelFlowArn"]
        self.messaging.associate_channel_flow(
            ChannelArn=self.channel, ChannelFlowArn=self.flow, ChimeBearer=self.admin
        )

    def trouble(self, **trouble):
        body = json.dumps(trouble).encode()
        request = urllib.request.Request(f"{self.url}/local-chime/trouble", body, method="PUT")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as response:
            assert response.status == 204, response.status

    def send(self, content):
        sent = self.messaging.send_channel_message(
            ChannelArn=self.channel,
            Content=content,
            Type="STANDARD",
            Persistence="PERSISTENT",
            Metadata='{"from":"python"}',
            ChimeBearer=self.alice,
        )
        assert sent["Status"]["Value"] == "PENDING", sent["Status"]
        return sent["MessageId"]

    def settle(self, message, patience=10):
        """Waits until the message is no longer pending; denied ones have no status any more."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                status = self.messaging.get_channel_message_status(
                    ChannelArn=self.channel, MessageId=message, ChimeBearer=self.alice
                )["Status"]["Value"]
            except ClientError as error:
                assert error.response["Error"]["Code"] == "NotFoundException", error
                return "DENIED"
            if status != "PENDING":
                return status
            time.sleep(0.01)
        raise AssertionError("the message is still PENDING")

    def read(self, reader, message):
        try:
            return self.messaging.get_channel_message(
                ChannelArn=self.channel, MessageId=message, ChimeBearer=reader
            )["ChannelMessage"]
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NotFoundException", error
            return None


def check(stage, same, changed, denied):
    # Slowed down, so that what is in flight can be looked at.
    stage.trouble(invocation_delay_ms=300)
    message = stage.send(changed)
    assert stage.read(stage.bob, message) is None, "a member sees a message in flight"
    seen = stage.read(stage.alice, message)
    assert (seen["Content"], seen["Status"]["Value"]) == (changed, "PENDING")
    assert stage.settle(message) == "SENT"
    seen = stage.read(stage.bob, message)
    assert seen["Content"] != changed, "the processor has not changed the message"
    assert seen["Metadata"] == '{"from":"python"}' and seen["Sender"]["Name"] == "Alice"
    print("PENDING -> SENT, changed")
    stage.trouble()

    if same is not None:
        message = stage.send(same)
        assert stage.settle(message) == "SENT"
        assert stage.read(stage.bob, message)["Content"] == same
        print("PENDING -> SENT, unchanged")

    if denied is not None:
        message = stage.send(denied)
        assert stage.settle(message) == "DENIED"
        assert stage.read(stage.bob, message) is None and stage.read(stage.alice, message) is None
        print("PENDING -> DENIED")

    stage.trouble(unreachable=True)
    message = stage.send(changed)
    assert stage.settle(message) == "FAILED"
    assert stage.read(stage.bob, message) is None
    assert stage.read(stage.alice, message)["Status"]["Value"] == "FAILED"
    stage.trouble()
    print("PENDING -> FAILED")

    invented = error_code(
        stage.messaging.channel_flow_callback,
        ChannelArn=stage.channel,
        CallbackId="00000000-0000-0000-0000-000000000000",
        ChannelMessage={"MessageId": message, "Content": "x"},
    )
    assert invented == "ForbiddenException", invented
    held = error_code(stage.messaging.delete_channel_flow, ChannelFlowArn=stage.flow)
    assert held == "ConflictException", held

    listed = stage.messaging.list_channel_messages(ChannelArn=stage.channel, ChimeBearer=stage.bob)
    expected = 1 if same is None else 2
    assert len(listed["ChannelMessages"]) == expected, len(listed["ChannelMessages"])
    stage.messaging.disassociate_channel_flow(
        ChannelArn=stage.channel, ChannelFlowArn=stage.flow, ChimeBearer=stage.admin
    )
    stage.messaging.delete_channel_flow(ChannelFlowArn=stage.flow)
    print("flow drained and deleted")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--same", help="a text that the processor leaves alone")
    parser.add_argument("--changed", default="my card is 4111 1111 1111 1111", help="a text that it changes")
    parser.add_argument("--denied", help="a text that it denies")
    arguments = parser.parse_args()
    try:
        check(Stage(arguments.url), arguments.same, arguments.changed, arguments.denied)
    except AssertionError as failure:
        print(f"not as it should be: {failure}", file=sys.stderr)
        raise SystemExit(1) from failure


if __name__ == "__main__":
    main()
