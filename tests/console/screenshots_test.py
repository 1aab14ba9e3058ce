"""The pictures of the README, made of the day that `helpline demo` plays: they can be made, and are small enough to show.

`make screenshots` (--update) puts them where the README shows them.
"""
# timeout: 300
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from gateway import Gateway, ROOT

HERE = pathlib.Path(__file__).parent
MADE = ROOT / "build" / "console-shots" / "readme"
KEPT = HERE / "screenshots"
MODULES = ROOT / "build" / "node" / "node_modules"
SEED = "7"
BYTES_MAX = 150_000


def take(gateway):
    """A day of the demonstration, and its supervisor in a browser."""
    played = gateway.run("demo", "--seed", SEED, timeout=120)
    assert played.returncode == 0, f"demo: {played.stderr}"
    people = [{"name": name, "password": password} for name, password in re.findall(r"^(\w+) +(\S+) ", played.stdout, re.M)]
    plan = {"console": f"http://127.0.0.1:{gateway.console}", "shots": str(MADE), "modules": str(MODULES), "only": [],
            "people": people}
    return subprocess.run(["node", str(HERE / "screenshots.mjs")], input=json.dumps(plan), text=True, timeout=200).returncode


def main():
    if not shutil.which("chromium") or not MODULES.exists():
        print("not ok pictures: chromium or build/node is missing: make deps-test node-modules")
        return 1
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir(parents=True)
    with Gateway() as gateway:
        code = take(gateway)
    pictures = sorted(MADE.glob("*.png"))
    heavy = [picture.name for picture in pictures if picture.stat().st_size > BYTES_MAX]
    missing = {picture.name for picture in KEPT.glob("*.png")} ^ {picture.name for picture in pictures}
    if "--update" in sys.argv and not code:
        KEPT.mkdir(exist_ok=True)
        for picture in pictures:
            shutil.copy(picture, KEPT)
        missing = set()
    print(f"not ok pictures are light enough: {heavy}" if heavy else "ok pictures are light enough")
    print(f"not ok the README's pictures are these: {sorted(missing)}: make screenshots" if missing
          else "ok the README's pictures are these")
    return 1 if code or heavy or missing else 0


code = main()
sys.stdout.flush()
os._exit(code)
