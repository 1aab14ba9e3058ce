"""Who works at the desk, said on the command line: no password that everybody knows, and a trace of everything."""
# timeout: 240
import re

import harness
from gateway import Gateway


def user(gateway, *arguments, code=0):
    made = gateway.run("user", *arguments)
    assert made.returncode == code, f"user {arguments}: {made.returncode} {made.stdout} {made.stderr}"
    return made


def password_in(made):
    found = re.search(r"^    ([0-9a-z]{16})$", made.stdout, re.M)
    assert found, made.stdout
    return found.group(1)


def test_the_first_administrator():
    """made on the command line, with a password that is shown once and stands nowhere in the data"""
    with Gateway() as gateway:
        assert "nobody yet" in user(gateway, "list").stdout
        assert gateway.run("verify", "--audit").stdout.endswith("the audit is whole: 0 rows, last 0, head none\n")
        first = password_in(user(gateway, "add", "ada", "--shown", "Ada", "--role", "admin"))
        second = password_in(user(gateway, "add", "omar", "--shown", "Omar", "--role", "counsellor,complaints", "--topics", "wages, health", "--languages", "bn,en"))
        third = password_in(user(gateway, "reset", "omar"))
        assert len({first, second, third}) == 3
        listed = user(gateway, "list").stdout
        assert re.search(r"^ada +Ada +enabled +no +never +admin +all +all$", listed, re.M), listed
        assert re.search(r"^omar +Omar +enabled +no +never +counsellor,complaints +wages,health +bn,en$", listed, re.M), listed
        assert "somebody has this name" in user(gateway, "add", "ada", "--shown", "A", "--role", "admin", code=1).stderr
        assert "the last administrator" in user(gateway, "disable", "ada", code=1).stderr
        assert "nobody has this name" in user(gateway, "reset", "eve", code=1).stderr
        assert 'no role "admn"' in user(gateway, "add", "eve", "--shown", "E", "--role", "admn", code=2).stderr
        for option, known in (("topics", "wages"), ("languages", "bn")):
            wrong = user(gateway, "add", "eve", "--shown", "E", "--role", "counsellor", f"--{option}", f"{known},nonesuch", code=1).stderr
            assert f'there is no {option[:-1]} "nonesuch"; there are: ' in wrong and known in wrong.split("there are: ")[1].split(), wrong
        user(gateway, "add", "eve", "--shown", "E", code=2)
        assert "names no role" in user(gateway, "add", "eve", "--shown", "E", "--role", " , ", code=2).stderr
        assert 'written in "xx"; there are' in user(gateway, "add", "eve", "--shown", "E", "--role", "admin", "--lang", "xx", code=2).stderr
        assert "2 to 64 of" in user(gateway, "add", "Eve Q", "--shown", "E", "--role", "admin", code=1).stderr
        assert "at most 80 letters" in user(gateway, "add", "eve", "--shown", "E" * 90, "--role", "admin", code=1).stderr
        user(gateway, "add", code=2)
        user(gateway, "list", "ada", code=2)
        user(gateway, "disable", "omar")
        assert re.search(r"^omar +Omar +disabled", user(gateway, "list").stdout, re.M)
        assert "omar can sign in again" in user(gateway, "enable", "omar").stdout
        proven = gateway.run("verify", "--audit")
        assert proven.returncode == 0 and "the audit is whole: 10 rows" in proven.stdout, proven.stdout + proven.stderr
        head = re.search(r", last \d+, head ([0-9a-f]{32})\n$", proven.stdout)
        assert head, proven.stdout
        for given, code in ((head.group(1), 0), (head.group(1).upper(), 0), ("0" * 32, 1), (head.group(1)[:30], 2), (head.group(1) + "00", 2), ("x" * 32, 2)):
            again = gateway.run("verify", "--audit", "--head", given)
            assert again.returncode == code, f"{given}: {again.returncode} {again.stdout} {again.stderr}"
        user(gateway, "add", "bina", "--shown", "Bina", "--role", "editor", "--lang", "bn")
        assert gateway.count("operator", "name = 'bina' AND lang = 'bn'") == 1 == gateway.count("operator", "name = 'ada' AND lang = 'en'")
    made = gateway.run("user", "list")
    assert made.returncode == 7 and "helpline serve" in made.stderr, made.stderr


harness.main()
