"""Includes point to the same floor or down, and headers do not include each other in a circle.

A folder of gateway/ and include/ is a floor; this is the house from the roof to the ground. A floor may have rooms, which look down
the same way: whoever is in one includes no room before it.
"""
import pathlib
import re
import sys

import csource

FLOORS = "cli console core aggregator store menu http model text base".split()


ROOMS = {"console": "pages door page".split(),
         "aggregator": "handset writing reading access door language".split(),
         "core": "loop demo tick desk talk outbox common settings".split(),
         "menu": "simulator authoring proof engine loading desk drawing service".split()}


def floor(path):
    return path.split("/")[0]


def room(path):
    """Its place in the floor's order; None where the floor has no such rooms."""
    parts = path.split("/")
    rooms = ROOMS.get(parts[0], [])
    return rooms.index(parts[1]) if len(parts) > 2 and parts[1] in rooms else None


def includes(root):
    """(file, its name below its floor's parent, line, what it includes) for every include in quotes."""
    for path in csource.files(root, ("include", "gateway"), (".c", ".h", ".S")):
        name = str(path.relative_to(root)).split("/", 1)[1]
        for number, line in enumerate(path.read_text().split("\n"), 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if found:
                yield path, name, number, found.group(1)


def circle(graph):
    """One circle of the graph as a list of names, or None."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        for other in sorted(graph.get(name, ())):
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(name)
        return None

    for name in sorted(graph):
        found = visit(name)
        if found:
            return found
    return None


def main(root):
    upwards, strangers, graph, seen = [], [], {}, 0
    for path, name, number, included in includes(root):
        seen += 1
        here, there = floor(name), floor(included)
        if here not in FLOORS:
            strangers.append(f"{path}: {here} is no floor of the house")
        elif there not in FLOORS or "/" not in included:
            strangers.append(f'{path}:{number}: "{included}" is not written as floor/name.h')
        elif FLOORS.index(there) < FLOORS.index(here):
            upwards.append(f"{path}:{number}: {here} may not include {included}: it is above")
        elif here == there and None not in (room(name), room(included)) and room(included) < room(name):
            upwards.append(f"{path}:{number}: {included} is in a room above")
        if name.endswith(".h"):
            graph.setdefault(name, set()).add(included)
    found = circle(graph)
    checks = [
        ("arrows point down", upwards),
        ("every include names its floor", sorted(set(strangers))),
        ("no header includes itself by a detour", [" > ".join(found)] if found else []),
        ("there is something to look at", [] if seen else ["no include was found"]),
    ]
    for what, findings in checks:
        print(f"not ok {what}: {len(findings)}" if findings else f"ok {what}")
        print("".join(f"    {finding}\n" for finding in findings), end="")
    return any(findings for _, findings in checks)


sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
