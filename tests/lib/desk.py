"""People who work at the desk of a running gateway, and callers who ask them for something."""
import re

import infoline


def add_user(gateway, name, roles, shown=None, *more):
    """`helpline user add`; gives the first password, which the program made up."""
    made = gateway.run("user", "add", name, "--shown", shown or name.title(), "--role", roles, *more)
    assert made.returncode == 0, f"user add: {made.stderr}"
    return re.search(r"^\s{4}(\S+)$", made.stdout, re.M).group(1)


def caller_who_asks(gateway):
    """A new number that asked to be called; gives the phone, which knows its number, and the reference that it was told."""
    phone = gateway.phone()
    infoline.to_main(phone)
    infoline.ask_for_a_call(phone)
    return phone, infoline.reference_of(phone.screen)
