"""The compiler of the pages: what it refuses, with file and line, and that no value gets out of where it was put."""
import html.parser
import os
import pathlib
import subprocess
import tempfile

import harness

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
COMPILER = BUILD / "console-compiler"
FIRST = "{{! view: view.h }}\n"
HOSTILE = '"><img src=x onerror=1>'

# what stands from the second line on; the line that is at fault; what is said of it
REFUSED = [
    ("<p class={{a}}>", 2, "stands in quotes"),
    ("<p class=a>", 2, "stands in quotes"),
    ("<script>x = {{a}}</script>", 2, "no script in a page"),
    ("<script>\n\n{{a}}</script>", 4, "no value can stand in <script>"),
    ("<script>run()</script>", 2, "no script in a page"),
    ("<style>p { color: {{a}} }</style>", 2, "no style in a page"),
    ('<p style="color: {{a}}">', 2, "no style in a page"),
    ('<p\n  onclick="{{a}}">', 3, "no script in a page"),
    ('<p ONCLICK="x">', 2, "no script in a page"),
    ('<p hx-on:click="x">', 2, "no script in a page"),
    ('<p hx-vals="{{a}}">', 2, "more than text"),
    ('<p hx-vals="js:x()">', 2, "js: is a script"),
    ('<p hx-trigger="click[ctrlKey]">', 2, "a filter is a script"),
    ('<a href="javascript:x">', 2, "an address that is a script"),
    ('<a href="JavaScript:x">', 2, "an address that is a script"),
    ('<iframe srcdoc="{{a}}">', 2, "has no place in a page"),
    ("<{{a}}>", 2, "begins no tag"),
    ("<p{{a}}>", 2, "in the name of a tag"),
    ("<p {{a}}>", 2, "in a tag"),
    ('<p data-{{a}}="x">', 2, "in the name of an attribute"),
    ("<!-- {{a}} -->", 2, "in a comment"),
    ("1 < 2", 2, "begins no tag"),
    ("<p =\"x\">", 2, "has no place in the tag"),
    ("{{#each rows:count as row}}\n{{row}}\n", 2, "{{#each}} without its {{/each}}"),
    ("\n{{#if a}}<p>", 3, "{{#if}} without its {{/if}}"),
    ("{{#if a}}\n{{/each}}", 3, "but what is open is the {{#if}} of line 2"),
    ("{{/if}}", 2, "of nothing"),
    ("{{else}}", 2, "of nothing"),
    ("{{#if a}}{{else}}\n{{else}}{{/if}}", 3, "a second {{else}}"),
    ('<p {{#if a}}class="{{/if}}">', 2, "in the value of an attribute in one case and in a tag in the other"),
    ("{{#if a}}<p {{else}}<p>{{/if}}", 2, "ends in"),
    ("{{#each rows:count as row}}<p {{/each}}>", 2, "ends in a tag in one case"),
    ('<p data-{{#if a}}x{{/if}}="1">', 2, "part of the name before it"),
    ("<p{{#if a}}q{{/if}}>", 2, "part of the name before it"),
    ("<p{{#if a}} hidden{{/if}}id>", 2, "part of the name before it"),
    ("<p hidden{{#if a}} {{/if}}=\"x\">", 2, "has no place in the tag"),
    ("<{{#if a}}p{{/if}}>", 2, "begins no tag"),
    ('<a href="{{#if a}}/x{{/if}}{{a}}">', 2, "in one case"),
    ("{{#each rows as row}}{{/each}}", 2, "{{#each list:count as name}}"),
    ("{{#each rows:count as r}}{{#each rows:count as r}}{{/each}}{{/each}}", 2, "calls its own"),
    ("{{#unless a}}{{/unless}}", 2, "there are {{#if}} and {{#each}}"),
    ("{{#if a == small}}{{/if}}", 2, "field == CONSTANT"),
    ("\n\n{{> nowhere a}}", 4, "there is no"),
    ('<p title="{{> other a}}">', 2, "stands in text"),
    ("{{a", 2, "{{ without }}"),
    ("{{}}", 2, "nothing to show"),
    ("{{a b c}}", 2, "no such thing"),
    ("{{a; evil()}}", 2, "no such thing"),
    ("{{evil()}}", 2, "is no field"),
    ("{{a.}}", 2, "is no field"),
    ("{{1a}}", 2, "is no field"),
    ('<a href="{{t word}}">', 2, "words have no place in an address"),
    ('<p title="{{time a}}">', 2, "can only stand in text"),
    ("<title>{{ago a}}</title>", 2, "can only stand in text"),
    ("<p>{{asset app.css}}", 2, "is an address"),
    ('<a href="/x{{asset app.css}}">', 2, "is an address"),
    ("{{t word a b c}}", 2, "two values at most"),
    ('<p class="a', 2, "the template ends in the value of an attribute"),
    ("<textarea>{{a}}", 2, "the template ends in a title or textarea"),
]


class Folder:
    def __enter__(self):
        self.kept = tempfile.TemporaryDirectory(prefix="helpline-compiler-")
        self.path = pathlib.Path(self.kept.name)
        return self

    def __exit__(self, *_):
        self.kept.cleanup()

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, *arguments):
        return subprocess.run([COMPILER, *map(str, arguments)], capture_output=True, text=True, cwd=self.path, timeout=20)


def test_what_no_escaping_makes_safe_is_refused_with_its_line():
    with Folder() as folder:
        for text, line, said in REFUSED:
            folder.write("page.html", FIRST + text)
            made = folder.run("template", "page.html", "page.c")
            assert made.returncode == 1, f"{text!r} compiles: {made.stderr}"
            assert made.stderr.startswith(f"page.html:{line}: error: ") and said in made.stderr, f"{text!r}: {made.stderr}"
            assert not (folder.path / "page.c").exists(), f"{text!r}: something half made is left"


def test_the_first_line_must_name_a_view():
    with Folder() as folder:
        for text in ("", "<p>", "{{! nothing }}", "{{! view: }}", "{{! view: a.h b c }}"):
            folder.write("page.html", text)
            made = folder.run("template", "page.html", "page.c")
            assert made.returncode == 1 and "page.html:1: error: the first line says which struct" in made.stderr, made.stderr


# A value in every place where one may stand. The parser below must find it there, and nothing else.
CONTEXTS = '''{{! view: view.h all_view }}
<p id="text">{{a}}</p>
<p id="double" title="{{a}}"></p><p id='single' title='{{a}}'></p><p id="within" class="x {{a}} y"></p>
<a id="address" href="{{a}}">.</a><a id="part" href="/x?q={{a}}&amp;b=1">.</a><form id="action" action="/f/{{a}}"></form>
<p id="hx" hx-get="/x/{{a}}" hx-target="#row-{{a}}"></p>
<textarea id="area">{{a}}</textarea><title>{{a}}</title><pre id="pre">
{{a}}</pre>
<input id="constant" maxlength="{{LONG_MOST}}"><p id="most">{{t viewing_too LONG_MOST}}</p>
<p id="word">{{t viewing_too a}}</p><p id="worded" title="{{t viewing_too a}}"></p>
<p id="named">{{t @a}}</p>
{{#each rows:row_count as row}}<p id="row{{row.number}}">{{row.a}}</p>{{#each row.names:row.name_count as name}}<b>{{name}}</b>{{/each}}{{else}}<i>none</i>{{/each}}
{{#if a}}<p {{#if none}}hidden{{/if}} id="if" class="{{#if a}}{{a}}{{else}}z{{/if}}"></p>{{/if}}
<p{{#if a}} id="tight"{{/if}}></p><input required{{#if none}} disabled{{/if}} id="input">
'''
VIEW = '''#pragma once
#include "console/page/html.h"
#define LONG_MOST 4000
struct row { const char *a; unsigned short number; const char *const *names; size_t name_count; };
struct all_view { const char *a; bool none; const struct row *rows; size_t row_count; };
'''
MAIN = r'''
#include <stdio.h>
#include "view.h"
void show_page(struct html *out, const struct all_view *view);
int main(int argc, char **argv)
{
    (void)argc;
    struct arena *arena = arena_create(65536);
    const struct html_style style = {.words = words_of(SPAN("en"))};
    struct html html;
    html_init(&html, arena, &style);
    const char *const names[] = {argv[1], argv[1]};
    const struct row rows[] = {{argv[1], 0, names, 2}, {argv[1], 1, names, 1}};
    const struct all_view view = {.a = argv[1], .rows = rows, .row_count = 2};
    show_page(&html, &view);
    fwrite(html_done(&html).at, 1, html_done(&html).len, stdout);
    arena_destroy(arena);
    return html_failed(&html);
}
'''


class Found(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.by_id, self.texts, self.open = [], {}, {}, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.open.append(dict(attributes).get("id", tag))
        self.by_id[dict(attributes).get("id", tag)] = dict(attributes)

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        where = self.open[-1] if self.open else ""
        self.texts[where] = self.texts.get(where, "") + data


def compile_contexts(folder):
    page, view = folder.write("page.html", CONTEXTS), folder.write("view.h", VIEW)
    folder.write("main.c", MAIN)
    made = folder.run("template", page, "page.c")
    assert made.returncode == 0, made.stderr
    built = subprocess.run(
        ["gcc", "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-D_GNU_SOURCE", "-I.",
         *(f"-I{each}" for each in (ROOT / "include", ROOT / "gateway", BUILD / "generated")), "-include", view,
         "-Wno-missing-prototypes", *(os.environ.get("SANITIZE", "").split()), "-o", "show", "main.c", "page.c", BUILD / "libhelpline.a",
         "-lunistring", "-lcrypto", "-lsodium", "-ljansson"],
        capture_output=True, text=True, cwd=folder.path)
    return built


def test_a_value_stays_where_it_was_put():
    with Folder() as folder:
        built = compile_contexts(folder)
        assert built.returncode == 0, built.stderr[:3000]
        plain = Found(subprocess.run([folder.path / "show", "x"], capture_output=True, text=True).stdout)
        for value in [HOSTILE, HOSTILE.replace('"', "'"), "</textarea></title></script><b>", "javascript:alert(1)", "<!--", "&amp;&lt;"]:
            shown = subprocess.run([folder.path / "show", value], capture_output=True, text=True)
            assert shown.returncode == 0, shown.stderr
            found = Found(shown.stdout)
            assert found.tags == plain.tags, f"{value}: {found.tags}"
            assert found.by_id.keys() == plain.by_id.keys()
            for place, attributes in found.by_id.items():
                assert attributes.keys() == plain.by_id[place].keys(), f"{value}: {place} has {attributes}"
            for place in ("text", "area", "title", "row0", "row1", "named"):
                assert found.texts[place] == value, f"{place}: {found.texts[place]!r}"
            assert found.texts["word"] == f"Also looking at this: {value}"
            assert found.by_id["worded"]["title"] == f"Also looking at this: {value}"
            assert found.by_id["constant"]["maxlength"] == "4000" and found.texts["most"] == "Also looking at this: 4000"
            for place in ("double", "single"):
                assert found.by_id[place]["title"] == value
            assert found.by_id["within"]["class"] == f"x {value} y" and found.by_id["if"]["class"] == value
            assert found.by_id["address"]["href"] == "#", found.by_id["address"]
            assert found.by_id["part"]["href"].startswith("/x?q=") and found.by_id["part"]["href"].endswith("&b=1")
            for address in (found.by_id["part"]["href"], found.by_id["action"]["action"], found.by_id["hx"]["hx-get"]):
                assert not set(address) & set("<>\"' \\"), address


def test_every_byte_in_every_place():
    with Folder() as folder:
        built = compile_contexts(folder)
        assert built.returncode == 0, built.stderr[:3000]
        plain = Found(subprocess.run([folder.path / "show", "x"], capture_output=True, text=True).stdout)
        for byte in range(1, 256):
            shown = subprocess.run([folder.path / "show", bytes([byte]) * 2], capture_output=True)
            found = Found(shown.stdout.decode("utf-8", "replace"))
            assert found.tags == plain.tags and found.by_id.keys() == plain.by_id.keys(), f"byte {byte}"


def test_a_missing_field_word_or_asset_is_an_error_in_the_templates_line():
    cases = [("{{! view: view.h all_view }}\n\n\n<p>{{b}}</p>", 4, "no member named"),
             ("{{! view: view.h all_view }}\n<p>\n{{#each rows:row_count as row}}\n{{row.c}}{{/each}}", 4, "no member named"),
             ("{{! view: view.h all_view }}\n{{t no_such_word}}", 2, "WORD_NO_SUCH_WORD"),
             ('{{! view: view.h all_view }}\n<a href="{{asset nothing.css}}">x</a>', 2, "ASSET_NOTHING_CSS"),
             ("{{! view: view.h all_view }}\n\n{{rows}}", 3, "_Generic"),
             ('{{! view: view.h all_view }}\n<input maxlength="{{NO_SUCH_MOST}}">', 2, "NO_SUCH_MOST"),
             ("{{! view: view.h other_view }}\n\n{{a}}", 3, "undefined type"),
             ("{{! view: nowhere.h all_view }}\n", 1, "nowhere.h")]
    for text, line, said in cases:
        with Folder() as folder:
            folder.write("view.h", VIEW)
            folder.write("page.html", text)
            made = folder.run("template", "page.html", "page.c")
            assert made.returncode == 0, made.stderr
            built = subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", "-I.", "-I", ROOT / "include", "-I",
                                    ROOT / "gateway", "-I", BUILD / "generated", "page.c"],
                                   capture_output=True, text=True, cwd=folder.path)
            assert built.returncode != 0 and f"page.html:{line}:" in built.stderr and said in built.stderr, f"{text!r}: {built.stderr[:600]}"


LANGUAGE = '''language_name = "X"; language_plural = "one_other"; language_date = "{day}";
language_digits = ["0","1","2","3","4","5","6","7","8","9"];
language_months = ["1","2","3","4","5","6","7","8","9","10","11","12"];
'''


def test_words_that_do_not_hold_are_refused():
    cases = [  # of the first language, of the second, which is at fault, its line, why
        ('a = "x"', "", "en", 1, "`;` is missing"),
        ('\na = "x;\n', "", "en", 2, "the quote that ends the text"),
        ('a = "x";\na = "y";', "", "en", 2, "is also said in"),
        ('A = "x";', "", "en", 1, "the name of a word"),
        ('a = "{3}";', "", "en", 1, "`{` begins"),
        ('a = ["x", "y", "z"];', "", "en", 1, "has 3 forms"),
        ('a = "x\\q";', "", "en", 1, "`\\q`"),
        ('a = "{1}";', '\na = "x";', "bn", 2, "other values"),
        ('a = "x";', 'a = "{n}";', "bn", 1, "other values"),
        ('a = ["{n} x", "{n} y"];', 'a = "{n}";', "bn", 1, "needs a form for each count"),
        ('a = "x";', 'b = "x";', "bn", 1, "b is no word of"),
    ]
    for first, second, at_fault, line, said in cases:
        with Folder() as folder:
            for language, text in (("en", first), ("bn", second)):
                folder.write(f"{language}/language.conf", LANGUAGE)
                folder.write(f"{language}/a.conf", text)
            made = folder.run("words", "words.h", "words.c", "en", "bn")
            assert made.returncode == 1 and made.stderr.startswith(f"{at_fault}/a.conf:{line}: error: ") and said in made.stderr, \
                f"{first!r} {second!r}: {made.stderr}"


def test_what_is_the_same_keeps_its_time():
    """A compiler that writes what is there already makes nobody build again."""
    with Folder() as folder:
        folder.write("page.html", FIRST + "<p>")
        assert folder.run("template", "page.html", "page.c").returncode == 0
        os.utime(folder.path / "page.c", (1, 1))
        assert folder.run("template", "page.html", "page.c").returncode == 0
        assert (folder.path / "page.c").stat().st_mtime == 1


harness.main()
