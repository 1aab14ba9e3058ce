"""Writes tests/dialogues/all/: every page of the service in every full language, by call and by text, and a drop at every step.

    python3 tests/dialogues/leaves.py [LANGUAGE...]

What is typed is said here, once for all languages; the pages of services.conf are walked as they stand there. What a person then
sees is filled in by `helpline try --update`. Where a page has a second part, 98 is typed once in each language. Run it after a change of
the keys, and read what changed; after a change of texts alone `--update` is enough.
"""
import os
import pathlib
import re
import subprocess
import sys

LANGUAGES = ["en", "bn", "bn-latn", "vi", "vi-latn", "ru", "ru-latn", "tg", "tg-latn", "id", "fil", "km"]
SWITCHED = ["en", "bn"]  # where every form is also dropped, taken on by text, and back
SERVICE = "menus/infoline"
TO = pathlib.Path("tests/dialogues/all")
HELPLINE = os.environ.get("HELPLINE", "build/helpline")

# Words are what is typed; a colon begins what the phone does, its argument behind "="; "new" is a new phone that calls, "cut" a
# call that drops and is dialled again, or texts that stop for hours and go on.
CALL = "2 2 1 1 5 2 3 1"
REGISTER = "3 1 1 2 2 4 SYL 1 1 3 135 9"  # as far as "may we text you"
PIN = "6 3 1 2468 00"
WRONG = "77"  # no key of any page
KEYS_AT_ONCE = 30  # fewer than one phone is answered within ten minutes
SISTER = ":phone=sister new"

# file: (what it shows, what is typed)
BRANCHES = {
    "start": ("the ways in: languages, bad answers, wrong numbers, children, what a drop left",
              f"new 6 1 0 new {WRONG} {WRONG} {WRONG} 0 new 2 3 new 2 4 2 new 6 6 1 new 6 6 2 1 new 2 2 1 1 cut 9 3 new 2 2 1 1 cut 2"),
    "office": ("what a service page leads to: SMS, a call, offices near, and SMS that was stopped",
               "new 1 1 1 1 0 new 1 1 1 2 2 0 new 1 1 1 3 SYL 1 1 1 new 1 1 1 3 9 1 2 "
               "new 6 2 2 00 1 1 1 1 2 00 1 1 1 1 1"),
    "call": ("a call back, by every way of being reached; by text only, urgent, cancelled",
             "new 2 2 1 1 4 1 2 1 new 2 2 2 2 2 2 1 2 4 01700000000 5 2 3 1 new 2 2 3 3 1 :redial 5 1 1 2 2 :redial 5 1 1 2 1 1 4 :redial 5 1 1 3 1 new 2 2 4 5 "
             "new 2 2 5 1 1 1 3 3 new 6 2 2 00 2 2 6 3 1 2 2 2 6 3 1 1"),
    "danger": ("danger, the red request, and taking it back",
               "new 9 2 0 1 1 1 1 new 9 1 1 2 01700000000 2 new 9 1 2 1 3 :redial 9 1 new 9 1 3 2 new 9 1 3 1 new 9 3 new 2 1 3 2"),
    "pay": ("pay owed: consent, the complaint, and no",
            "new 4 1 2 1 1 3 2 12 9 1 4 1 2 1 new 4 1 1 3 1 6 9 Karim 4 01700000000 1 2 3 1 new 4 1 1 6 4 1 9 9 5 1 "
            "new 4 1 3 1 new 4 1 3 2 new 4 2 new 4 3"),
    "register": ("registering: consent, every question, what comes then, and another return of somebody with a PIN",
                 "new 3 2 1 1 2 2 4 SYL 1 1 3 135 14 1 1 2468 3 :redial 3 2468 1 1 3 1 1 1 9 4 1 9 9 3"),
    "register-no": ("no, other countries, and under 18", "new 3 3 1 new 3 3 2 new 3 1 7 Nepal 1 4 7 9 4 1 7 9 2 3"),
    "correct": ("correcting every answer, then taking the consent back",
                f"new {REGISTER} 2 2 3 :redial 3 3 2 1 7 Nepal 1 2 5 1 3 4 1 4 6 1 5 SYL 1 1 6 123 1 7 9 2 "
                "00 6 4 1 2 3 6 1"),
    "mine": ("my requests: none, one, changed with and without texts, urgent",
             f"new 5 00 {CALL} :redial 5 1 1 1 2 1 1 :redial 5 1 1 1 5 2 2 :redial 6 2 2 00 5 1 1 1 4 1 :redial 6 2 1 00 5 1 1 2 2 :redial 5 1 1 2 1 3 2"),
    "settings": ("settings: SMS, what we hold, about, deleting", "new 6 1 00 6 2 1 00 6 2 2 00 6 4 0 00 6 6 0 00 6 5 2 6 5 1"),
    "pin": ("a PIN: set, asked for, changed, removed; several people on one phone, and a case from another phone",
            f"new {CALL} :redial {PIN} 5 1111 2468 00 6 3 2468 1 1357 00 6 3 1357 2 00 {PIN} 6 7 1 2 00 5 2 2468 00 "
            f":drop {SISTER} 5 3 0000013 1111 2468 00 6 7 3 0000013 2468 :phone=first"),
    "survey": ("the questions after a month, and those that alarm",
               f"new {REGISTER} 1 2 3 :wait=31d :redial 3 7 2 :redial 3 7 1 1 1 1 1 1 :wait=62d :redial 3 7 1 5 4 9 9 4 2 "
               ":wait=92d :redial 3 7 3"),
    "hidden-number": ("a sender whose number the network hides: neither call nor text", ":dial 1 1 1 1 :redial 9 1 1 2 01700000000 1"),
}

# By text in one file: the scene with references first, and last the one in which months go by.
TEXTED = ["pin", *(name for name in BRANCHES if name not in ("pin", "survey", "hidden-number")), "survey"]
WORDS = ("HELP :wait=11m CALL PAY REG JOB :wait=11m SOS STATUS DELETE WRONG :wait=11m CHILD STOP :wait=11m START")

# every form of the flow: (what goes before, the way to it, its answers, whether a drop leads back into it)
FORMS = {
    "call": ("", "2 2 1", "1 4 1 2 1", True),
    "claim": ("", "4 1 1", "1 3 2 12 9 1 4 1 2 1", True),
    "reg": ("", "3 1", "1 2 2 4 SYL 1 1 3 135 14 1 1 2468", True),
    "near": ("", "1 1 1 3", "SYL 1 1", True),
    "change": (f"{CALL} :redial", "5 1 1 1", "2 1 1", True),
    "danger_how": ("", "9 1 1", "2 01700000000 2", False),
    "survey": (f"{REGISTER} 1 2 3 :wait=31d :redial", "3 7 1", "5 4 3 9 4", False),
    "look_up": (f"{CALL} :redial {PIN} :drop {SISTER}", "5 3", "0000013 2468", False),
    "move": (f"{CALL} :redial {PIN} :drop {SISTER}", "6 7 3", "0000013 2468", False),
}
FIXES = {"country": "7 Nepal", "returned": "5", "away": "4", "why": "6", "area": "SYL 1", "needs": "123", "groups": "9"}
for number, (question, answers) in enumerate(FIXES.items(), 1):
    FORMS[f"fix_{question}"] = (f"{REGISTER} 2 2 3 :redial", f"3 5 {number}", answers, question not in ("why", "groups"))


def service_pages():
    """The keys that show every page of services.conf: down, back, to the next."""
    nodes, node = {}, None
    for line in pathlib.Path(SERVICE, "flow/services.conf").read_text().splitlines():
        if made := re.search(r'\{ id = "(\w+)"; kind = "(\w+)";', line):
            node = nodes[made[1]] = (made[2], re.search(r'parent = "(\w+)"', line), [])
        elif made := re.search(r'key = "(\w+)"; id = "\w+"; goto = "(\w+)"', line):
            node[2].append((made[1], made[2]))

    def walk(name):
        keys = []
        for key, to in nodes[name][2]:
            if to in nodes and nodes[to][1] and nodes[to][1][1] == name:
                keys += [key, *(walk(to) if nodes[to][0] == "menu" else []), "0"]
        return keys

    return " ".join(["new", "1", *walk("services")])


def typed(word):
    return word.replace("=", " ", 1) if word.startswith(":") else f"> {word}"


def lines_of(words, lang):
    words = re.sub(r"\bnew\b", f":lang={lang} :dial", words)
    return [typed(word) for word in re.sub(r"\bcut\b", ":redial", words).split()]


def by_text(words, lang):
    """The same typed as texts: MENU where a call began, and a pause before so many keys that no phone would be answered any more."""
    words = re.sub(r"\bcut\b", ":wait=7h Hello", words)
    words = re.sub(r"\bnew\b", f":lang={lang} MENU", words).replace(":redial", ":wait=11m MENU")
    lines, keys = [], 0
    for word in words.split():
        keys = 0 if word.startswith((":wait", ":lang")) else keys + 1
        if keys > KEYS_AT_ONCE:
            lines.append(":wait 11m")
            keys = 1
        lines.append(typed(word))
    return lines


def dropped(before, way, answers, resumed):
    """The line drops behind every answer. Where nobody is led back (a careful or sensitive page) the way is gone again."""
    words, answers = ["new", before, way], answers.split()
    for count, answer in enumerate(answers):
        words += [":redial", "1", answer] if resumed else [":redial", way, *answers[:count + 1]]
    return " ".join(words)


def switched(before, way, answers, resumed):
    """Some by call, then a drop, some by text, and the rest by call again."""
    answers = answers.split()
    third = max(1, len(answers) // 3)
    parts = answers[:third], answers[third:2 * third], answers[2 * third:]
    back = [["1"], ["1"]] if resumed else [[*way.split(), *parts[0]], [*way.split(), *parts[0], *parts[1]]]
    texts = [f":sms={word}" for word in ["MENU" if not resumed else "Hello", *back[0], *parts[1]]]
    return " ".join(["new", before, way, *parts[0], ":drop", *texts, ":redial", *back[1], *parts[2]])


def write(lang, name, says, lines, head=()):
    path = TO / f"{lang}-{name}.dialogue"
    path.write_text("\n".join([f"# {says}", f"service: {SERVICE}", f"lang: {lang}", *head, "", *lines]) + "\n")
    return path


def write_language(lang):
    def calls(name, says, words, head=()):
        made.append(write(lang, name, says, lines_of(words, lang), head))

    def texts(name, says, lines):
        made.append(write(lang, f"sms-{name}", f"by text: {says}", lines, ["channel: sms"]))

    made = []
    pages = "every page of every service, there and back"
    calls("services", pages, service_pages())
    texts("services", pages, by_text(service_pages(), lang))
    for name, (says, words) in BRANCHES.items():
        calls(name, says, words, ["number: hidden"] if name == "hidden-number" else [])
    scenes = [line for name in TEXTED for line in (f"# {BRANCHES[name][0]}", *by_text(BRANCHES[name][1], lang))]
    texts("all", "the same scenes, and the words that may be texted at any time", [*scenes, *by_text(WORDS, lang)])
    for name, form in FORMS.items():
        if lang in SWITCHED or name == "call":
            calls(f"drop-{name}", f"the line drops at every step of {name}", dropped(*form))
        if lang in SWITCHED:
            calls(f"switch-{name}", f"{name}: a drop, on by text, and back to a call", switched(*form))
    return made


def update(paths):
    made = subprocess.run([HELPLINE, "try", "--update", *map(str, paths)], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(made.stdout + made.stderr)


def read_on(path, seen):
    """Types 98 and back behind each screen that goes on and was not read on in this language before; whether there was one.

    Not before a wrong key: three of them are to follow each other.
    """
    blocks = re.split(r"\n(?=[>:])", path.read_text().rstrip("\n"))  # what was typed, and the screen
    lines = []
    for block, following in zip(blocks, [*blocks[1:], ""]):
        lines.append(block)
        screen, next_typed = block.partition("\n")[2].rstrip("\n"), following.split("\n")[0]
        if screen in seen or screen.endswith("(end)") or not re.search(r"^\| 98 ", screen, re.M) or next_typed == f"> {WRONG}":
            continue
        seen.add(screen)
        if next_typed != "> 98":
            lines += ["> 98", "> 0"]
    path.write_text("\n".join(lines) + "\n")
    return len(lines) > len(blocks)


def main():
    languages = sys.argv[1:] or LANGUAGES
    TO.mkdir(exist_ok=True)
    for old in TO.glob("*.dialogue") if languages == LANGUAGES else []:
        old.unlink()
    for lang in languages:
        paths = changed = write_language(lang)
        while changed:
            update(changed)
            seen = set()
            changed = [path for path in paths if read_on(path, seen)]


if __name__ == "__main__":
    main()
