"""How somebody gets about in the demonstration service, for tests that need a caller and not its menus."""
import re


def to_main(phone):
    """Dials and chooses English, whatever comes first."""
    phone.dial()
    if re.search(r"^\S+ English", phone.screen.text, re.M):
        phone.pick("English")
    return phone.screen


def ask_for_a_call(phone):
    """From the main menu to the reference: keys that mean the mildest answer, then 1 through the form."""
    phone.pick("call you")
    for _ in range(12):
        if not phone.screen.open:
            return
        no = re.search(r"^(\S+) No\b", phone.screen.text, re.M)
        danger = "danger" in phone.screen.text.lower()
        phone.press(no.group(1) if danger and no else (phone.keys() or ["1"])[0])


def complain(phone, name):
    """From the first dial to the reference of a complaint about pay, for the complaints desk; against whom is in their own words."""
    to_main(phone)
    phone.pick("Pay owed")
    for key in "1", "1", "3", "3", "4", "9", name:  # begin, agree, which, when, how much, no papers
        phone.press(key)
    for _ in range(8):
        if phone.screen.open:
            phone.press((phone.keys() or ["1"])[0])


def reference_of(screen):
    return re.search(r"\bRef ([\d ]{7,8})", screen.text).group(1).strip()
