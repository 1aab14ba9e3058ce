"""Starting, reloading and stopping: one clear line for every mistake, and nobody's answer lost on the way down."""
# timeout: 600
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

import harness
from gateway import ROOT, Gateway, get
from harness import wait_until


def refusal(gateway, code, *words, seconds=60):
    """Starts it expecting an end with `code` and one line that holds the words."""
    gateway.spawn()
    try:
        ended = gateway.process.wait(seconds)
    except subprocess.TimeoutExpired:
        gateway.kill9()
        raise AssertionError(f"it runs, where it should end with {code}: {gateway.log()[-300:]}") from None
    said = gateway.log()
    assert ended == code, f"exit code {ended}, not {code}: {said[-500:]}"
    for word in words:
        assert word in said, f"{word!r} is not in: {said[-500:]}"
    assert len(said.strip().split("\n")) <= 4, f"more than a clear line: {said}"
    assert "Sanitizer" not in said
    gateway.process = None


def test_it_says_where_it_listens():
    """it prints four lines: where it listens and how to dial it"""
    with Gateway() as gateway:
        wait_until(lambda: "dial it" in gateway.output(), 20, "the last line")
        lines = gateway.output().strip().split("\n")
        assert len(lines) == 4, lines
        assert str(gateway.webhooks) in gateway.output() and str(gateway.console) in gateway.output()
        assert "dial at-ussd" in gateway.output()


def test_the_line_that_says_how_to_dial():
    """what the fourth line says can be typed as it stands"""
    with Gateway() as gateway:
        line = harness.wait_until(lambda: [l for l in gateway.output().split("\n") if l.startswith("dial it")], 20, "that line")[0]
        assert f" {gateway.program} dial at-ussd --from +88" in line, line


def test_a_port_in_use():
    gateway = Gateway()
    gateway.keygen()
    with socket.create_server(("127.0.0.1", gateway.webhooks)):
        refusal(gateway, 3, str(gateway.webhooks))
    os.remove(gateway.log_path)
    with socket.create_server(("127.0.0.1", gateway.console)):
        refusal(gateway, 3, str(gateway.console))


def test_a_second_gateway_on_the_same_data():
    with Gateway() as first:
        second = Gateway(folder=first.folder)
        second.log_path = first.folder / "second-log"
        second.out_path = first.folder / "second-out"
        refusal(second, 6, "helpline.db")
        phone = first.phone()
        assert phone.dial().open, "the first one was harmed"


def test_a_folder_that_cannot_be_written():
    gateway = Gateway()
    gateway.keygen()
    gateway.data = gateway.folder / "nowhere" / "deeper" / "helpline.db"
    refusal(gateway, 3, "nowhere")
    if os.geteuid() == 0:
        gateway.data = pathlib.Path("/proc/helpline.db")  # root may write wherever there is a disk
        os.remove(gateway.log_path)
        refusal(gateway, 3, "/proc")


def test_no_keys():
    refusal(Gateway(), 4, "keys", "keygen")


def test_keys_that_others_can_read():
    gateway = Gateway()
    gateway.keygen()
    os.chmod(gateway.keys, 0o644)
    refusal(gateway, 4, "keys")


def test_the_keys_of_another_file():
    gateway = Gateway()
    with gateway:
        gateway.phone().dial()
        gateway.stop()
        os.rename(gateway.keys, gateway.folder / "old-keys")
        gateway.keygen()
        os.remove(gateway.log_path)
        refusal(gateway, 4, "key")
        for verb in (["export", "turns"], ["verify"]):
            made = gateway.run(*verb)
            assert made.returncode == 4 and "keys" in made.stderr, f"{verb}: {made.returncode} {made.stderr}"
        os.replace(gateway.folder / "old-keys", gateway.keys)
        gateway.start()
        assert gateway.count("turn") == 1


def test_a_key_file_that_is_none():
    gateway = Gateway()
    gateway.keys.write_text("hello\n")
    os.chmod(gateway.keys, 0o600)
    refusal(gateway, 4, "keys")


def test_keygen_never_overwrites():
    gateway = Gateway()
    gateway.keygen()
    before = gateway.keys.read_bytes()
    again = gateway.run("keygen")
    assert again.returncode != 0 and gateway.keys.read_bytes() == before
    assert gateway.keys.stat().st_mode & 0o777 == 0o600


def test_a_newer_schema():
    gateway = Gateway()
    with gateway:
        gateway.phone().dial()
        gateway.stop()
        connection = sqlite3.connect(gateway.data)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.close()
        os.remove(gateway.log_path)
        refusal(gateway, 5, "newer")


def test_a_file_that_is_not_ours():
    gateway = Gateway()
    gateway.keygen()
    connection = sqlite3.connect(gateway.data)
    connection.execute("CREATE TABLE shopping (item TEXT)")
    connection.commit()
    connection.close()
    refusal(gateway, 5, "helpline.db")
    gateway.data.write_bytes(b"this is no database, it is a letter to my aunt" * 100)
    os.remove(gateway.log_path)
    refusal(gateway, 5, "helpline.db")


def test_settings_that_do_not_exist():
    """a setting that does not exist is told with the nearest valid name"""
    gateway = Gateway(["listen.webhoks=127.0.0.1:1"])
    made = gateway.run("serve")
    assert made.returncode in (1, 2), made.returncode
    assert "webhoks" in made.stderr and "webhooks" in made.stderr, made.stderr


def test_a_config_file_with_a_mistake():
    """file:line, what is wrong, and the nearest valid name"""
    gateway = Gateway()
    text = gateway.config.read_text()
    broken = gateway.folder / "broken.conf"
    broken.write_text("listn = { webhooks = \"127.0.0.1:1\"; };\n" + text)
    gateway.config = broken
    made = gateway.run("serve")
    assert made.returncode == 1 and "broken.conf:1:" in made.stderr and "listen" in made.stderr, made.stderr


def test_a_wrong_command_line():
    gateway = Gateway()
    for words in (["serv"], ["serve", "--conf", "x"], ["export"], ["export", "nothing"], []):
        made = subprocess.run([gateway.program, *words], capture_output=True, text=True, timeout=60, cwd=ROOT)
        assert made.returncode == 2, f"{words}: {made.returncode}"
        assert made.stderr.strip(), words
    made = subprocess.run([gateway.program, "serv"], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert "serve" in made.stderr, made.stderr


def test_every_verb_has_help():
    program = Gateway().program
    made = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert made.returncode == 0
    for verb in "serve check try dial probe channels export keygen backup restore verify version".split():
        assert verb in made.stdout, f"{verb} is not in --help"
        page = subprocess.run([program, verb, "--help"], capture_output=True, text=True, timeout=60, cwd=ROOT)
        assert page.returncode == 0 and verb in page.stdout and len(page.stdout) > 80, f"{verb} --help: {page}"


def test_no_gateway_answers():
    gateway = Gateway()
    gateway.keygen()
    made = gateway.run("dial", "at-ussd", "--from", "+8801712000001", stdin="")
    assert made.returncode == 7, f"{made.returncode}: {made.stderr}"


def test_stopping_drains():
    """SIGTERM under load: whoever was let in is answered, everything answered is kept, and the exit code is 0"""
    gateway = Gateway()
    with gateway:
        answered, lock, go = [], threading.Lock(), threading.Event()

        def caller():
            while not go.is_set():
                phone = gateway.phone()
                try:
                    phone.dial()
                except (OSError, AssertionError):
                    return
                with lock:
                    answered.append(phone.session)

        threads = [threading.Thread(target=caller) for _ in range(8)]
        [thread.start() for thread in threads]
        wait_until(lambda: len(answered) > 50, 60, "some calls")
        assert gateway.stop() == 0, gateway.log()[-500:]
        go.set()
        [thread.join() for thread in threads]
        assert gateway.count("turn") >= len(answered), f"{gateway.count('turn')} kept of {len(answered)} answered"
        with_wal = [p.name for p in gateway.folder.iterdir() if p.name.endswith("-wal") and p.stat().st_size]
        assert not with_wal, "a peaceful end leaves no write-ahead log"


def test_stopping_does_not_wait_for_half_requests():
    with Gateway(["limits.drain_seconds=2", "limits.idle_seconds=600"]) as gateway:
        held = [socket.create_connection(("127.0.0.1", gateway.webhooks)) for _ in range(5)]
        for s in held:
            s.sendall(b"POST /in/at-ussd/x HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf")
        assert gateway.stop(seconds=60) == 0, "it waits for what may never come"
        for s in held:
            s.close()


def test_both_signals_end_it():
    with Gateway() as gateway:
        assert gateway.stop(signal.SIGINT) == 0


def with_own_menus(gateway):
    """Gives the gateway a copy of the menus that a test may change."""
    menus = gateway.folder / "menus"
    shutil.copytree(ROOT / "menus", menus)
    gateway.more_settings.append(f"dir.menus={menus}")
    return menus


def english(menus):
    return menus / "infoline" / "text" / "en.conf"


def test_reload_takes_a_changed_menu():
    gateway = Gateway()
    menus = with_own_menus(gateway)
    with gateway:
        phone = gateway.phone()
        phone.dial()
        assert "Find services" in phone.pick("English").text
        text = english(menus).read_text()
        english(menus).write_text(text.replace("Find services", "See services"))
        gateway.process.send_signal(signal.SIGHUP)

        def reloaded():
            other = gateway.phone()
            other.dial()
            return "See services" in other.pick("English").text

        wait_until(reloaded, 60, "the changed menu")


def test_reload_keeps_what_it_had_when_the_new_is_broken():
    """a broken menu is refused with file:line, and calls go on with the old one"""
    gateway = Gateway()
    menus = with_own_menus(gateway)
    with gateway:
        text = english(menus).read_text()
        english(menus).write_text(text + "\nbroken = { title = 7\n")
        gateway.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "en.conf:" in gateway.log(), 60, "file:line in the log")
        phone = gateway.phone()
        phone.dial()
        assert "Find services" in phone.pick("English").text
        made = gateway.run("check")
        assert made.returncode == 1 and "en.conf:" in made.stdout + made.stderr, made
        english(menus).write_text(text)
        assert gateway.run("check").returncode == 0


def test_reload_names_what_takes_a_restart():
    """a changed setting that stays as it was at the start is named in the log, also one that was not there before; none that was left alone"""
    gateway = Gateway()
    gateway.config = gateway.folder / "helpline.conf"
    whole = (ROOT / "conf" / "helpline.conf").read_text()
    changes = {"listen.console_url": ('# console_url = "https://desk.example.org"', 'console_url = "https://desk.example.org"'),
               "listen.max_connections": ("max_connections = 4000", "max_connections = 3000"),
               "limits.max_parked": ("max_parked = 2048", "max_parked = 1024"),
               "limits.max_body": ("max_body = 65536", "max_body = 32768"),
               "limits.idle_seconds": ("idle_seconds = 30", "idle_seconds = 31"),
               "desk.search_notes": ("search_notes = false", "search_notes = true")}
    other = ("drain_seconds = 20", "drain_seconds = 21")  # is taken up at once

    def reload(*wanted):
        text = whole
        for before, now in wanted:
            assert before in text, before
            text = text.replace(before, now)
        gateway.config.write_text(text)
        gateway.config.chmod(0o600)
        if not gateway.process:
            return []
        said, done = len(gateway.log()), gateway.log().count("reload done")
        gateway.process.send_signal(signal.SIGHUP)
        wait_until(lambda: gateway.log().count("reload done") > done, 60, "the reload")
        return re.findall(r"needs_restart setting=(\S+)", gateway.log()[said:])

    reload()
    with gateway:
        assert reload(other) == []
        assert sorted(reload(*changes.values(), other)) == sorted(changes), gateway.log()[-1500:]
        assert reload(*changes.values()) == []
        assert "listen.console_url" in reload(), "one that is not there any more"


def test_a_broken_menu_does_not_start():
    gateway = Gateway()
    menus = with_own_menus(gateway)
    gateway.keygen()
    english(menus).write_text(english(menus).read_text() + "\nbroken = { title = 7\n")
    gateway.spawn()
    assert gateway.process.wait(60) == 1, gateway.log()
    assert "en.conf:" in gateway.log(), gateway.log()


def test_systemd_is_told():
    """READY=1 when it listens, WATCHDOG=1 while the loop runs, STOPPING=1 on the way down"""
    folder = tempfile.mkdtemp(prefix="helpline-notify-")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(folder + "/notify")
        listener.settimeout(60)
        heard = []

        def hear(word):
            while not any(word in line for line in heard):
                heard.append(listener.recv(4096).decode())

        with Gateway(env={"NOTIFY_SOCKET": folder + "/notify", "WATCHDOG_USEC": "1000000"}) as gateway:
            hear("READY=1")
            hear("WATCHDOG=1")
            gateway.process.send_signal(signal.SIGTERM)
            hear("STOPPING=1")
    shutil.rmtree(folder)


def test_no_core_file():
    """a crash leaves no file with what people said"""
    with Gateway() as gateway:
        limits = pathlib.Path(f"/proc/{gateway.process.pid}/limits").read_text()
        assert re.search(r"^Max core file size\s+[01]\s+[01]\s", limits, re.M), limits


def test_backup_never_writes_over_the_data():
    """a backup to the path of the data file is refused, and the data stays"""
    with Gateway() as gateway:
        before = gateway.data.stat().st_ino
        done = gateway.run("backup", gateway.data)
        assert done.returncode not in (0, None), done
        assert gateway.data.stat().st_ino == before


def test_metrics():
    """/metrics has what the alerts need, and counts"""
    with Gateway() as gateway:
        gateway.phone().dial()
        metrics = gateway.metrics()
        names = {re.sub("_(bucket|sum|count)$", "", name.split("{")[0]) for name in metrics}
        assert any("steps" in name and metrics[name] == 1 for name in metrics if "{" not in name), sorted(names)
        for word in ("steps", "answer", "commit", "batch", "errors", "sessions_open", "data_bytes", "wal_bytes", "outbox",
                     "backup"):
            assert any(word in name for name in names), f"no metric about {word}: {sorted(names)}"
        text = get(gateway.console, "/metrics")
        assert text.headers["content-type"].startswith("text/plain"), text.headers
        rules = (ROOT / "conf" / "prometheus" / "helpline-rules.yml").read_text()
        for name in set(re.findall(r"\bhelpline_\w+", rules)):
            assert re.sub("_(bucket|sum|count)$", "", name) in names, f"the alerts speak of {name}, which is no metric"


def test_backup_verify_and_restore():
    """a backup made beside the running gateway verifies, and restored it holds every turn"""
    with Gateway() as gateway:
        phone = gateway.phone()
        phone.dial()
        phone.press(phone.keys()[0])
        made = gateway.run("backup", gateway.folder / "copy.db")
        assert made.returncode == 0, made.stderr
        assert gateway.run("verify").returncode == 0
        gateway.stop()
        for name in ("helpline.db", "helpline.db-wal", "helpline.db-shm"):
            (gateway.folder / name).unlink(missing_ok=True)
        restored = gateway.run("restore", gateway.folder / "copy.db")
        assert restored.returncode == 0, restored.stderr
        assert gateway.run("verify").returncode == 0
        gateway.start()
        assert gateway.count("turn") == 2
        before = phone.screen.raw
        assert phone.again().raw == before


def test_channels_shows_what_came():
    with Gateway() as gateway:
        phone = gateway.phone()
        phone.dial()
        made = gateway.run("channels")
        assert made.returncode == 0, made.stderr
        for name in ("at-ussd", "at-sms", "kannel"):
            assert name in made.stdout, made.stdout
        assert phone.number[1:] not in made.stdout
        assert "twilio" not in made.stdout and re.search(r"^\d+ more are disabled", made.stdout, re.M), made.stdout
        assert '"twilio"' in gateway.run("channels", "--json").stdout


harness.main()
