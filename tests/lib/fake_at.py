"""Africa's Talking's send API on loopback: records what it is asked, answers as the real one was recorded, fails when told.

    with FakeAt() as at:
        at.script("throttled", "ok")     # the first request gets 429, the second is taken; afterwards all are
        ... at.url, at.wait_for(2), at.sent[0]["message"]

ok                 201, one recipient with statusCode 102
invalid-sender     201 with "InvalidSenderId" and no recipient
recipient-failed   201, the recipient with statusCode 403 and "InvalidPhoneNumber"
bad-key            401 text/plain
throttled          429 with Retry-After: 1
slow               as ok, a second later
broken             500 with a page of HTML
reset              the connection dies after the request was read
hang               nothing is answered for 60 s
nonsense           201 with a body that is no JSON
"""
import collections
import http.server
import itertools
import json
import socket
import struct
import threading
import time
import urllib.parse

from gateway import free_port
from harness import wait_until


class FakeAt:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/version1/messaging"
        self.sent = []  # dicts: the form's fields, and "headers", "verdict", "messageId", "when"
        self.steps = collections.deque()
        self.ids = itertools.count(1)
        self.closing = threading.Event()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                fake.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def script(self, *verdicts):
        self.steps.extend(verdicts)

    def wait_for(self, count, seconds=15):
        wait_until(lambda: len(self.sent) >= count, seconds, f"{count} texts to be sent, not {len(self.sent)}")
        return self.sent

    def answer(self, handler):
        length = int(handler.headers.get("Content-Length", 0))
        fields = dict(urllib.parse.parse_qsl(handler.rfile.read(length).decode(), keep_blank_values=True))
        verdict = self.steps.popleft() if self.steps else "ok"
        message_id = f"ATXid_{next(self.ids):032x}"
        self.sent.append({**fields, "headers": dict(handler.headers), "verdict": verdict, "messageId": message_id,
                          "when": time.monotonic()})
        getattr(self, "say_" + verdict.replace("-", "_"))(handler, fields, message_id)

    def reply(self, handler, status, body, kind="application/json", headers=()):
        body = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def data(self, message, recipients):
        return {"SMSMessageData": {"Message": message, "Recipients": recipients}}

    def recipient(self, fields, code, status, message_id):
        return {"statusCode": code, "number": fields.get("to", ""), "cost": "BDT 0.8000", "status": status,
                "messageId": message_id}

    def say_ok(self, handler, fields, message_id):
        self.reply(handler, 201, self.data("Sent to 1/1 Total Cost: BDT 0.8000",
                                           [self.recipient(fields, 102, "Success", message_id)]))

    def say_invalid_sender(self, handler, *_):
        self.reply(handler, 201, self.data("InvalidSenderId", []))

    def say_recipient_failed(self, handler, fields, _):
        self.reply(handler, 201, self.data("Sent to 0/1 Total Cost: 0",
                                           [self.recipient(fields, 403, "InvalidPhoneNumber", "None")]))

    def say_bad_key(self, handler, *_):
        self.reply(handler, 401, "The supplied authentication is invalid", "text/plain")

    def say_throttled(self, handler, *_):
        self.reply(handler, 429, "Too many requests", "text/plain", [("Retry-After", "1")])

    def say_slow(self, handler, fields, message_id):
        self.closing.wait(1)
        self.say_ok(handler, fields, message_id)

    def say_broken(self, handler, *_):
        self.reply(handler, 500, "<html><body>Internal error</body></html>", "text/html")

    def say_nonsense(self, handler, *_):
        self.reply(handler, 201, '{"SMSMessageData": ')

    def say_reset(self, handler, *_):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    def say_hang(self, handler, *_):
        self.closing.wait(60)
        handler.close_connection = True
