"""The pages in a real browser: Debian's chromium, driven by journeys.mjs.

Here a gateway is started and filled; the journeys do what operators do and print a line for each. Screenshots lie in
build/console-shots/ afterwards.
"""
# timeout: 540
import json
import os
import pathlib
import shutil
import subprocess
import sys

import desk
from gateway import Gateway, ROOT

SHOTS = ROOT / "build" / "console-shots"
MODULES = ROOT / "build" / "node" / "node_modules"
PEOPLE = {"rina": "supervisor", "karim": "counsellor", "salma": "counsellor", "nodi": "admin", "tuli": "auditor"}


def main():
    if not shutil.which("chromium") or not MODULES.exists():
        print("not ok browser: chromium or build/node is missing: make deps-test node-modules")
        return 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    with Gateway() as gateway:
        callers = [desk.caller_who_asks(gateway) for _ in range(6)]
        plan = {
            "console": f"http://127.0.0.1:{gateway.console}",
            "webhook": f"http://127.0.0.1:{gateway.webhooks}{gateway.path('at-ussd')}",
            "shots": str(SHOTS), "modules": str(MODULES), "only": sys.argv[1:],
            "people": [{"name": name, "password": desk.add_user(gateway, name, roles), "roles": roles}
                       for name, roles in PEOPLE.items()],
            "keys": callers[0][0].text.split("*"),
            "callers": [{"number": phone.number, "reference": reference} for phone, reference in callers],
        }
        ran = subprocess.run(["node", str(pathlib.Path(__file__).with_name("journeys.mjs"))], input=json.dumps(plan),
                             text=True, timeout=520)
        return ran.returncode


code = main()
sys.stdout.flush()
os._exit(code)
