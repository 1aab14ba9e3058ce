"""Somebody else's HTTP API on loopback, to be told what to answer.

    class Bank(FakeApi):
        def answer(self, asked):                      # in a thread of its own for each connection
            return 200, {"ok": asked.path == "/pay"}  # status, body (bytes, words, or JSON), and headers if need be

    with Bank() as bank:
        ... bank.port, bank.url

`asked` has method, path (with its query), headers, body (bytes), and the handler, for what is no answer at all (a reset).
`answer` gives None when it has dealt with the connection itself.
"""
import collections
import http.server
import json
import threading

Asked = collections.namedtuple("Asked", "method path headers body handler")


class FakeApi:
    def __init__(self, port=0):
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer = api.answer(Asked(self.command, self.path, self.headers, body, self))
                if answer is not None:
                    say(self, *answer)

            do_GET = do_POST = do_PUT = take

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, asked):
        raise NotImplementedError


def say(handler, status, body, headers=()):
    if not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    body = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, value in dict(headers).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
