"""Calls that may stand nowhere, and calls that may stand on one floor only."""
import pathlib
import re
import sys

import csource

# what, pattern, where it may stand (prefixes), why
CALLS = [
    ("unbounded copies", r"\b(strcpy|strcat|sprintf|vsprintf|gets|stpcpy|strncpy|strncat)\s*\(", (),
     "truncation is an error: use buffer.h or span.h"),
    ("hidden state", r"\b(strtok|asctime|ctime|localtime|gmtime|setenv|tzset)\s*\(", (), "not thread-safe"),
    ("numbers without errors", r"\b(atoi|atol|atoll|atof)\s*\(", (), "no error is told: use strtoll or span_to_integer"),
    ("shells", r"\b(system|popen|execlp|execvp)\s*\(", (), "nothing is given to a shell"),
    ("clocks", r"\b(time|gettimeofday|clock_gettime|timespec_get)\s*\(", ("base/",), "use base/clock.h"),
    ("random numbers", r"\b(getrandom|getentropy|rand|random|srand|drand48|randombytes_\w+)\s*\(", ("base/",),
     "use base/random.h"),
    ("ciphers", r"\bcrypto_(aead|kdf|secretbox|generichash|pwhash|box)\w*\s*\(", ("base/",), "use base/sealed.h"),
    ("SQLite", r"\bsqlite3_\w+", ("store/sqlite/",), "say it in terms of store/store.h"),
    ("libcurl", r"\bcurl_\w+\s*\(", ("http/", "cli/dial_wire.c"),
     "use http/sender.h"),
    ("libmicrohttpd", r"\bMHD_\w+", ("http/", "console/"), "use http/listener.h"),
    ("libconfig", r"\bconfig_(setting_\w+|init|read_\w+|lookup\w*|destroy|write\w*)\s*\(", ("base/",), "use base/settings.h"),
    ("code that is switched off", r"^\s*#\s*if\s+0\b", (), "the history keeps it"),
]
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def findings_of(root):
    found, seen = {what: [] for what, *_ in CALLS}, 0
    for path in csource.files(root, ("gateway", "include")):
        seen += 1
        place = str(path.relative_to(root)).split("/", 1)[1]
        for number, line in enumerate(csource.code_only(path.read_text()).split("\n"), 1):
            for what, pattern, allowed, why in CALLS:
                hit = re.search(pattern, line)
                if hit and not place.startswith(tuple(allowed)):
                    found[what].append(f"{path}:{number}: {hit.group(0).strip()}: {why}")
    found["something to look at"] = [] if seen else ["no C file was found"]
    return found


def marks_of(root):
    found = []
    for folder in ("gateway", "include", "menus", "conf", "tests"):
        for path in sorted(pathlib.Path(root, folder).rglob("*")):
            if not path.is_file() or path.name.startswith(("banned_test", "planted_test")) or "corpus" in path.parts:
                continue
            text = path.read_bytes().decode("utf-8", "replace")
            found += [f"{path}:{n}: {MARKS.search(line).group(0)}"
                      for n, line in enumerate(text.split("\n"), 1) if MARKS.search(line)]
    return found


def main(root):
    checks = findings_of(root)
    checks["notes to oneself"] = marks_of(root)
    for what, findings in checks.items():
        print(f"not ok {what}: {len(findings)}" if findings else f"ok {what}")
        print("".join(f"    {finding}\n" for finding in findings), end="")
    return any(checks.values())


sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
