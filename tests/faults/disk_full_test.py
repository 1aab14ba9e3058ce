"""A full disk: nobody is told that something was kept which was not, calls get the safety page, and room ends it."""
# timeout: 180
import os
import pathlib
import subprocess
import tempfile

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
        wait_until(lambda: callers.answered() > 200, 20, "some calls")
        callers.stop()
        kept = gateway.count("turn")
        assert kept == callers.answered()

        disk.fill()
        pages = set()

        def refuses():
            answer = gateway.at_ussd("", "full" + os.urandom(8).hex(), new_number())
            pages.add((answer.status, answer.body[:4]))
            return answer.body.startswith(b"END ")

        wait_until(refuses, 30, f"the disk to be full, answers were {pages}")
        answer = gateway.at_ussd("", "full" + os.urandom(8).hex(), new_number())
        assert answer.status == 200 and answer.body.startswith(b"END "), answer
        assert any(line for line in answer.body.decode().split() if line.strip(".,").isdigit()), \
            f"the safety page has no number: {answer.body!r}"
        assert gateway.at_sms("MENU", new_number()).status == 503
        assert gateway.metrics()['helpline_errors_total{kind="commit"}'] >= 1
        assert gateway.process.poll() is None

        disk.empty()
        wait_until(lambda: gateway.at_ussd("", "room" + os.urandom(8).hex(), new_number()).body.startswith(b"CON "), 30,
                   "calls to go on")
        callers.check_kept()
        assert get(gateway.console, "/healthz").status == 200
        gateway.kill9()
        gateway.start()
        callers.check_kept()
        assert gateway.run("verify").returncode == 0


def test_starting_on_a_full_disk():
    with SmallDisk(2) as disk:
        gateway = Gateway()
        gateway.keygen()
        disk.fill()
        gateway.data = pathlib.Path(disk.path) / "helpline.db"
        gateway.spawn()
        code = gateway.process.wait(20)
        assert code == 3, f"exit code {code}: {gateway.log()[-300:]}"


harness.main()
