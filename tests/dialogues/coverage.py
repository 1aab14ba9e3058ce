"""How much of the engine the dialogues alone walk through: `make coverage-dialogues` builds for it and runs this.

    python3 tests/dialogues/coverage.py build/coverage

Plays every dialogue with the program built there, and prints, file by file, the lines of the engine that were run of those that
there are, by gcov; with --missing also which were not. A dialogue that fails ends it with 1.
"""
import json
import pathlib
import subprocess
import sys

# Of gateway/menu what takes part in a step of a conversation; not what loads, proves, compares or plays a service.
ROOMS = "engine desk drawing service".split()


def play(build):
    for old in build.rglob("*.gcda"):
        old.unlink()
    files = sorted(map(str, pathlib.Path("tests/dialogues").rglob("*.dialogue")))
    made = subprocess.run([build / "helpline", "try", *files], capture_output=True, text=True)
    print(made.stdout.strip().split("\n")[-1])
    if made.returncode != 0:
        sys.exit(f"{made.stdout}{made.stderr}\nthe dialogues do not pass")


def lines_of(build, source):
    """{line: how often it was run} of one source."""
    notes = build / source.with_suffix(".gcda")
    made = subprocess.run(["gcov", "--json-format", "--stdout", notes], capture_output=True, text=True, check=True)
    found = {}
    for line in made.stdout.splitlines():
        for file in json.loads(line)["files"]:
            if file["file"] == str(source):
                for each in file["lines"]:
                    found[each["line_number"]] = max(found.get(each["line_number"], 0), each["count"])
    return found


def main():
    build = pathlib.Path(sys.argv[1])
    play(build)
    total = run = 0
    print(f"{'file':24} {'lines':>6} {'run':>6} {'%':>6}")
    for source in sorted(file for room in ROOMS for file in pathlib.Path("gateway/menu", room).glob("*.c")):
        lines = lines_of(build, source)
        walked = sum(count > 0 for count in lines.values())
        total, run = total + len(lines), run + walked
        print(f"{source.name:24} {len(lines):6} {walked:6} {100 * walked / max(len(lines), 1):6.1f}")
        if "--missing" in sys.argv:
            print("    not run:", *(number for number, count in sorted(lines.items()) if count == 0))
    print(f"{'in all':24} {total:6} {run:6} {100 * run / max(total, 1):6.1f}")


main()
