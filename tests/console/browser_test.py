"""The pages in a real browser: Debian's chromium, driven by journeys.mjs.

Here a gateway is started and filled; the journeys do what operators do and print a line for each. Screenshots lie in
build/console-shots/ afterwards.
"""
# timeout: 720
import http.server
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading

import desk
import infoline
from gateway import Gateway, ROOT

SHOTS = ROOT / "build" / "console-shots"
MODULES = ROOT / "build" / "node" / "node_modules"
PEOPLE = {"rina": "supervisor", "karim": "counsellor", "salma": "counsellor", "olga": "complaints", "nodi": "admin", "tuli": "auditor"}


def complaint(gateway, words):
    """Somebody who complains and types a name that is another's."""
    phone = gateway.phone()
    infoline.complain(phone, words)
    return {"words": words, "reference": infoline.reference_of(phone.screen)}


def texts_in_trouble(gateway):
    """One text that failed and one of which nobody knows, in the outbox: between a stop and a start."""
    for _ in range(2):
        assert gateway.at_sms("MENU", gateway.phone().number).status == 200
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute("UPDATE outbox SET state = 4 WHERE id = (SELECT max(id) FROM outbox)")  # enum outbox_state: OUTBOX_FAILED
        data.execute("UPDATE outbox SET state = 5 WHERE id = (SELECT min(id) FROM outbox)")  # OUTBOX_UNKNOWN
        states = {row[0] for row in data.execute("SELECT state FROM outbox")}
    data.close()
    assert states >= {4, 5}, states
    gateway.start()


def quarter_of_an_hour_for(gateway, name):
    """As if nobody had touched the desk for so long: between a stop and a start."""
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data) as data:
        data.execute("UPDATE sign_in SET seen_at = seen_at - 16 * 60000"
                     " WHERE operator = (SELECT id FROM operator WHERE name = ?)", (name,))
    data.close()
    gateway.start()


def clock_of(gateway):
    """The journeys ask it, by GET /NAME, to let time go by for one operator. Gives its address."""
    class Clock(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            quarter_of_an_hour_for(gateway, self.path[1:])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Clock)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def main():
    if not shutil.which("chromium") or not MODULES.exists():
        print("not ok browser: chromium or build/node is missing: make deps-test node-modules")
        return 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    with Gateway() as gateway:
        callers = [desk.caller_who_asks(gateway) for _ in range(8)]
        texts_in_trouble(gateway)
        plan = {
            "console": f"http://127.0.0.1:{gateway.console}",
            "webhook": f"http://127.0.0.1:{gateway.webhooks}{gateway.path('at-ussd')}",
            "shots": str(SHOTS), "modules": str(MODULES), "only": sys.argv[1:],
            "people": [{"name": name, "password": desk.add_user(gateway, name, roles), "roles": roles}
                       for name, roles in PEOPLE.items()],
            "keys": callers[0][0].text.split("*"),
            "callers": [{"number": phone.number, "reference": reference} for phone, reference in callers],
            "always": desk.caller_in_danger(gateway, "Yes", "Hang up"), "never": desk.caller_in_danger(gateway, "No, do not call"),
            "complaints": [complaint(gateway, name) for name in ("Jorina Khatun of Savar", "Babul the agent")],
            "clock": clock_of(gateway),
        }
        ran = subprocess.run(["node", str(pathlib.Path(__file__).with_name("journeys.mjs"))], input=json.dumps(plan),
                             text=True, timeout=700)
        return ran.returncode


code = main()
sys.stdout.flush()
os._exit(code)
