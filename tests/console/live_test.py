"""What a page does while it stands open, in a real browser: live.mjs. Calls come in, the gateway stops, people are disabled."""
# timeout: 400
import json
import os
import pathlib
import shutil
import subprocess
import sys

import desk
from gateway import Gateway, ROOT
from hand import Hand

SHOTS = ROOT / "build" / "console-shots"
MODULES = ROOT / "build" / "node" / "node_modules"
PEOPLE = {"rina": "supervisor", "salma": "counsellor", "mina": "counsellor"}


def main():
    if not shutil.which("chromium") or not MODULES.exists():
        print("not ok browser: chromium or build/node is missing: make deps-test node-modules")
        return 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    with Gateway() as gateway, Hand(gateway) as hand:
        plan = {
            "console": f"http://127.0.0.1:{gateway.console}", "hand": hand.url,
            "shots": str(SHOTS), "modules": str(MODULES), "only": sys.argv[1:],
            "references": [desk.caller_who_asks(gateway)[1] for _ in range(4)],
            "people": [{"name": name, "password": desk.add_user(gateway, name, roles)} for name, roles in PEOPLE.items()],
        }
        ran = subprocess.run(["node", str(pathlib.Path(__file__).with_name("live.mjs"))], input=json.dumps(plan),
                             text=True, timeout=380)
        return ran.returncode


code = main()
sys.stdout.flush()
os._exit(code)
