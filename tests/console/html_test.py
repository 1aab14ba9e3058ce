"""Every page of the desk, as each role has it, is valid HTML: html-validate by the rules of valid.mjs."""
# timeout: 300
import json
import os
import pathlib
import re
import subprocess
import sys

import rounds
from fake_at import FakeAt
from gateway import Gateway, ROOT

HERE = pathlib.Path(__file__).parent
MODULES = ROOT / "build" / "node" / "node_modules"


def pages_of(gateway):
    """Of a day of the demonstration, all that one of each role comes by: {who and what: HTML}."""
    played = gateway.run("demo", "--seed", "7", timeout=120)
    assert played.returncode == 0, played.stderr
    pages = {}
    people = {roles: (name, password) for name, password, roles in
              re.findall(r"^(\w+) +([a-z0-9]{16})  (\w+(?: \w+)*)", played.stdout, re.M)}
    for name, password in people.values():
        walker = rounds.Walker(gateway.console).sign_in(name, password).look().press()
        pages.update({f"{name}: {what}": page.text for what, page in walker.pages.items()})
    assert len(pages) > 200, f"{len(pages)} pages only"
    return pages


def main():
    if not MODULES.exists():
        print("not ok html: build/node is missing: make node-modules")
        return 1
    with FakeAt() as at, Gateway([f"channels.at-sms.send.url={at.url}"]) as gateway:
        pages = pages_of(gateway)
    plan = json.dumps({"modules": str(MODULES), "pages": pages})
    return subprocess.run(["node", str(HERE / "valid.mjs")], input=plan, text=True, timeout=200).returncode


code = main()
sys.stdout.flush()
os._exit(code)
