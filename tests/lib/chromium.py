"""Journeys in a real browser: what their plan always holds, and running them.

    sys.exit(chromium.run("live.mjs", gateway, {"rina": "supervisor"}, hand=hand.url))
"""
import json
import shutil
import subprocess
import sys

import desk
from gateway import ROOT

SHOTS = ROOT / "build" / "console-shots"
MODULES = ROOT / "build" / "node" / "node_modules"


def is_missing():
    """Says so when it is."""
    missing = not shutil.which("chromium") or not MODULES.exists()
    if missing:
        print("not ok browser: chromium or build/node is missing: make deps-test node-modules")
    SHOTS.mkdir(parents=True, exist_ok=True)
    return missing


def run(script, gateway, people, **more):
    """`people`: {name: roles}. The journeys say what came of them; gives their exit code."""
    plan = {
        "console": f"http://127.0.0.1:{gateway.console}", "shots": str(SHOTS), "modules": str(MODULES), "only": sys.argv[1:],
        "people": [{"name": name, "password": desk.add_user(gateway, name, roles)} for name, roles in people.items()], **more,
    }
    return subprocess.run(["node", str(ROOT / "tests/console" / script)], input=json.dumps(plan), text=True, timeout=880).returncode
