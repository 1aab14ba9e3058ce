"""Every word of the console is said by somebody, and whatever the core gives as a reason or leaves in the audit has words.

A word is named by a template ({{t word}}), by C as WORD_NAME or as a text in quotes, or put together from a prefix in quotes and a
name that data has ("audit_did_" and "viewed"). What no word stands for is shown as it is: "texted_after_three_calls" stood in the audit
until somebody looked."""
import pathlib
import re

import csource
import harness

CONSOLE = pathlib.Path("gateway/console")
ANY_LANGUAGE = "lang_"  # services are written in languages that nobody here has thought of
QUOTED = re.compile(r'"((?:\\.|[^"\\\n])*)"')


def words(language="en"):
    return {found for path in sorted((CONSOLE / "words" / language).glob("*.conf"))
            for found in re.findall(r"^(\w+)\s*=", path.read_text(), re.M)}


def sources(*folders, suffixes=(".c", ".h")):
    """{path: text without its comments}"""
    return {path: re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S) for path in csource.files(".", folders, suffixes)}


def quoted(text):
    return set(QUOTED.findall(text))


WORDS = words()
TEMPLATES = "\n".join(path.read_text() for path in (CONSOLE / "templates").glob("*.html"))
PAGES = "\n".join(sources("gateway/console").values())
IDS = {text.replace("-", "_") for text in quoted("\n".join(sources("gateway", "include").values()))}
CORE = "\n".join(text for path, text in sources("gateway/core").items() if path.name.startswith("desk"))
NAMED = set(re.findall(r"\{\{t\s+(\w+)", TEMPLATES)) | {name.lower() for name in re.findall(r"\bWORD_([A-Z0-9_]+)", PAGES)}
NAMED |= quoted(PAGES) | quoted(CORE)
PREFIXES = {re.sub(r"%(s|\.\*s)$", "", text) for text in quoted(PAGES) if re.fullmatch(r"[a-z_]+_(%s|%\.\*s)?", text)}
# What core makes of the address of a page that was refused.
REFUSED = {"audit_detail_page_" + "_".join(part for part in path.split("/") if part and part[0] != ":").replace("-", "_")
           for path in quoted((CONSOLE / "routes.c").read_text()) if path.startswith("/")}


def is_said(word):
    rests = {prefix: word[len(prefix):] for prefix in PREFIXES if word.startswith(prefix)}
    return word in NAMED or word in REFUSED or ANY_LANGUAGE in rests or any(rest in IDS or f"why_{rest}" in IDS for rest in rests.values())


def details():
    """What core leaves in a line of the audit: the table of verbs, what verbs put in its place, what the program does by itself."""
    found = set()
    for pattern in (r"\[DESK_\w+\]\s*=\s*\{([^}]*)\}", r"audit\.detail\s*=([^;]*);", r"\bdeed_(?:deny|by_program)\(([^;]*)\);",
                    r"\bdetails\[\w+\]\s*=\s*\{([^}]*)\}", r"\[DESK_REASON_\w+\]\s*=([^,}]*)[,}]"):
        for part in re.findall(pattern, CORE):
            found |= quoted(part)
    found |= {text for text in quoted(pathlib.Path("gateway/model/desk.c").read_text()) if text.startswith("urgency")}
    return found


def test_every_word_is_said():
    """no word stands in words/ that no page says"""
    unsaid = sorted(word for word in WORDS if not is_said(word))
    assert len(WORDS) > 500 and not unsaid, f"nobody says {', '.join(unsaid)}"


def test_every_reason_has_words():
    """why the core refuses is said in words"""
    reasons = set(re.findall(r'"(why_\w+)"', CORE))
    assert len(reasons) > 30, reasons
    assert reasons <= WORDS, f"no words for {', '.join(sorted(reasons - WORDS))}"


def test_every_detail_of_the_audit_has_words():
    """what stands in the audit is said in words"""
    found = {detail for detail in details() if f"audit_detail_{detail}" not in WORDS}
    assert len(details()) > 40, details()
    assert not found, f"no words for {', '.join(sorted(found))}"


def test_every_name_of_a_word_is_one():
    """a name in quotes that looks like a word's is a word's, a form's field, an event of the log, a metric, or what the audit holds"""
    fields = set(re.findall(r'\bname="(\w+)"', TEMPLATES))
    for path, text in sources("gateway/console/door", "gateway/console/pages", suffixes=(".c",)).items():
        events = set().union(*(quoted(call) for call in re.findall(r"\b(?:log_event|json_pack)\(([^;]*);", text)), set())
        names = {name for name in quoted(text) if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)}
        metrics = set().union(*(quoted(call) for call in re.findall(r"write_(?:head|number)\(([^;]*);", text)), set())
        wrong = names - WORDS - fields - events - metrics - details()
        assert not wrong, f"{path}: {', '.join(sorted(wrong))}"


if __name__ == "__main__":
    harness.main()
