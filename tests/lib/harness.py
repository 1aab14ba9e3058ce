"""Runs the functions test_* of a script in the order they are written, and says `ok NAME` or `not ok NAME: why` for each.

    import harness
    def test_an_empty_body_is_refused(): assert ...
    harness.main()

A function's first line of documentation is its name in the output. `harness.skip("why")` leaves one.
"""
import os
import sys
import time
import traceback


class Skipped(Exception):
    pass


def skip(why):
    raise Skipped(why)


def wait_until(holds, seconds=10, what="it"):
    """Calls `holds` until it gives something true, and returns that. `what` may be a function: it is asked when time is up."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what() if callable(what) else what}")
        time.sleep(0.02)


def _tests(module):
    found = [f for name, f in vars(module).items() if name.startswith("test_") and callable(f)]
    return sorted(found, key=lambda f: f.__code__.co_firstlineno)


def _name(function):
    return (function.__doc__ or function.__name__[5:].replace("_", " ")).strip().split("\n")[0]


def main():
    """Arguments: words; only tests whose names hold one of them are run."""
    failed, words = 0, sys.argv[1:]
    for test in _tests(sys.modules["__main__"]):
        name = _name(test)
        if words and not any(word in name or word in test.__name__ for word in words):
            continue
        try:
            test()
        except Skipped as why:
            print(f"skip {name}: {why}", flush=True)
        except (Exception, SystemExit) as error:  # a broken test must not hide those after it
            failed += 1
            print(f"not ok {name}: {type(error).__name__}: {' '.join(str(error).split())[:300]}", flush=True)
            traceback.print_exc(file=sys.stdout)
        else:
            print(f"ok {name}", flush=True)
    sys.stdout.flush()
    os._exit(1 if failed else 0)  # a fake server's thread that still waits keeps nobody
