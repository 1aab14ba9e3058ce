"""Nothing of one deployment is said for all: not by the program, and not by a service on which others stand.

Which words are a deployment's own is read from the services themselves: the facts (name, numbers to ring, currency, country), the open
hours, the names of countries and districts. The program may have none of them in a string or a name, nor anywhere outside its comments; the
flow and the texts of a base may have none outside its facts, lists and offices.
"""
import pathlib
import re
import sys

import csource

STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"')
NUMBERS = ("police", "ambulance", "women", "child", "helpline")  # facts
WORDS = ("name", "country", "currency")
LISTS = {"countries": 4, "corridors": 4, "districts": 6}  # and how many letters a name has that is no everyday word ("Male", "Panj")
NOWHERE = ("other", "zz")                                # items that are no place
MONEY = {"bn": {"টাকা"}, "bn-latn": {"taka"}}  # in these languages the word for money of any kind


def settings(path):
    """The text of a libconfig file without its comments; lines keep their numbers."""
    return re.sub(r'("(?:\\.|[^"\\\n])*")|#[^\n]*', lambda m: m.group(1) or "", path.read_text())


def group(text, name):
    """What stands between the braces of `name = { ... }`, else the one string of `name = "..."`."""
    found = re.search(rf"\b{name}\s*=\s*", text)
    if not found or text[found.end()] != "{":
        return text[found.end():text.index(";", found.end())] if found else ""
    depth, at = 1, found.end() + 1
    while depth and at < len(text):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return text[found.end():at]


def hours(conf):
    """"9-17": what a text would say in place of {open}."""
    spans = re.findall(r'from = "0?(\d+):\d\d"; to = "0?(\d+):\d\d"', group(conf, "calendar").split("polite")[0])
    return {f"{begin}-{end}" for begin, end in spans}


def by_language(text):
    """{ en = "..."; tg = "..." } as pairs; one text for all languages counts as English."""
    pairs = re.findall(r'([a-z-]+)\s*=\s*"((?:\\.|[^"\\\n])*)"', text)
    return pairs or [("en", word) for word in STRING.findall(text)]


def places(folder):
    for name, letters in LISTS.items():
        path = folder / "lists" / f"{name}.conf"
        text = settings(path) if path.is_file() else ""
        for item, said in re.findall(r'\bid = "(\w+)";[^{}]*?\bname = (\{[^}]*\}|"[^"]*")', text):
            for language, word in by_language(said) if item not in NOWHERE else ():
                if len(word) >= letters and (name != "districts" or language == "en"):
                    yield language, word


def own_words(folder):
    """The numbers, and the words by language."""
    conf, words = settings(folder / "service.conf"), {}
    facts = group(conf, "facts")
    numbers = {number for fact in NUMBERS for number in STRING.findall(group(facts, fact))}
    for fact in WORDS:
        for language, word in by_language(group(facts, fact)):
            words.setdefault(language, set()).add(word)
    for language, word in places(folder):
        words.setdefault(language, set()).add(word)
    return numbers | hours(conf), words


def pattern(words, flags=re.I):
    """Whole words; the marks of Bengali and other scripts are letters as well."""
    letter = r"[\w\u0900-\u0dff\u0e80-\u109f\u1780-\u17ff]"
    one = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?<!{letter})(?:{one})(?!{letter})", flags) if words else None


def code_findings(root, numbers, words):
    strings, anywhere = pattern(numbers), pattern(words, 0)
    for path in csource.files(root, ("gateway", "include"), (".c", ".h", ".sql")):
        text = re.sub(r"//[^\n]*|/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), path.read_text(), flags=re.S)
        for number, line in enumerate(text.split("\n"), 1):
            hit = anywhere and anywhere.search(line)
            for said in STRING.findall(line) if strings and not hit else ():
                hit = hit or re.fullmatch(rf"(.*\D)?({strings.pattern})(\D.*)?", said)
            if hit:
                yield f"{path}:{number}: {line.strip()}"


def base_findings(folder, numbers, words):
    for path in sorted([*folder.glob("flow/*.conf"), *folder.glob("text/*.conf")]):
        language = path.stem if path.parent.name == "text" else "en"
        found = pattern(numbers | (words.get("en", set()) | words.get(language, set())) - MONEY.get(language, set()))
        for number, line in enumerate(settings(path).split("\n"), 1):
            for said in STRING.findall(line):
                hit = found and found.search(said)
                if hit:
                    yield f"{path}:{number}: \"{hit.group(0)}\" is one deployment's: make it a fact"


def main(root):
    services = [path.parent for path in sorted(root.glob("menus/*/service.conf"))]
    bases = {base for folder in services for base in re.findall(r'(?m)^base = "(\w+)"', settings(folder / "service.conf"))}
    numbers, words = set(), {}
    for folder in services:
        more, said = own_words(folder)
        numbers |= more
        for language in said:
            words.setdefault(language, set()).update(said[language])
    checks = [("the program names no country, currency or number of a deployment", list(code_findings(root, numbers, words.get("en", set()))))]
    for base in sorted(bases):
        checks.append((f"menus/{base} names none outside its facts, lists and offices",
                       list(base_findings(root / "menus" / base, numbers, words))))
    if len(bases) == 0:
        checks.append(("a service stands on another one", ["none does"]))
    for what, findings in checks:
        print(f"not ok {what}: {len(findings)}" if findings else f"ok {what}")
        print("".join(f"    {finding}\n" for finding in findings), end="")
    return any(findings for _, findings in checks)


sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
