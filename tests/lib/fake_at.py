"""Africa's Talking's send API on loopback: records what it is asked, answers as the real one was recorded, fails when told.

    with FakeAt() as at:
        at.script("throttled", "ok")     # the first request gets 429, the second is taken; afterwards all are
        ... at.url, at.wait_for(2), at.sent[0]["message"]

ok                 201, one recipient with statusCode 102
invalid-sender     201 with "InvalidSenderId" and no recipient
recipient-failed   201, the recipient with statusCode 403 and "InvalidPhoneNumber"
bad-key            401 text/plain
throttled          429 with Retry-After: `pause`, a second where nobody says otherwise
held               as ok, once `let_go()` was called
broken             500 with a page of HTML
reset              the connection dies after the request was read
hang               nothing is answered for 60 s
nonsense           201 with a body that is no JSON
"""
import collections
import itertools
import socket
import struct
import threading
import time
import urllib.parse

from fake_api import FakeApi
from harness import wait_until

JSON = {"Content-Type": "application/json"}


class FakeAt(FakeApi):
    def __init__(self, port=0):
        super().__init__(port)
        self.url += "version1/messaging"
        self.sent = []  # dicts: the form's fields, and "headers", "verdict", "messageId", "when"
        self.steps = collections.deque()
        self.ids = itertools.count(1)
        self.closing, self.letting_go, self.pause = threading.Event(), threading.Event(), 1

    def close(self):
        self.closing.set()
        self.letting_go.set()
        super().close()

    def script(self, *verdicts):
        self.steps.extend(verdicts)

    def let_go(self):
        self.letting_go.set()

    def wait_for(self, count, seconds=60):
        wait_until(lambda: len(self.sent) >= count, seconds, lambda: f"{count} texts to be sent, not {len(self.sent)}")
        return self.sent

    def answer(self, asked):
        fields = dict(urllib.parse.parse_qsl(asked.body.decode(), keep_blank_values=True))
        verdict = self.steps.popleft() if self.steps else "ok"
        message_id = f"ATXid_{next(self.ids):032x}"
        self.sent.append({**fields, "headers": dict(asked.headers), "verdict": verdict, "messageId": message_id,
                          "when": time.monotonic()})
        return getattr(self, "say_" + verdict.replace("-", "_"))(asked.handler, fields, message_id)

    def data(self, message, recipients):
        return {"SMSMessageData": {"Message": message, "Recipients": recipients}}

    def recipient(self, fields, code, status, message_id):
        return {"statusCode": code, "number": fields.get("to", ""), "cost": "BDT 0.8000", "status": status,
                "messageId": message_id}

    def say_ok(self, _, fields, message_id):
        return 201, self.data("Sent to 1/1 Total Cost: BDT 0.8000", [self.recipient(fields, 102, "Success", message_id)]), JSON

    def say_invalid_sender(self, *_):
        return 201, self.data("InvalidSenderId", []), JSON

    def say_recipient_failed(self, _, fields, __):
        refused = self.recipient(fields, 403, "InvalidPhoneNumber", "None")
        return 201, self.data("Sent to 0/1 Total Cost: 0", [refused]), JSON

    def say_bad_key(self, *_):
        return 401, "The supplied authentication is invalid", {"Content-Type": "text/plain"}

    def say_throttled(self, *_):
        return 429, "Too many requests", {"Content-Type": "text/plain", "Retry-After": str(self.pause)}

    def say_held(self, *told):
        self.letting_go.wait(60)
        return self.say_ok(*told)

    def say_broken(self, *_):
        return 500, "<html><body>Internal error</body></html>", {"Content-Type": "text/html"}

    def say_nonsense(self, *_):
        return 201, '{"SMSMessageData": ', JSON

    def say_reset(self, handler, *_):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    def say_hang(self, handler, *_):
        self.closing.wait(60)
        handler.close_connection = True
