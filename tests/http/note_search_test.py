"""Notes are found by their words only where the configuration says so, by whom they are for; else no word of them is on the disk."""
import re

import desk
import forms
import harness
from gateway import Gateway

NOTE = "Employer keeps the zebrapassport; সাহায্য চাই"


def opened(browser, link):
    page = forms.read(browser.get(link))
    assert page.status == 200, f"{link}: {page.status} {page.words[:300]}"
    return page


def asked(gateway, browser):
    _, reference = desk.caller_who_asks(gateway)
    page = opened(browser, "/queue")
    found = re.search(rf'<a href="(/requests/\d+)" class="row">{reference}</a>', page.source)
    assert found, page.words[:300]
    return found.group(1), reference


def search(browser, text):
    return forms.submit(browser, opened(browser, "/search").form("/search"), q=text)


def bytes_on_disk(gateway):
    return b"".join(path.read_bytes() for path in gateway.folder.glob("helpline.db*"))


def test_words_are_found_where_the_setting_is_on():
    with Gateway(["desk.search_notes=true"]) as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        other = desk.operator(gateway, "omar", "counsellor", None, "--topics", "health")
        link, reference = asked(gateway, rina)
        forms.submit(rina, opened(rina, link).form("note"), text=NOTE)
        for words in ("zebrapass", "EMPLOYER zebrapassport", "সাহায্য"):
            page = search(rina, words)
            assert f'href="{link}"' in page.source and reference in page.words, f"{words}: {page.words[:300]}"
            assert "1 request whose notes" in page.words, page.words[:300]
        assert "No note that you may read" in search(rina, "giraffe").words
        page = search(rina, '"><img src=x onerror=1> OR zebrapassport')
        assert "<img" not in page.source and link not in page.source
        assert link not in search(other, "zebrapassport").source, "a request of another topic was shown"


def test_without_it_nothing_is_written_in_clear():
    with Gateway() as gateway:
        rina = desk.operator(gateway, "rina", "supervisor")
        link, _ = asked(gateway, rina)
        forms.submit(rina, opened(rina, link).form("note"), text=NOTE)
        assert "neither a reference" in search(rina, "zebrapassport").words
        assert b"zebrapassport" not in bytes_on_disk(gateway)


harness.main()
