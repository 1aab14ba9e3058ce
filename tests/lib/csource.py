"""What the checks know about C text: its files, the text without comments and strings, and where functions begin and end."""
import pathlib
import re

_SKIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root, folders, suffixes=(".c", ".h")):
    for folder in folders:
        for path in sorted(pathlib.Path(root, folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def code_only(text):
    """Comments and the insides of strings become blanks; lines keep their numbers."""

    def blank(match):
        hidden = match.group(0)
        if hidden[0] == '"':
            return '"' + " " * (len(hidden) - 2) + '"'
        return re.sub(r"[^\n]", " ", hidden)

    # An #include keeps its name: it is no string.
    lines = [line if line.lstrip().startswith("#include") else None for line in text.split("\n")]
    blanked = _SKIPPED.sub(blank, text).split("\n")
    return "\n".join(kept if kept is not None and line.strip() else line for kept, line in zip(lines, blanked))


def functions(text):
    """(name, first line, lines) of each function: its braces stand in column 0, as .clang-format puts them."""
    name, opened = "", 0
    for number, line in enumerate(code_only(text).split("\n"), 1):
        found = re.match(r"[A-Za-z_].*?([A-Za-z_]\w*)\s*\(", line)
        if found:
            name = found.group(1)
        if line.startswith("{"):
            opened = number
        elif line == "}" and opened:
            yield name, opened, number - opened + 1
            opened = 0
