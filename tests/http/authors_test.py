"""What the first screen of menus/README.md tells people to do who are no programmers, done exactly as it says."""
# timeout: 600
import pathlib
import re
import shutil

import harness
from gateway import ROOT, Gateway

README = (pathlib.Path(ROOT) / "menus" / "README.md").read_text()


def line(begins):
    """The line of the README that begins so, without its remark."""
    return next(each.split("  #")[0].strip() for each in README.split("\n") if each.strip().startswith(begins))


def keys(heading):
    """What to press, as the paragraph under that heading says: "`1` `3` `5`"."""
    said = README[README.index(f"**{heading}.**"):]
    return re.findall(r"`([^`]+)`", said[said.index("On the phone:"):].split(".", 1)[0])


def change(path, change_text):
    path.write_text(change_text(path.read_text()))


def behind(text, place, mark, more):
    """`more`, behind the first `mark` that follows `place`."""
    at = text.index(mark, text.index(place)) + len(mark)
    return text[:at] + more + text[at:]


class Author:
    """Somebody with a copy of the menus, and a phone."""

    def __init__(self):
        self.gateway = Gateway()
        self.menus = self.gateway.folder / "menus"
        shutil.copytree(pathlib.Path(ROOT) / "menus", self.menus)
        self.service = self.menus / "infoline"

    def check(self):
        made = self.gateway.run("check", "--set", f"dir.menus={self.menus}")
        assert made.returncode == 0, made.stderr

    def phone(self, pressed):
        made = self.gateway.run("try", "--service", str(self.service), "--lang", "en", stdin="\n".join(pressed) + "\n")
        assert made.returncode == 0, made.stderr
        return made.stdout.split("  +--")[-2]


def test_an_office_is_added():
    author = Author()
    office = README[README.index('{ id = "bogura_ttc"'):]
    office = office[:office.index("}\n") + 1]
    path = author.service / "directory" / "work.conf"
    change(path, lambda text: text[:text.rindex("}") + 1] + ",\n" + office + text[text.rindex("}") + 1:])
    author.check()
    shown = author.phone(keys("An office"))
    assert "Bogura TTC 051-000000" in shown and "2026-11-22" in shown, shown


def test_a_country_is_added():
    author = Author()
    country = line('{ id = "ke"')
    path = author.service / "lists" / "countries.conf"
    assert '"Kenya"' not in path.read_text()
    change(path, lambda text: text.replace('  { id = "zz"', f'  {country}\n  {{ id = "zz"'))
    author.check()
    assert "1 Kenya" in author.phone(keys("A country"))


def test_a_page_is_added():
    author = Author()
    option, node, text = line('{ key = "5"; id = "lost"'), line('{ id = "lost_passport"'), line("lost_passport = {")
    flow = author.service / "flow" / "services.conf"
    change(flow, lambda was: behind(was, 'id = "social"; kind', '"study"; }', f",\n      {option}"))
    change(flow, lambda was: behind(was, option, "},\n", f"  {node}\n"))
    for language in ("en", "bn-latn"):
        path = author.service / "text" / f"{language}.conf"
        change(path, lambda was: behind(was, "\nsocial = {", "};\n", f"{text}\n"))
        change(path, lambda was: behind(was, "\nsocial = {", ";", f' {line("lost =")}'))
    author.check()
    shown = author.phone(keys("A page"))
    assert "Lost passport" in shown and "passport office" in shown, shown


harness.main()
