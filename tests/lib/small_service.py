"""A service of a dozen nodes, for tests that change one and see what follows.

    small_service.write(menus / "small")
    small_service.write(folder, ("flow/main.conf", 'id = "leaf"', 'id = "twig"'), ...)    # with pieces replaced
"""
import pathlib

FILES = {
    "service.conf": """
name = "small"; version = "1"; zone = "+06:00";
languages = ( { id = "en"; }, { id = "bn"; fallback = "en"; } );
entry = { first = "lang"; known = "main"; resume = "resume"; help_offer = "offer"; danger = "danger"; };
windows = { resume_hours = 24; sms_silence_hours = 6; call_within_hours = 24; danger_within_minutes = 5; };
""",
    "flow/main.conf": """
nodes = (
  { id = "lang"; kind = "menu"; options = (
      { key = "1"; id = "en"; goto = "main"; set_language = "en"; },
      { key = "2"; id = "bn"; goto = "main"; set_language = "bn"; },
      { key = "9"; id = "danger"; goto = "danger"; } ); },
  { id = "main"; kind = "menu"; retired = [ "7" ]; options = (
      { key = "1"; id = "help"; goto = "help"; },
      { key = "2"; id = "call"; goto = "call"; },
      { key = "3"; id = "papers"; goto = "papers"; },
      { key = "9"; id = "danger"; goto = "danger"; } ); },
  { id = "resume"; kind = "menu"; options = (
      { key = "1"; id = "continue"; }, { key = "2"; id = "restart"; }, { key = "9"; id = "danger"; goto = "danger"; } ); },
  { id = "offer"; kind = "menu"; options = (
      { key = "1"; id = "call"; goto = "call"; }, { key = "9"; id = "danger"; goto = "danger"; } ); },
  { id = "danger"; kind = "page"; sensitive = true; foot = "none"; options = ( { key = "1"; id = "safe"; goto = "main"; } ); },
  { id = "help"; kind = "page"; options = (
      { key = "1"; id = "loans"; goto = "loans"; }, { key = "9"; id = "danger"; goto = "danger"; } ); },
  { id = "loans"; kind = "page"; parent = "help"; options = ( { key = "1"; id = "call"; goto = "call"; } ); },
  { id = "papers"; kind = "page"; },
  { id = "call"; kind = "form"; then = "send"; fields = (
      { id = "when"; type = "choice"; options = ( { key = "1"; id = "morning"; }, { key = "2"; id = "evening"; } ); },
      { id = "confirm"; type = "choice"; options = ( { key = "1"; id = "send"; }, { key = "2"; id = "change"; ask = "when"; } ); } ); },
  { id = "send"; kind = "do"; effect = "request"; request_kind = "call"; goto = "sent"; },
  { id = "sent"; kind = "page"; ends = true; }
);
""",
    "text/en.conf": """
language = "en"; own_name = "English"; state = "approved";
engine = { back = "Back"; main = "Main"; more = "More"; skip = "Skip"; bad = "Pick a number."; bad_text = "Type again.";
  no_match = "Not found."; too_many = "Too many."; moved = "The menu changed."; no_requests = "None yet.";
  days = [ "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" ];
  months = [ "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" ];
  today = "today"; tomorrow = "tomorrow"; due_format = "{day} {time}"; date_format = "{d} {month}";
  airtime_free = " - free"; airtime_cost = " - {cost}"; };
request_states = { waiting = "waiting"; assigned = "with us"; called = "called"; closed = "done"; cancelled = "cancelled"; };
request_kinds = { call = "call"; };
safety = { body = "Call 999 in danger."; };
lang = { title = "Language"; en = "English"; bn = "Bangla"; danger = "Danger"; };
main = { title = "Small"; help = "Help"; call = "Call me"; papers = "Papers"; danger = "Danger"; };
resume = { title = "Welcome back"; continue = "Continue"; restart = "Start again"; danger = "Danger"; };
offer = { title = "Shall we call?"; call = "Call me"; danger = "Danger"; };
danger = { title = "Call 999"; safe = "I am safe"; };
help = { title = "Help"; loans = "Loans"; danger = "Danger"; };
loans = { title = "Loans"; body = "Ask the bank."; call = "Call me"; };
papers = { title = "Papers"; body = "Keep your passport."; };
call = { when = { title = "When?"; morning = "Morning"; evening = "Evening"; };
  confirm = { title = "Call: {answer.when}"; send = "Send"; change = "Change"; }; };
sent = { body = "Sent. Ref {ref}, by {due}"; };
""",
    "text/bn.conf": """
language = "bn"; own_name = "বাংলা"; state = "approved";
engine = { back = "পিছনে"; };
main = { title = "ছোট"; help = "সাহায্য"; call = "ফোন চাই"; papers = "কাগজ"; danger = "বিপদ"; };
""",
}


def write(folder, *changes):
    """Writes it below `folder`, each (file, from, to) applied once; a file that is not there yet is `to` alone."""
    files = dict(FILES)
    for name, old, new in changes:
        if name in files and old is not None:
            assert old in files[name], f"{name} has no {old!r}"
            files[name] = files[name].replace(old, new, 1)
        else:
            files[name] = new
    for name, text in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pathlib.Path(folder)
