"""Mistakes of administrators and authors get one clear answer: where it is, what is wrong, and the nearest valid name."""
# timeout: 240
import re
import shutil

import harness
from gateway import ROOT, Gateway


def check(gateway, *settings):
    gateway.more_settings = list(settings)
    made = gateway.run("check")
    gateway.more_settings = []
    return made


def test_settings():
    """a setting, a profile, a service or a channel that is not there is told with its line and the nearest that is"""
    cases = [
        ("listen.webhooks", r"--set listen\.webhooks: expected NAME\.NAME=VALUE"),
        ("limits.max_body=12", r'"max_body" is out of range; expected a number of 1024 to'),
        ("channels.kannel.profile=kanel", r"there is no profile \S*/kanel\.conf; nearest is kannel\n"),
        ("channels.kannel.service=infolin", r'there is no service "infolin" in menus; nearest is infoline\n'),
        ("channels.kanel.secret=x", r'there is no channel "kanel" in \S*helpline\.conf; nearest is kannel\n'),
    ]
    gateway = Gateway()
    for setting, expected in cases:
        made = check(gateway, setting)
        assert made.returncode == 1, f"{setting}: exit code {made.returncode}"
        assert re.search(expected, made.stderr), f"{setting}: {made.stderr}"
        assert not re.search(r"\b1 (findings|problems)", made.stderr), made.stderr


def test_secrets_that_nobody_made():
    """a secret's file that is not there is told with the verb that makes it"""
    gateway = Gateway()
    made = check(gateway, f"channels.kannel.secret=@@{gateway.folder}/none")
    assert made.returncode == 1 and "no such file; `helpline keygen --secrets` makes it" in made.stderr, made.stderr


CHANNEL = 'channels = {{\n    one = {{\n        profile = "{}"; service = "infoline"; code = "*123#";\n{}\n    }};\n}};\n'


def test_channels_that_must_not_load():
    """second-hand facts that nobody accepted, and a channel that anybody could call, do not load, by `check` or by `serve`"""
    known = '        auth = "path"; secret = "0123456789abcdef";'
    cases = [("banglalink-ussd", known, "are second-hand; say accept_unverified = true"),
             ("banglalink-ussd", known + " accept_unverified = true;", None),
             ("flares-ussd", known, None),
             ("flares-ussd", "", 'a channel needs auth = "path"'),
             ("flares-ussd", '        trust = "network-only";', None),
             ("flares-ussd", '        auth = "path";', "secret must have at least 8"),
             ("flares-ussd", '        auth = "networks";', 'auth = "networks" needs networks'),
             ("flares-ussd", '        auth = "signature"; secret = "0123456789abcdef";', "signature")]
    for profile, words, expected in cases:
        gateway = Gateway()
        gateway.config = gateway.folder / "one.conf"
        gateway.config.write_text(CHANNEL.format(profile, words))
        paths = [f"{name}={gateway.folder / name.split('.')[1]}" for name in
                 ("data.path", "data.keys", "data.forgotten", "data.backups", "listen.control")]
        gateway.settings = lambda paths=paths: [word for each in paths for word in ("--set", each)]
        for verb in ("check", "serve") if expected else ("check",):
            made = gateway.run(verb)
            assert made.returncode == (1 if expected else 0), f"{verb} {profile} {words}: {made.returncode} {made.stderr}"
            assert not expected or re.search(r"one\.conf:\d+: .*" + re.escape(expected), made.stderr), f"{words}: {made.stderr}"
        shutil.rmtree(gateway.folder)


def test_lines():
    """what stands in the file is told with the file's line"""
    cases = [
        ('profile = "kannel"', 'profile = "kanel"', "nearest is kannel"),
        ('service = "infoline"', 'service = "infolin"', "nearest is infoline"),
        ("max_body = 65536", "max_bdy = 65536", "nearest is max_body"),
        ('auth = "field"', 'auth = "feld"', "nearest is field"),
    ]
    text = (ROOT / "conf" / "helpline.conf").read_text()
    for right, wrong, expected in cases:
        gateway = Gateway()
        gateway.config = gateway.folder / "helpline.conf"
        gateway.config.write_text(text.replace(right, wrong, 1))
        made, line = check(gateway), text[:text.index(right)].count("\n") + 1
        found = [said for said in made.stderr.split("\n") if f"helpline.conf:{line}: " in said]
        assert made.returncode == 1 and len(found) == 1 and expected in found[0], f"{wrong}: {made.stderr}"
        shutil.rmtree(gateway.folder)


def test_names_of_verbs():
    """a channel or a language that is not there is told with the nearest that is"""
    gateway = Gateway()
    for verb, expected in [
        (["dial", "at-usd"], 'there is no enabled channel "at-usd"; nearest is at-ussd'),
        (["probe", "--channel", "kanel"], 'there is no enabled channel "kanel"; nearest is kannel'),
        (["try", "--lang", "bn-ltn"], 'the service has no language "bn-ltn"; nearest is bn-latn'),
        (["try", "--lang", "english"], 'the service has no language "english"; it has en, bn, bn-latn'),
    ]:
        made = gateway.run(*verb)
        assert made.returncode == 1 and expected in made.stderr, f"{verb}: {made.returncode} {made.stderr}"


def test_an_export_of_nothing():
    """an export without rows still names its columns"""
    gateway = Gateway()
    with gateway:
        for what in ("turns", "sessions", "requests", "registrations", "texts", "follow-ups", "triage"):
            made = gateway.run("export", what)
            assert made.returncode == 0 and re.fullmatch(r"[a-z_]+(,[a-z_]+)+\r\n", made.stdout.replace("\n", "\r\n")), made
            assert gateway.run("export", what, "--format", "jsonl").stdout == ""


harness.main()
