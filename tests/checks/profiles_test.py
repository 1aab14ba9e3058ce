"""Profiles, their list in the README, their samples and channels, and the reference of the language agree.

`tests/checks/profiles_test.py --update` writes the list in the README from the profiles' own evidence.
"""
import hashlib
import hmac
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROFILES = ROOT / "conf" / "aggregators"
SAMPLES = ROOT / "tests" / "aggregators"
README = ROOT / "README.md"
MARKS = ("<!-- profiles: written by tests/checks/profiles_test.py --update -->\n", "<!-- end of profiles -->\n")
STANDING = [
    ("vendor", "From the aggregator's own documents"),
    ("tests", "From independent clients and their tests"),
    ("unverified", "Second-hand: a channel has to say `accept_unverified`"),
    ("start", "Nobody's, to start from"),
]


def without_comments(text):
    """Of libconfig: a # in a string stays."""
    return re.sub(r'("(?:\\.|[^"\\])*")|#[^\n]*', lambda m: m.group(1) or "", text)


def profiles():
    return {path.stem: without_comments(path.read_text()) for path in sorted(PROFILES.glob("*.conf"))}


def standing(name, text):
    """vendor, tests, unverified or start; None: it says nothing, or two things."""
    said = re.findall(r'^evidence = "(\w+)";', text, re.M) + re.findall(r"^(unverified) = true;", text, re.M)
    if name.startswith("generic-"):
        said.append("start")
    return said[0] if len(said) == 1 and said[0] in dict(STANDING) else None


def listed(found):
    lines = []
    for word, title in STANDING:
        names = sorted(name for name, text in found.items() if standing(name, text) == word)
        if names:
            entry = f"- {title} ({len(names)}): " + ", ".join(f"`{name}`" for name in names)
            lines += textwrap.wrap(entry, 138, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def list_of_the_readme():
    text = README.read_text()
    start, end = (text.find(mark) for mark in MARKS)
    return text, start + len(MARKS[0]), end, start >= 0 and end > start


def update():
    text, start, end, found = list_of_the_readme()
    assert found, f"{README} has no marks for the list"
    README.write_text(text[:start] + listed(profiles()) + text[end:])


def check_list(found):
    text, start, end, marked = list_of_the_readme()
    if not marked:
        return ["README.md has no marks for the list"]
    return [] if text[start:end] == listed(found) else ["README.md: run tests/checks/profiles_test.py --update"]


def check_standing(found):
    wrong = [f"{name}: wants evidence = \"vendor\" or \"tests\", or unverified = true" for name, text in found.items()
             if standing(name, text) is None]
    for name, text in found.items():
        sources = re.search(r"^sources = \[(.*?)\];", text, re.M | re.S)
        if not sources or '"' not in sources.group(1):
            wrong.append(f"{name}: names no source")
    return wrong


def channels(path):
    """[(name, profile, enabled)] of a configuration."""
    text = without_comments(path.read_text())
    found = re.findall(r"^    ([a-z0-9_-]+) = \{\n(.*?)^    \};", text[text.find("channels = {"):], re.M | re.S)
    return [(name, re.search(r'profile = "([^"]+)"', body).group(1), "enabled = false" not in body) for name, body in found]


def check_samples(found):
    wrong = []
    ours = {profile for _, profile, enabled in channels(SAMPLES / "helpline.conf") if enabled}
    shown = {profile for _, profile, _ in channels(ROOT / "conf" / "helpline.conf")}
    for name in found:
        if name not in ours:
            wrong.append(f"{name}: has no channel in tests/aggregators/helpline.conf")
        if name not in shown:
            wrong.append(f"{name}: has no channel in conf/helpline.conf")
        if len(list((SAMPLES / name).glob("*.http"))) < 10:
            wrong.append(f"{name}: has fewer than ten samples")
    for name, profile, enabled in channels(ROOT / "conf" / "helpline.conf"):
        if not enabled and name != profile:
            wrong.append(f"conf/helpline.conf: {name} is not named like its profile {profile}")
    return wrong


def keys_of_the_program():
    """{group: its keys}, as `helpline check --settings` prints them; channels.<channel> is `channel`."""
    program = os.environ.get("HELPLINE", str(ROOT / "build" / "helpline"))
    said = subprocess.run([program, "check", "--settings"], capture_output=True, text=True, cwd=ROOT, timeout=30).stdout
    groups, group, wanted = {}, None, False
    for line in said.split("\n"):
        heading = re.fullmatch(r"[a-z][\w.<>-]*", line)
        if heading:
            wanted = wanted or line.startswith("channels.")
            group = line.replace("channels.<channel>.", "").replace("channels.<channel>", "channel")
        elif wanted and line.startswith("  ") and group:
            groups.setdefault(group, set()).add(line.split()[0])
    return groups


def keys_of_the_reference():
    """[(groups, keys)] of the tables of conf/aggregators/README.md: the first cell of the head names groups, those below keys."""
    tables, lines = [], (PROFILES / "README.md").read_text().split("\n")
    for before, line in zip(lines, lines[1:]):
        if line.startswith("|---"):
            tables.append((re.findall(r"`([^`]+)`", before.split("|")[1]), set()))
        elif line.startswith("|") and before.startswith("|") and tables:
            tables[-1][1].update(re.findall(r"`([a-z0-9_]+)`", line.split("|")[1]))
    return tables


# Small groups are told in the cell of the key that holds them: its members stand there in plain words.
def is_small(group):
    return group in ("reply.translate", "reply.set", "reply.refusal", "send.basic", "dial.extra", "dial.answer")


def check_reference(_):
    program, reference, wrong = keys_of_the_program(), keys_of_the_reference(), []
    if len(program) < 10:
        return ["helpline check --settings prints no tables"]
    for groups, keys in reference:
        for key in keys - set().union(*(program.get(group, set()) for group in groups)):
            wrong.append(f"{'/'.join(groups)}.{key} is in the reference and not in the language")
    text = (PROFILES / "README.md").read_text()
    for group, keys in program.items():
        told = set().union(*(told for groups, told in reference if group in groups))
        if is_small(group):
            told = set(re.findall(r"\w+", text))
        for key in sorted(keys - told):
            wrong.append(f"{group}.{key} is in the language and not in the reference")
    return wrong


EXAMPLE = """
dir = {{ profiles = "{folder}"; }};
channels = {{ {channel} }};
"""


def check_example(_):
    """The worked example of the reference: its profile and channel as they stand there, its vendor's words as a request."""
    text = (PROFILES / "README.md").read_text()
    profile = textwrap.dedent(re.search(r'```\n(   kind = "ussd"; title = "Example USSD".*?)```', text, re.S).group(1))
    channel = re.search(r"`(example-ussd = \{.*?\};)`", text).group(1).replace("@FILE", "a-secret-of-theirs")
    shown = re.search(r"< first\.http\n *(\{.*?\})\n", text).group(1)
    body = json.dumps({"call": {"id": "77", "phone": "8801712345678"}, "step": "START", "typed": "*384#"})
    sign = hmac.new(b"a-secret-of-theirs", body.encode(), hashlib.sha256).hexdigest()
    request = (f"POST /in/example-ussd HTTP/1.1\r\nHost: h.example\r\nContent-Type: application/json\r\nX-Sign: {sign}\r\n"
               f"Content-Length: {len(body)}\r\n\r\n{body}")
    program = os.environ.get("HELPLINE", str(ROOT / "build" / "helpline"))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "example-ussd.conf").write_text(profile)
        config = pathlib.Path(folder, "example")
        config.write_text(EXAMPLE.format(folder=folder, channel=channel))
        probe = [program, "probe", "--config", str(config), "--channel", "example-ussd"]
        said = [subprocess.run(probe + more, input=request, capture_output=True, text=True, cwd=ROOT, timeout=30)
                for more in ([], ["--reply", "Thank you.", "--end"])]
    if said[0].stdout.strip() != shown:
        return [f"it reads {said[0].stdout + said[0].stderr} and not {shown}"]
    return [] if said[1].stdout.endswith('{"say":"Thank you.","keep":false}') else [f"it answers {said[1].stdout}"]


def main():
    if sys.argv[1:] == ["--update"]:
        return update()
    found, failed = profiles(), False
    checks = [
        ("there are profiles", lambda _: [] if len(found) > 40 else [f"only {len(found)} were found"]),
        ("every profile says how certain it is and from where", check_standing),
        ("the README lists them as they say", check_list),
        ("every profile has samples and channels", check_samples),
        ("the reference of the language names every key, and no other", check_reference),
        ("the worked example works", check_example),
    ]
    for name, check in checks:
        wrong = check(found)
        failed = failed or bool(wrong)
        print(f"not ok {name}: {len(wrong)}: {wrong[0]}" if wrong else f"ok {name}")
        print("".join(f"    {each}\n" for each in wrong), end="")
    return failed


sys.exit(main())
