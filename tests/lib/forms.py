"""What a page of the console offers: forms as they would be sent, links, the words that somebody reads.

    page = forms.read(rina.get("/queue"))
    page = forms.submit(rina, page.form("/claim"), note="...")    # what the form holds and what is typed; a 303 is followed
"""
import html.parser
import re

RANDOM = re.compile(r"[0-9a-f]{16,}")  # ids, keys, tokens, macs: any few digits stand in one of them, now and then
BREAKS = ("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "tr", "option", "label", "br", "caption", "summary", "button")


class Form:
    def __init__(self, attributes):
        self.action, self.id = attributes.get("action") or "", attributes.get("id")
        self.method = (attributes.get("method") or "get").lower()
        self.fields, self.names, self.types, self.buttons, self.choices = {}, set(), {}, [], {}


class Page(html.parser.HTMLParser):
    def __init__(self, answer):
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.source = answer.status, answer.headers, answer.text
        self.told = RANDOM.sub("", answer.text)  # to look for a number in that must not be there
        self.forms, self.links, self.tags, self._words = [], [], [], []
        self._form = self._area = self._select = None
        self.feed(answer.text)
        self.close()
        self.words = re.sub(r"\s+", " ", "".join(self._words))

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.tags.append((tag, known))
        if tag == "a":
            self.links.append(known.get("href", ""))
        if tag == "form":
            self._form = Form(known)
            self.forms.append(self._form)
        if tag in BREAKS:
            self._words.append(" ")
        if self._form:
            self._take(tag, known, known.get("name"))

    def _take(self, tag, known, name):
        form = self._form
        if tag == "button":
            form.buttons.append((name, known.get("value"), known.get("formaction")))
        if tag == "option" and self._select:
            form.choices[self._select].append(known.get("value"))
            if "selected" in known or self._select not in form.fields:
                form.fields[self._select] = known.get("value")
        if not name or tag == "button":
            return
        form.names.add(name)
        form.types[name] = known.get("type")
        if tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif known.get("type") in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(known.get("value", "on"))
            if "checked" in known:
                form.fields[name] = known.get("value", "on")
        elif tag == "input":
            form.fields[name] = known.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._form and self._area:
            self._form.fields[self._area] += data
        self._words.append(data)

    def find(self, ending):
        """Forms whose address ends so, without its query, or that are called so."""
        return [form for form in self.forms if form.action.split("?")[0].endswith(ending) or form.id == ending]

    def form(self, ending):
        found = self.find(ending)
        assert found, f"no form {ending}; there are {[form.action for form in self.forms]}: {self.words[:300]}"
        return found[0]

    def ids(self):
        return [known["id"] for _, known in self.tags if "id" in known]


def read(answer):
    return Page(answer)


def send(browser, form, button=None, headers=None, **typed):
    """Sends it and gives the answer as it is. `button`: the name of the one that is pressed."""
    fields = {name: value for name, value in {**form.fields, **typed}.items() if value is not None}
    action = form.action
    if button:
        name, value, other = next(each for each in form.buttons if each[0] == button)
        fields[name] = value
        action = other or action
    return browser.post(action, fields, headers)


def submit(browser, form, button=None, headers=None, **typed):
    answer = send(browser, form, button, headers, **typed)
    while answer.status == 303:
        answer = browser.get(answer.headers["location"].split("#")[0])
    return read(answer)
