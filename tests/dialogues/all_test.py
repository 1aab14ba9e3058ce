"""Plays tests/dialogues/all/ in one process, and says which page is shown in none of them, in each full language on each channel."""
import os
import pathlib
import re
import subprocess

import harness
import leaves

FILES = sorted(leaves.TO.glob("*.dialogue"))

# What cannot be come to, and why.
CALLS_ONLY = {"sms_cannot"}  # a text can be answered
TEXTS_ONLY = {"help", "started", "stopped"}  # behind the words HELP, START, STOP
OFFERED_ONLY = re.compile("can_read_")  # asked on the way to a language, in its Latin letters: first-call-*.dialogue


def play():
    helpline = os.environ.get("HELPLINE", "build/helpline")
    return subprocess.run([helpline, "try", "--nodes", *map(str, FILES)], capture_output=True, text=True)


PLAYED = play()


def test_every_screen_is_as_written():
    assert PLAYED.returncode == 0, (PLAYED.stdout + PLAYED.stderr)[:4000]


def test_every_page_is_shown_in_every_language():
    for lang in leaves.LANGUAGES:
        for channel, elsewhere in (("ussd", TEXTS_ONLY), ("sms", CALLS_ONLY)):
            found = re.search(rf"^\S+ {lang} {channel}: \d+ of \d+ shown(?:; never (.*))?$", PLAYED.stdout, re.M)
            assert found, f"nothing is shown in {lang} by {channel}"
            never = [name for name in (found[1] or "").split() if name not in elsewhere and not OFFERED_ONLY.match(name)]
            assert not never, f"in {lang} by {channel} no dialogue shows: {' '.join(never)} (leaves.py says what is typed)"


def test_every_form_is_dropped_at_every_step():
    flow = "".join(path.read_text() for path in pathlib.Path(leaves.SERVICE, "flow").glob("*.conf"))
    forms = set(re.findall(r'id = "(\w+)"; kind = "form"', flow))
    assert forms == set(leaves.FORMS), f"leaves.FORMS and the flow differ in: {' '.join(sorted(forms ^ set(leaves.FORMS)))}"
    wanted = {f"{lang}-{how}-{form}" for lang in leaves.SWITCHED for form in forms for how in ("drop", "switch")}
    wanted |= {f"{lang}-drop-call" for lang in leaves.LANGUAGES}
    missing = wanted - {path.stem for path in FILES}
    assert not missing, f"not there: {' '.join(sorted(missing))}"


def test_the_folder_stays_small():
    size = sum(path.stat().st_size for path in FILES)
    assert size < 3_000_000, f"{size} bytes: what is typed in leaves.py shows too much twice"


harness.main()
