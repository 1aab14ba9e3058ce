"""A full disk: nobody is told that something was kept which was not, calls get the safety page, and room ends it."""
# timeout: 180
import os
import pathlib
import re
import subprocess
import tempfile

import desk
import forms
import harness
from gateway import Gateway, get, new_number
from harness import wait_until
from load import Callers


class SmallDisk:
    """A tmpfs of some MiB; needs root."""

    def __init__(self, mebibytes):
        if os.geteuid() != 0:
            harness.skip("mounting a small disk needs root")
        self.path = tempfile.mkdtemp(prefix="helpline-disk-")
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", self.path], capture_output=True)
        if made.returncode:
            harness.skip("this machine mounts no tmpfs")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.path], check=False)
        os.rmdir(self.path)

    def fill(self):
        with open(os.path.join(self.path, "ballast"), "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass

    def empty(self):
        os.remove(os.path.join(self.path, "ballast"))


def test_a_full_disk():
    """a full disk: END with the safety page, 503 for texts, counted and unwell; with room again all goes on"""
    with SmallDisk(24) as disk, Gateway() as gateway:
        gateway.stop()
        gateway.data = pathlib.Path(disk.path) / "helpline.db"
        gateway.start()
        callers = Callers(gateway.webhooks, gateway.path("at-ussd"))
        wait_until(lambda: callers.answered() > 200, 60, "some calls")
        callers.stop()
        kept = gateway.count("turn")
        assert kept == callers.answered()

        disk.fill()
        pages = set()

        def refuses():
            answer = gateway.at_ussd("", "full" + os.urandom(8).hex(), new_number())
            pages.add((answer.status, answer.body[:4]))
            return answer.body.startswith(b"END ")

        wait_until(refuses, 60, f"the disk to be full, answers were {pages}")
        answer = gateway.at_ussd("", "full" + os.urandom(8).hex(), new_number())
        assert answer.status == 200 and answer.body.startswith(b"END "), answer
        assert any(line for line in answer.body.decode().split() if line.strip(".,").isdigit()), \
            f"the safety page has no number: {answer.body!r}"
        assert gateway.at_sms("MENU", new_number()).status == 503
        assert gateway.metrics()['helpline_errors_total{kind="commit"}'] >= 1
        assert gateway.process.poll() is None

        disk.empty()
        wait_until(lambda: gateway.at_ussd("", "room" + os.urandom(8).hex(), new_number()).body.startswith(b"CON "), 60,
                   "calls to go on")
        callers.check_kept()
        assert get(gateway.console, "/healthz").status == 200
        gateway.kill9()
        gateway.start()
        callers.check_kept()
        assert gateway.run("verify").returncode == 0


def request_page(browser):
    link = re.search(r'<a href="(/requests/\d+)" class="row">', browser.get("/queue?tab=all").text).group(1)
    return link, forms.read(browser.get(link))


def test_operators_on_a_full_disk():
    """a full disk: operators get a 503 page that holds what they typed; no number is shown that the audit cannot keep; then all goes on"""
    with SmallDisk(24) as disk, Gateway() as gateway:
        gateway.stop()
        gateway.data = pathlib.Path(disk.path) / "helpline.db"
        gateway.start()
        rina = desk.operator(gateway, "rina", "supervisor")
        phone, _ = desk.caller_who_asks(gateway)
        link, page = request_page(rina)
        note, reveal = page.form("/note"), page.form("/reveal")
        made = rina.get("/requests/new") and forms.read(rina.page).form("/requests")
        disk.fill()
        kept = 0

        def is_refused():  # what the log of the data file has room for is still taken
            nonlocal kept
            answer = forms.send(rina, note, text=f"typed {kept}", key=f"{kept + 1:032x}", token=note.fields["token"])
            kept += answer.status == 303
            assert answer.status in (303, 503), f"{answer.status}: {answer.text[:300]}"
            return answer.status == 503

        wait_until(is_refused, 60, "the disk to be full")
        page = forms.read(rina.page)
        again = page.form("/note")
        assert again.fields["text"] == f"typed {kept}" and again.fields["key"] == f"{kept + 1:032x}", again.fields
        assert "send it again" in page.words and "Nothing was changed" not in page.words, page.words
        shown = forms.send(rina, reveal, reason="1", flag="1", token=note.fields["token"])
        assert shown.status == 503 and phone.number[-10:] not in shown.text, "a number is shown, and nothing is kept of it"
        assert rina.get(link).status == 503, "a request is looked at, and nothing is kept of it"
        assert rina.get("/queue").status == 200, "the queue is gone with the disk"
        by_hand = forms.send(rina, made, came_by="0", number=new_number(), note="typed by hand", token=note.fields["token"])
        assert by_hand.status in (422, 503) and "typed by hand" in by_hand.text, by_hand.status
        assert gateway.process.poll() is None

        disk.empty()
        wait_until(lambda: rina.get(link).status == 200, 60, "the desk to go on")
        for _ in range(2):
            said = forms.submit(rina, again)
            assert said.status == 200 and f"typed {kept}" in said.words, said.words[:400]
        assert gateway.count("note") == kept + 1, f"{gateway.count('note')} notes where {kept + 1} were kept"
        gateway.kill9()
        gateway.start()
        assert gateway.count("note") == kept + 1
        gateway.stop()
        proof = gateway.run("verify", "--audit")
        assert proof.returncode == 0, proof.stdout + proof.stderr


def test_starting_on_a_full_disk():
    with SmallDisk(2) as disk:
        gateway = Gateway()
        gateway.keygen()
        disk.fill()
        gateway.data = pathlib.Path(disk.path) / "helpline.db"
        gateway.spawn()
        code = gateway.process.wait(60)
        assert code == 3, f"exit code {code}: {gateway.log()[-300:]}"


harness.main()
