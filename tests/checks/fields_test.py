"""What a page is filled with stays a value: every field of every template is fed what would break out of it.

Of each template's view the struct is read from the header, a program is made that fills all of it, fields of fields and rows too,
once with harmless and once with hostile texts, the same choices in both; the two pages must be the same tags and attributes."""
# timeout: 240
import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import harness

BUILD = os.environ.get("BUILD", "build")
TEMPLATES = pathlib.Path("gateway/console/templates")
FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-Igateway", f"-I{BUILD}/generated"]
LIBS = re.search(r"^LIBS\s*:=\s*(.*)$", pathlib.Path("Makefile").read_text(), re.M).group(1).split()
SEEDS = 60
HOSTILE = ['"><img src=x onerror=1>', "'><svg/onload=1>", "javascript:alert(1)//\"", "</pre></title><script>1</script>",
           "&#34;><b onclick=1>", "//evil.example/\\\"><base href=x>", "/path\"><img src=x>'&quot;"]  # the last is one that may begin an address
VOID = {"meta", "link", "input", "br", "hr", "img"}
WHOLE = re.compile(r"<!doctype html>", re.I)


def views():
    """(template, header, struct) of each."""
    for path in sorted(TEMPLATES.glob("*.html")):
        found = re.match(r"\{\{!\s*view:\s*(\S+)(?:\s+(\w+))?\s*\}\}", path.read_text())
        assert found, f"{path}: no view"
        yield path.stem, found.group(1), found.group(2) or path.stem + "_view"


def counted():
    """Names of members that say how many rows there are."""
    return {name.split(".")[-1] for path in TEMPLATES.glob("*.html")
            for name in re.findall(r"\{\{#each\s+[\w.>-]+:([\w.>-]+)", path.read_text().replace("->", "."))}


def structs_of(text):
    """The members of each struct and the constants of each enum in preprocessed C: {name: [(type, name, suffix)]}, {name: count}."""
    structs, enums = {}, {}
    for found in re.finditer(r"\benum\s+(\w+)\s*\{([^}]*)\}", text):
        enums[found.group(1)] = len([part for part in found.group(2).split(",") if part.strip()])
    for found in re.finditer(r"\bstruct\s+(\w+)\s*\{", text):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        structs[found.group(1)] = list(members_of(text[found.end():end - 1]))
    return structs, enums


def members_of(body):
    body = re.sub(r"\{[^{}]*\}", "", body)
    for declaration in (part.strip() for part in body.split(";")):
        found = re.match(r"((?:const\s+)?(?:struct\s+\w+|enum\s+\w+|(?:unsigned|signed|long|short|int|char|_Bool|\w+)"
                         r"(?:\s+(?:long|int|char|short))*))\s*(?=[\s*])(.*)$", declaration, re.S)
        if not found:
            continue
        for item in found.group(2).split(","):
            part = re.match(r"\s*((?:\*|const|\s)*)(\w+)\s*(\[[^\]]*\])?\s*$", item)
            if part:
                yield found.group(1) + " " + "*" * part.group(1).count("*"), part.group(2), part.group(3) or ""


def fill_member(struct, kind, name, suffix, known, counts, marks):
    kind = " ".join(kind.replace("*", " * ").split())
    plain = re.sub(r"^const ", "", kind)
    at = f"v->{name}"
    if plain == "char *" or plain == "struct span":
        marks.append(f"{struct}.{name}")
        word = f'text({len(marks) - 1})'
        return f"{at} = {word};" if plain == "struct span" else f"{at} = {word}.at;"
    if plain == "char" and suffix:
        return f'snprintf({at}, sizeof {at}, "%s", hostile ? "\\"><i>" : "1234567");'
    if plain == "struct span *":
        marks.append(f"{struct}.{name}")
        return f"{{ struct span *rows = calloc(2, sizeof *rows); rows[0] = rows[1] = text({len(marks) - 1}); {at} = rows; }}"
    inner = re.match(r"struct (\w+)( \*)?$", plain)
    if inner and inner.group(1) in known:
        fill = f"fill_{inner.group(1)}"
        if not inner.group(2) and suffix:
            return f"for (size_t i = 0; i < sizeof {at} / sizeof *{at}; i++) {fill}(&{at}[i], depth + 1);"
        if not inner.group(2):
            return f"{fill}(&{at}, depth + 1);"
        return (f"if (depth < 6) {{ struct {inner.group(1)} *rows = calloc(2, sizeof *rows);"
                f" {fill}(&rows[0], depth + 1); {fill}(&rows[1], depth + 1); {at} = rows; }}")
    if "*" in plain or suffix or inner:
        return f"/* {kind} {name} */"
    if name in counts:
        return f"{at} = some(4) || seed < 2 ? 2 : 0;"
    if plain in ("_Bool", "bool"):
        return f"{at} = seed == 0 ? 1 : seed == 1 ? 0 : some(2);"
    if plain.startswith("enum "):
        return f"{at} = (__typeof__({at}))some({max(1, known.get(plain, 1))});"
    return f"{at} = (__typeof__({at}))(seed == 0 || some(4) ? 7 : 0);"


PROLOGUE = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console/templates.h"
static unsigned seed, turn;
static int hostile;
static const char *hostile_texts[] = { %s };
static unsigned some(unsigned of) { turn = turn * 1664525u + 1013904223u; return (turn >> 12) %% of; }
static struct span text(unsigned mark)
{
    int is_absent = seed > 1 && some(5) == 0;
    char *made = malloc(128);
    const char *what = hostile_texts[(seed + mark) %% (sizeof hostile_texts / sizeof *hostile_texts)];
    int bytes = snprintf(made, 128, "%%smark%%uz", hostile ? what : "", mark);
    return is_absent ? SPAN("") : (struct span){made, (size_t)bytes};
}
"""

EPILOGUE = """
static void show(const char *name, void (*page)(struct html *))
{
    for (seed = 0; seed < %d; seed++)
        for (hostile = 0; hostile < 2; hostile++) {
            struct arena *arena = arena_create(1 << 16);
            struct html html = {.style = {.words = words_of(SPAN("en")), .zone_minutes = 360, .now = 1000}};
            buffer_init(&html.text, arena, HTML_BYTES);
            turn = seed;
            page(&html);
            struct span done = html_done(&html);
            printf("%%s %%u %%d %%zu\\n", name, seed, hostile, done.len);
            fwrite(done.at, 1, done.len, stdout);
            putchar('\\n');
            arena_destroy(arena);
        }
}
"""


def program(folder):
    """The C text, what each mark in its texts stands for, and the members of each struct."""
    all_views = list(views())
    headers = sorted({header for _, header, _ in all_views})
    includes = "".join(f'#include "{header}"\n' for header in headers)
    made = subprocess.run(["gcc", *FLAGS, "-E", "-P", "-x", "c", "-"], input=includes, text=True, capture_output=True, check=True)
    structs, enums = structs_of(made.stdout)
    known = dict.fromkeys(structs, 0) | {f"enum {name}": count for name, count in enums.items()}
    needed, todo = [], [struct for _, _, struct in all_views]
    while todo:
        struct = todo.pop()
        if struct in needed or struct not in structs or struct == "span":
            continue
        needed.append(struct)
        todo += [found for kind, _, _ in structs[struct] for found in re.findall(r"struct (\w+)", kind)]
    marks, counts, code = [], counted(), includes + PROLOGUE % ", ".join(c_string(text) for text in HOSTILE)
    code += "".join(f"static void fill_{struct}(struct {struct} *v, int depth);\n" for struct in needed)
    for struct in needed:
        lines = [fill_member(struct, kind, name, suffix, known, counts, marks) for kind, name, suffix in structs[struct]]
        code += f"static void fill_{struct}(struct {struct} *v, int depth)\n{{\n(void)depth; (void)v;\n" + "\n".join(lines) + "\n}\n"
    for stem, _, struct in all_views:
        code += (f"static void page_of_{stem}(struct html *html) {{ struct {struct} *v = calloc(1, sizeof *v);"
                 f" fill_{struct}(v, 0); show_{stem}(html, v); }}\n")
    code += EPILOGUE % SEEDS
    code += "int main(void)\n{\n" + "".join(f'show("{stem}", page_of_{stem});\n' for stem, _, _ in all_views) + "return 0;\n}\n"
    path = pathlib.Path(folder, "fields.c")
    path.write_text(code)
    return path, marks, structs


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pages():
    """{template: {seed: (harmless page, hostile page)}}, the marks, and the structs."""
    with tempfile.TemporaryDirectory() as folder:
        path, marks, structs = program(folder)
        binary = str(path.with_suffix(""))
        subprocess.run(["gcc", *FLAGS, *os.environ.get("SAN", "").split(), "-w", "-o", binary, str(path), f"{BUILD}/libhelpline.a", *LIBS],
                       check=True)
        out = subprocess.run([binary], capture_output=True, check=True).stdout
    found = {}
    while out:
        head, out = out.split(b"\n", 1)
        name, seed, hostile, size = head.decode().split()
        page, out = out[:int(size)].decode(), out[int(size) + 1:]
        found.setdefault(name, {}).setdefault(int(seed), ["", ""])[int(hostile)] = page
    return found, marks, structs


def member_at(structs, struct, path):
    """(struct, member, type) at the end of a path such as list.back, or None."""
    for at, name in enumerate(parts := path.replace("->", ".").split(".")):
        kind = next((kind for kind, member, _ in structs.get(struct, []) if member == name), None)
        if kind is None:
            return None
        if at == len(parts) - 1:
            return struct, name, kind
        inner = re.search(r"struct (\w+)", kind)
        struct = inner.group(1) if inner else None
    return None


def shown_by(text, struct, structs):
    """struct.member of everything that a template of this view shows; where a template names what is not there is the compiler's matter."""
    scopes = [(None, struct)]

    def find(path):
        first, _, rest = path.replace("->", ".").partition(".")
        for name, of in reversed(scopes):
            if name == first:
                return member_at(structs, of, rest) if rest else None
        return member_at(structs, struct, path)

    for directive in re.findall(r"\{\{(.*?)\}\}", text, re.S):
        words = directive.split()
        if each := re.match(r"#each\s+([\w.>-]+?):[\w.>-]+\s+as\s+(\w+)", directive):
            found = find(each.group(1))
            assert found, f"{struct}: {directive}"
            inner = re.search(r"struct (\w+)", found[2])
            scopes.append((each.group(2), inner.group(1) if inner else None))
            if inner and inner.group(1) == "span":
                yield f"{found[0]}.{found[1]}"
        elif directive.startswith("/each"):
            scopes.pop()
        elif directive and directive[0] not in "#/!>" and words[0] != "else":
            named = words[2:] if words[0] == "t" and not words[1].startswith("@") else words[1:] if len(words) > 1 else words
            for path in named:
                if found := find(path.removeprefix("n=").lstrip("@")):
                    yield f"{found[0]}.{found[1]}"


ATTRIBUTE = re.compile(r"""\s+([a-zA-Z_:][\w:.-]*)(?:=(?:"([^"<>]*)"|'([^'<>]*)'))?""")
ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "hx-sse:connect"}


def check_text(text, where):
    for found in re.finditer(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+\d*);)", text):
        raise AssertionError(f"{where}: a bare & in {text[found.start():found.start() + 30]!r}")
    assert "<" not in text and ">" not in text, f"{where}: a bare < or > in {text[:60]!r}"


def read_tag(page, at, where):
    """(end, kind, name, {attribute: value}) of the tag that begins there; it has to be whole. Kind: "<", "/" or "</"."""
    found = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)").match(page, at)
    assert found, f"{where}: {page[at:at + 40]!r} is no tag"
    end, attributes = found.end(), {}
    while part := ATTRIBUTE.match(page, end):
        name, value = part.group(1).lower(), part.group(2) if part.group(2) is not None else part.group(3) or ""
        assert name not in attributes, f"{where}: {found.group(2)} has {name} twice"
        check_text(value, where)
        attributes[name] = html.unescape(value)
        end = part.end()
    close = re.compile(r"\s*(/?)>").match(page, end)
    assert close, f"{where}: <{found.group(2)} goes on with {page[end:end + 40]!r}"
    return close.end(), "/" if found.group(1) else "<" + close.group(1), found.group(2).lower(), attributes


def tags_of(page, where):
    at, tags = 0, []
    while at < len(page):
        start = page.find("<", at)
        check_text(page[at:start if start >= 0 else len(page)], where)
        if start < 0:
            break
        if WHOLE.match(page, start):
            at = page.index(">", start) + 1
            continue
        at, kind, name, attributes = read_tag(page, start, where)
        tags.append((kind, name, attributes))
    return tags


def check_addresses(tags, where):
    for _, name, attributes in tags:
        for attribute in ADDRESSES & attributes.keys():
            value = attributes[attribute]
            assert re.match(r"(/(?![/\\])|#|\?|tel:|$)", value), f"{where}: <{name} {attribute}={value[:40]!r}> leaves this site"
        assert not any(attribute.startswith("on") for attribute in attributes), f"{where}: <{name}> has a handler"


def check_nesting(tags, where):
    stack = []
    for kind, name, _ in tags:
        if name in VOID or kind == "</":
            continue
        if kind == "<":
            stack.append(name)
        else:
            assert stack and stack.pop() == name, f"{where}: </{name}> closes what is not open"
    assert not stack, f"{where}: {stack} stay open"


PAGES, MARKS, STRUCTS = pages()
SHAPE = {}


def test_no_field_breaks_out_of_its_place():
    """every field of every template stays where it was put: no new element, no attribute broken out"""
    assert len(PAGES) == len(list(TEMPLATES.glob("*.html"))) and len(PAGES) > 8, len(PAGES)
    for name, seeds in PAGES.items():
        for seed, (harmless, hostile) in seeds.items():
            where = f"{name} ({seed})"
            first, second = tags_of(harmless, where + " harmless"), tags_of(hostile, where)
            shape = [(kind, tag, tuple(attributes)) for kind, tag, attributes in first]
            other = [(kind, tag, tuple(attributes)) for kind, tag, attributes in second]
            assert shape == other, f"{where}: {next((pair for pair in zip(shape, other) if pair[0] != pair[1]), 'longer')}"
            check_addresses(second, where)


def test_every_element_is_closed():
    """what a template opens it closes, whichever way its conditions go"""
    for name, seeds in PAGES.items():
        if name in ("top", "bottom"):  # together they are the frame
            continue
        for seed, (harmless, _) in seeds.items():
            check_nesting(tags_of(harmless, name), f"{name} ({seed})")


def test_every_field_was_shown():
    """each text that a template names was seen in a page: none is left untried"""
    seen = {MARKS[int(mark)] for seeds in PAGES.values() for _, page in seeds.values() for mark in re.findall(r"mark(\d+)z", page)}
    named = {field for stem, _, struct in views() for field in shown_by((TEMPLATES / f"{stem}.html").read_text(), struct, STRUCTS)}
    assert not (named & set(MARKS)) - seen, f"never in a page: {sorted((named & set(MARKS)) - seen)}"
    assert not seen - named, f"in a page, and named by no template: {sorted(seen - named)}"


if __name__ == "__main__":
    harness.main()
