"""conf/nginx.conf and conf/nginx-desk.conf in front of the real program: pass callbacks and operators, refuse what could be smuggled,
log nobody."""
# timeout: 240
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import urllib.parse

import desk
import harness
from gateway import ROOT, SECRETS, Answer, Gateway, free_port, new_number, new_session, post, raw
from harness import wait_until

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
DESK = ("listen.console_url=https://desk.example.org", "listen.trusted_proxies=127.0.0.1/32")


class Nginx:
    """The committed configurations, with their ports, certificate and log folder replaced, inside a main file like Debian's."""

    def __init__(self, gateway):
        self.port, self.plain_port, self.folder = free_port(), free_port(), gateway.folder / "nginx"
        self.folder.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=helpline.example.org",
                        "-addext", "subjectAltName=DNS:helpline.example.org,DNS:desk.example.org", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)
        text = self.settle("nginx.conf", r"listen 443 ssl;", "helpline", r"127\.0\.0\.1:8080;", gateway.webhooks)
        text += self.settle("nginx-desk.conf", r"listen 443 ssl http2;", "desk", r"127\.0\.0\.1:8081;", gateway.console)
        # Debian's own file logs what no server says otherwise of; `info` is the loudest that a release build has.
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\nworker_processes 1;\npid {self.folder}/pid;\nerror_log {self.folder}/main-error.log info;\n"
            "events { worker_connections 1024; }\n"
            f"http {{\naccess_log {self.folder}/main-access.log;\nerror_log {self.folder}/main-error.log info;\n"
            + "".join(f"{kind}_temp_path {self.folder}/{kind};\n"
                      for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            + text + "}\n")
        if os.geteuid() == 0:
            os.chmod(gateway.folder, 0o755)
            os.chmod(self.folder, 0o777)

    def settle(self, name, listen, host, upstream, port):
        text = (ROOT / "conf" / name).read_text()
        for old, new in ((r"listen \[::\].*\n", ""),
                         (listen, listen.replace("443", f"127.0.0.1:{self.port}")),
                         (r"listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
                         (rf"/etc/letsencrypt/live/{host}.example.org/fullchain.pem", f"{self.folder}/cert.pem"),
                         (rf"/etc/letsencrypt/live/{host}.example.org/privkey.pem", f"{self.folder}/key.pem"),
                         (upstream, f"127.0.0.1:{port};"),
                         (r"/var/log/nginx", str(self.folder))):
            text, found = re.subn(old, new, text)
            assert found, f"conf/{name} has no {old}"
        return text

    def __enter__(self):
        words = [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e",
                 str(self.folder / "main-error.log")]
        tested = subprocess.run([*words, "-t"], capture_output=True, text=True)
        assert tested.returncode == 0, tested.stderr
        self.process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        wait_until(self.is_up, 60, "nginx to listen")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def is_up(self):
        try:
            return self.get("/").status == 404
        except OSError:
            return False

    def trusting(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.folder / "cert.pem")
        return context

    def raw(self, data, seconds=60, source="127.0.0.1"):
        """Sends bytes over TLS and returns what comes back until the other side closes or is silent for so long."""
        with socket.create_connection(("127.0.0.1", self.port), 60, (source, 0)) as plain, \
                self.trusting().wrap_socket(plain, server_hostname="helpline.example.org") as s:
            s.settimeout(seconds)
            received = b""
            try:
                s.sendall(data)
                while piece := s.recv(65536):
                    received += piece
            except OSError:
                pass
            return received

    def ask(self, method, path, body="", headers="", source="127.0.0.1"):
        head = (f"{method} {path} HTTP/1.1\r\nHost: helpline.example.org\r\nConnection: close\r\n{headers}"
                f"Content-Length: {len(body)}\r\n\r\n")
        said = self.raw((head + body).encode(), source=source)
        top, _, rest = said.partition(b"\r\n\r\n")
        assert top.startswith(b"HTTP/1.1 "), f"no answer: {said[:80]}"
        return Answer(int(top[9:12]), top, rest)

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, fields, headers="", **more):
        body = fields if isinstance(fields, str) else urllib.parse.urlencode(fields)
        return self.ask("POST", path, body, FORM + headers, **more)

    def logs(self):
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def access(self):
        return (self.folder / "helpline.log").read_text()


class TlsConnection(http.client.HTTPConnection):
    def __init__(self, nginx, source, timeout):
        super().__init__("127.0.0.1", nginx.port, timeout=timeout, source_address=(source, 0))
        self.nginx = nginx

    def connect(self):
        super().connect()
        self.sock = self.nginx.trusting().wrap_socket(self.sock, server_hostname="desk.example.org")


class Operator(desk.Browser):
    """A browser that comes by https://desk.example.org, from an address of its own, and says so as browsers do."""

    def __init__(self, nginx, source="127.0.0.1", forged=None):
        super().__init__(nginx.port, "Firefox of Mina")
        self.nginx, self.source, self.forged = nginx, source, forged or {}

    def connect(self, timeout):
        return TlsConnection(self.nginx, self.source, timeout)

    def ask(self, method, path, body=None, headers=None, timeout=20):
        as_browsers = {"Host": "desk.example.org", "Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip", **self.forged}
        if method == "POST":
            as_browsers["Origin"] = "https://desk.example.org"
        return super().ask(method, path, body, {**as_browsers, **(headers or {})}, timeout)


def fields():
    return {"sessionId": new_session(), "phoneNumber": new_number(), "serviceCode": "*384*123#", "text": ""}


def test_callbacks_pass():
    with Gateway() as gateway, Nginx(gateway) as nginx:
        asked = fields()
        answer = nginx.post(gateway.path("at-ussd"), asked)
        assert answer.status == 200 and answer.body.startswith(b"CON "), answer
        direct = post(gateway.webhooks, gateway.path("at-ussd"), asked)
        assert direct.body == answer.body
        wait_until(lambda: "in/at-ussd 200 200" in nginx.access(), 20, "the line of the log, which is written after the answer")


def test_nothing_else_passes():
    with Gateway() as gateway, Nginx(gateway) as nginx:
        for path in ("/", "/metrics", "/healthz", "/in", "/console/", "/in/../metrics", "/IN/at-ussd"):
            assert nginx.get(path).status == 404, path
        assert nginx.ask("DELETE", gateway.path("at-ussd")).status == 403
        assert nginx.post(gateway.path("at-ussd"), "text=" + "x" * 100000).status == 413
        assert gateway.count("turn") == 0


def test_plain_http_is_refused():
    with Gateway() as gateway, Nginx(gateway) as nginx:
        answer = post(nginx.plain_port, gateway.path("at-ussd"), fields())
        assert answer.status == 403, answer
        assert gateway.count("turn") == 0


def test_what_could_be_smuggled_stops_here():
    """what could be smuggled is refused, and nothing that hides behind it is served"""
    with Gateway() as gateway, Nginx(gateway) as nginx:
        path, body = gateway.path("at-ussd"), urllib.parse.urlencode(fields())
        hidden = (f"POST {path} HTTP/1.1\r\nHost: helpline.example.org\r\n{FORM}Content-Length: {len(body)}\r\n\r\n{body}")
        cases = {
            "both lengths": f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n",
            "both lengths, chunked first": f"Transfer-Encoding: chunked\r\nContent-Length: {len(body)}\r\n",
            "two lengths": f"Content-Length: {len(body)}\r\nContent-Length: 0\r\n",
            "two equal lengths": f"Content-Length: {len(body)}\r\nContent-Length: {len(body)}\r\n",
            "a blank before the colon": "Content-Length : 5\r\n",
            "a tab before the colon": "Content-Length\t: 5\r\n",
            "a coding besides chunked": "Transfer-Encoding: gzip, chunked\r\n",
            "chunked twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "a coding of no name": "Transfer-Encoding: xchunked\r\n",
            "a length with a sign": f"Content-Length: +{len(body)}\r\n",
            "a length that is a list": f"Content-Length: {len(body)}, {len(body)}\r\n",
            "a folded header": f"X-A: 1\r\n Content-Length: {len(body)}\r\nTransfer-Encoding: identity\r\n",
        }
        for what, headers in cases.items():
            said = nginx.raw(f"POST {path} HTTP/1.1\r\nHost: helpline.example.org\r\n{headers}\r\n0\r\n\r\n{hidden}".encode())
            assert re.match(rb"HTTP/1.1 (400|501|411) ", said), f"{what}: {said[:60]}"
            assert said.count(b"HTTP/1.1 ") == 1, f"{what}: more than one answer"
        assert gateway.count("turn") == 0


def test_a_chunked_body_passes():
    """a chunked body, which is none of that, arrives whole"""
    with Gateway() as gateway, Nginx(gateway) as nginx:
        body = urllib.parse.urlencode(fields())
        chunks = "".join(f"{len(part):x}\r\n{part}\r\n" for part in (body[:7], body[7:]))
        said = nginx.raw(f"POST {gateway.path('at-ussd')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{FORM}"
                         f"Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 200 ") and b"CON " in said, said[:80]


def test_networks_are_those_of_who_calls_nginx():
    """a channel's networks are compared with who calls nginx, whatever X-Forwarded-For says"""
    settings = ("listen.trusted_proxies=127.0.0.1/32", "channels.at-ussd.networks=127.0.0.5/32, 192.0.2.0/24")
    with Gateway(settings) as gateway, Nginx(gateway) as nginx:
        path = gateway.path("at-ussd")
        forged = "X-Forwarded-For: 127.0.0.5\r\nX-Real-IP: 127.0.0.5\r\nForwarded: for=127.0.0.5\r\n"
        assert nginx.post(path, fields(), source="127.0.0.5").status == 200
        assert nginx.post(path, fields(), source="127.0.0.6").status == 403
        assert nginx.post(path, fields(), forged, source="127.0.0.6").status == 403
        assert nginx.post(path, fields(), forged * 2, source="127.0.0.6").status == 403
        assert nginx.post(path, fields(), "X-Forwarded-For: junk\r\n", source="127.0.0.5").status == 200
        # beside nginx: the proxy's own address is nobody's, and its header counts only from there
        assert post(gateway.webhooks, path, fields()).status == 403
        assert post(gateway.webhooks, path, fields(), {"X-Forwarded-For": "192.0.2.9"}).status == 200
        assert post(gateway.webhooks, path, fields(), {"X-Forwarded-For": "192.0.2.9, 198.51.100.1"}).status == 403
        assert gateway.count("turn") == 3


def test_no_log_of_nginx_holds_anyone():
    """no number, text, query or secret in nginx's logs, also when the gateway is gone or the request is broken"""
    with Gateway() as gateway:
        with Nginx(gateway) as nginx:
            asked = {**fields(), "text": "1*my name is Rahima"}
            query = urllib.parse.urlencode({"secret": SECRETS["kannel"], "from": asked["phoneNumber"], "to": "2233",
                                            "text": "Rahima", "id": "7"})
            path, number = gateway.path("at-ussd"), asked["phoneNumber"][1:]
            said = [
                nginx.post(path, asked),
                nginx.get(f"{path}?{urllib.parse.urlencode(asked)}"),
                nginx.get(f"/in/kannel?{query}", headers=f"Referer: https://x/?{number}\r\nUser-Agent: {number}\r\n"),
                nginx.get(f"/in/{SECRETS['at-ussd']}?{query}"),          # the channel's name forgotten
                nginx.get(f"/in/{number}/{SECRETS['at-ussd']}"),
                nginx.get(f"/{SECRETS['at-ussd']}?{query}"),
                nginx.post(f"{path}/{number}", asked),
                nginx.post(path, "text=" + "x" * 70000 + number),
                nginx.ask("DELETE", f"{path}?{query}"),
                nginx.get(f"/dlr/at-sms/{SECRETS['at-sms']}%zz?{query}"),
            ]
            assert [answer.status for answer in said] == [200, 405, 200, 404, 404, 404, 403, 413, 403, 400], \
                [answer.status for answer in said]
            for broken in (f"POST {path}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                           f"POST {path}?{query} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{query}",
                           f"GET {path}?{query}\r\n\r\n", f"GET {path}?{query} HTTP/9.9\r\nHost: x\r\n\r\n",
                           f"{number} {path} HTTP/1.1\r\n\r\n", f"GET {path}?{query} HTTP/1.1\r\nHost: {number}\x01\r\n\r\n",
                           f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\nX: {'y' * 40000}{number}\r\n\r\n",
                           f"GET {path}?{query}{'z' * 9000} HTTP/1.1\r\nHost: x\r\n\r\n",
                           f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\n{number} : 1\r\n\r\n"):
                nginx.raw(broken.encode(), 1)
            raw(nginx.port, f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 1)  # plain HTTP on the port of TLS
            raw(nginx.plain_port, f"GET {path}?{query} HTTP/1.1\r\nHost: other.example\r\n\r\n".encode(), 1)
            raw(nginx.plain_port, f"GET /.well-known/acme-challenge/{number}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 1)
            gateway.stop()
            assert nginx.post(path, asked).status == 502
            assert nginx.get(f"/in/kannel?{query}").status == 502
        logs = nginx.logs()
        assert nginx.access().count("\n") > len(said), "nothing was logged at all"
        for known in ("in/at-ussd 200 200", "in/at-ussd 405 405", "in/kannel 200 200", "in 404 404", "in 502 502"):
            assert f" {known} " in nginx.access(), f"{known}: {nginx.access()}"
        for hidden in (SECRETS["at-ussd"], SECRETS["at-sms"], SECRETS["kannel"], number, number[-8:], "Rahima", "?", "text="):
            lines = [line for line in logs.split("\n") if hidden in line]
            assert not lines, f"{hidden[:8]}... is in nginx's logs: {lines[0][:40]}..."


def test_the_desk_by_its_own_name():
    """operators sign in through nginx: Secure cookies, the browser's own address in the audit whatever it claims, nothing for machines"""
    with Gateway(DESK) as gateway, Nginx(gateway) as nginx:
        password = desk.add_user(gateway, "mina", "supervisor")
        forged = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1"}
        page = Operator(nginx, "127.0.0.5", forged).give_password("mina", password)
        assert page.status == 303, f"{page.status} {page.text[:200]}"
        assert re.fullmatch(r"__Host-helpline=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure",
                            page.headers["set-cookie"]), page.headers["set-cookie"]
        mina = Operator(nginx, "127.0.0.5", forged).sign_in("mina", password)
        page = mina.get("/queue")
        assert page.status == 200 and "mina" in page.text.lower()
        assert "max-age" in page.headers["strict-transport-security"] and "default-src 'none'" in page.headers["content-security-policy"]
        assert "content-encoding" not in page.headers, "a page with a token is packed"
        assert mina.post("/settings", {"lang": "en", "theme": "dark"}, {"Origin": "https://evil.example"}).status == 403
        assert mina.post("/settings", {"lang": "en", "theme": "dark", "more": "x" * 70000}).status == 413
        assert "What you sent is too long" in mina.page.text, "nginx answers a long form, and not the desk"
        for path in ("/metrics", "/healthz"):
            assert mina.get(path).status == 404, path
        assert mina.ask("DELETE", "/queue").status == 403
        assert nginx.get("/queue").status == 404, "the aggregators' name shows the desk"
        data = gateway.db()
        peers = {row["peer"] for row in data.execute("SELECT peer FROM audit WHERE peer <> 'control'")}
        data.close()
        assert peers == {"127.0.0.5"}, peers


def test_news_of_the_desk_come_at_once():
    """the stream of events passes nginx line by line, and HTTP/2 is offered, without which six tabs are all that a browser opens"""
    with Gateway(DESK) as gateway, Nginx(gateway) as nginx:
        mina = Operator(nginx).sign_in("mina", desk.add_user(gateway, "mina", "supervisor"))
        context = nginx.trusting()
        context.set_alpn_protocols(["h2", "http/1.1"])
        with socket.create_connection(("127.0.0.1", nginx.port), 60) as plain, \
                context.wrap_socket(plain, server_hostname="desk.example.org") as s:
            assert s.selected_alpn_protocol() == "h2"
        with socket.create_connection(("127.0.0.1", nginx.port), 60) as plain, \
                nginx.trusting().wrap_socket(plain, server_hostname="desk.example.org") as s:
            cookie = "; ".join(f"{name}={value}" for name, value in mina.cookies.items())
            s.sendall(f"GET /live?since=0 HTTP/1.1\r\nHost: desk.example.org\r\nSec-Fetch-Site: same-origin\r\n"
                      f"Cookie: {cookie}\r\n\r\n".encode())
            read_until(s, b'"unassigned":0')
            desk.caller_who_asks(gateway)
            read_until(s, b'"unassigned":1')


def read_until(s, words):
    received = b""
    s.settimeout(60)
    while words not in received:
        try:
            piece = s.recv(65536)
        except OSError as err:
            raise AssertionError(f"{words} did not come: {received[-300:]} ({err})") from None
        assert piece, f"the stream ended without {words}: {received[-300:]}"
        received += piece


def test_no_log_of_nginx_holds_an_operator():
    """no address, name, id, query, cookie or browser of an operator in nginx's logs"""
    with Gateway(DESK) as gateway:
        with Nginx(gateway) as nginx:
            mina = Operator(nginx, "127.0.0.5").sign_in("mina", desk.add_user(gateway, "mina", "supervisor"))
            phone, reference = desk.caller_who_asks(gateway)
            number = phone.number[1:]
            queue = mina.get("/queue?tab=all&q=Rahima")
            request = re.search(r'href="(/requests/\d+)', queue.text).group(1)
            said = [queue, mina.get(f"{request}?from=Rahima"), mina.get(f"/{number}?q=Rahima"),
                    mina.get(f"/people/{number}"), mina.get(f"/search?q={reference.replace(' ', '')}"), mina.get("/live/counts?since=0")]
            assert [page.status for page in said][:4] == [200, 200, 404, 404], [page.status for page in said]
            raw(nginx.plain_port, f"GET /people/{number}?q=Rahima HTTP/1.1\r\nHost: desk.example.org\r\n\r\n".encode(), 1)
            raw(nginx.port, f"GET /people/{number} HTTP/1.1\r\nHost: desk.example.org\r\n\r\n".encode(), 1)
            cookies = list(mina.cookies.values())
            gateway.stop()
            assert mina.get(f"{request}?q={number}").status == 502
        logged = (nginx.folder / "helpline-desk.log").read_text()
        for known in ("GET queue 200 200", "GET requests 200 200", "GET other 404 404", "GET requests 502 502", "GET people 301 -"):
            assert f" {known} " in logged, f"{known}: {logged}"
        for hidden in (number, number[-8:], "Rahima", "mina", "Mina", "127.0.0.5", "Firefox", "?", "/requests", request[10:], *cookies):
            lines = [line for line in nginx.logs().split("\n") if hidden in line]
            assert not lines, f"{hidden[:12]}... is in nginx's logs: {lines[0][:60]}..."


if not os.path.exists(NGINX):
    print("skip nginx in front: nginx is not installed")
else:
    harness.main()
