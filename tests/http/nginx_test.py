"""conf/nginx.conf in front of the real program: passes callbacks, refuses what could be smuggled, logs nobody."""
# timeout: 120
import os
import re
import shutil
import signal
import subprocess
import urllib.parse

import harness
from gateway import ROOT, SECRETS, Gateway, free_port, get, new_number, new_session, post, raw
from harness import wait_until

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


class Nginx:
    """The committed configuration, with its addresses, certificate and log folder replaced."""

    def __init__(self, gateway):
        self.port, self.folder = free_port(), gateway.folder / "nginx"
        self.folder.mkdir()
        text = (ROOT / "conf" / "nginx.conf").read_text()
        text = re.sub(r"listen \[::\].*\n", "", text)
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port};")
        text = re.sub(r"\n\s*ssl_\w+\s[^;]*;", "", text)
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{gateway.webhooks}")
        text = text.replace("/var/log/nginx", str(self.folder))
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\nworker_processes 1;\npid {self.folder}/pid;\nerror_log {self.folder}/main.log emerg;\n"
            "events { worker_connections 1024; }\nhttp {\n"
            + "".join(f"{kind}_temp_path {self.folder}/{kind};\n"
                      for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            + text + "}\n")
        if os.geteuid() == 0:
            os.chmod(gateway.folder, 0o755)
            os.chmod(self.folder, 0o777)

    def __enter__(self):
        words = [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "main.log")]
        tested = subprocess.run([*words, "-t"], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stderr
        self.process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        wait_until(self.is_up, 10, "nginx to listen")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)

    def is_up(self):
        try:
            return get(self.port, "/").status == 404
        except OSError:
            return False

    def logs(self):
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))


def fields():
    return {"sessionId": new_session(), "phoneNumber": new_number(), "serviceCode": "*384*123#", "text": ""}


def test_callbacks_pass():
    with Gateway() as gateway, Nginx(gateway) as nginx:
        answer = post(nginx.port, gateway.path("at-ussd"), fields())
        assert answer.status == 200 and answer.body.startswith(b"CON "), answer
        direct = post(gateway.webhooks, gateway.path("at-ussd"), fields())
        assert direct.body == answer.body
        assert "in/at-ussd 200 200" in nginx.logs(), nginx.logs()


def test_nothing_else_passes():
    with Gateway() as gateway, Nginx(gateway) as nginx:
        for path in ("/", "/metrics", "/healthz", "/in", "/console/"):
            assert get(nginx.port, path).status == 404, path
        assert post(nginx.port, gateway.path("at-ussd"), b"text=" + b"x" * 100000).status == 413


def test_what_could_be_smuggled_stops_here():
    with Gateway() as gateway, Nginx(gateway) as nginx:
        body = urllib.parse.urlencode(fields())
        for headers in (f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n",
                        f"Content-Length: {len(body)}\r\nContent-Length: 0\r\n",
                        "Transfer-Encoding: gzip, chunked\r\n"):
            said = raw(nginx.port, f"POST {gateway.path('at-ussd')} HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}".encode(), 2)
            assert re.match(rb"HTTP/1.1 (400|501|411) ", said), f"{headers!r}: {said[:60]}"
        assert gateway.count("turn") == 0


def test_no_log_of_nginx_holds_anyone():
    """no number, text, query or secret in nginx's logs, also when the gateway is gone or the request is broken"""
    with Gateway() as gateway:
        with Nginx(gateway) as nginx:
            asked = {**fields(), "text": "1*my name is Rahima"}
            post(nginx.port, gateway.path("at-ussd"), asked)
            get(nginx.port, gateway.path("at-ussd") + "?" + urllib.parse.urlencode(asked))
            raw(nginx.port, f"POST {gateway.path('at-ussd')}?from={asked['phoneNumber']} HTTP/1.1\r\nHost: x\r\n"
                            "Content-Length: x\r\n\r\n".encode(), 1)
            raw(nginx.port, f"POST {gateway.path('at-ussd')} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf".encode(), 1)
            gateway.stop()
            assert post(nginx.port, gateway.path("at-ussd"), asked).status == 502
        logs = nginx.logs()
        assert logs.count("\n") >= 3, "nothing was logged at all"
        for hidden in (SECRETS["at-ussd"], asked["phoneNumber"][1:], asked["phoneNumber"][-8:], "Rahima", "?", "text="):
            assert hidden not in logs, f"{hidden[:8]}... is in nginx's logs"


if not os.path.exists(NGINX):
    print("skip nginx in front: nginx is not installed")
else:
    harness.main()
