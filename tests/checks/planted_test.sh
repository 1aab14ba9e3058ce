#!/bin/bash
# The checks see what they are for: each is given a small house with one fault in it and must turn red, and a sound one.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

house() { # a sound one: two floors, a header and its source on each
    rm -rf "$work/house"
    mkdir -p "$work"/house/{include,gateway}/{base,core} "$work"/house/{menus,conf,tests}
    cd "$work/house" || exit 1
    for folder in . gateway include menus conf conf/aggregators tests; do
        mkdir -p $folder && echo 'What lives here.' >$folder/README.md
    done
    mkdir -p menus/lines/{flow,text,lists} menus/upon && echo 'A service.' | tee menus/lines/README.md >menus/upon/README.md
    echo 'facts = { police = "9119"; country = "Atlantis"; }; calendar = { week = ( { from = "09:00"; to = "17:00"; } ); };' \
        >menus/lines/service.conf
    echo 'main = { title = "Call {fact.police}"; };' >menus/lines/text/en.conf
    echo 'items = ( { id = "mu"; name = { en = "Lemuria"; de = "Lemurien"; }; } );' >menus/lines/lists/countries.conf
    echo 'base = "lines";' >menus/upon/service.conf
    echo '`clock.c`' >gateway/base/README.md
    echo '`loop*`' >gateway/core/README.md
    printf '#pragma once\n#include <stddef.h>\nsize_t clock_ticks(void);\n' >include/base/clock.h
    printf '#include "base/clock.h"\nsize_t clock_ticks(void)\n{\n    return 1;\n}\n' >gateway/base/clock.c
    printf '#pragma once\n#include "base/clock.h"\nsize_t loop_ticks(void);\n' >include/core/loop.h
    printf '#include "core/loop.h"\nsize_t loop_ticks(void)\n{\n    return 1; /* time() */\n}\n' >gateway/core/loop.c
}
check() {
    case $1 in *.py) python3 "$here/$1" "$work/house" ;; *) bash "$here/$1" "$work/house" ;; esac >"$work/said" 2>&1
}
green() {
    house
    if check "$1"; then echo "ok $1 lets a sound house pass"; else
        echo "not ok $1: red without a fault"; cat "$work/said"; failed=1
    fi
}
red() { # CHECK WHAT_IS_PLANTED FILE TEXT
    house
    mkdir -p "$(dirname "$3")"
    printf '%b' "$4" >>"$3"
    if check "$1" || ! grep -q '^not ok' "$work/said"; then
        echo "not ok $1: does not see $2"; failed=1
    else echo "ok $1 sees $2"; fi
}

for name in layers_test.py banned_test.py headers_test.sh paths_test.sh sizes_test.py neutral_test.py; do green $name; done
red layers_test.py 'an arrow upwards' gateway/base/clock.c '#include "core/loop.h"\n'
red layers_test.py 'an arrow to a room above' gateway/aggregator/access/door.c '#include "aggregator/reading/read.h"\n'
red layers_test.py 'a circle' include/base/clock.h '#include "base/ring.h"\n#include "base/clock.h"\n'
red layers_test.py 'an include without its floor' gateway/core/loop.c '#include "helper.h"\n'
red headers_test.sh 'a header that needs another' include/core/loop.h 'bool loop_done(void);\n'
red headers_test.sh 'a header without a guard' include/base/span.h 'struct span { int at; };\n'
red paths_test.sh 'a folder without a README' gateway/menu/engine.c ''
red paths_test.sh 'a file that is not there' menus/README.md '`gateway/core/gone.c`\n'
red paths_test.sh 'a source that its README forgot' gateway/core/unloop.c 'int x;\n'
red banned_test.py 'strcpy' gateway/core/loop.c 'void f(void) { strcpy(a, b); }\n'
red banned_test.py 'a clock outside base' gateway/core/loop.c 'long f(void) { return time(NULL); }\n'
red banned_test.py 'SQLite outside its folder' gateway/core/loop.c 'sqlite3_stmt *s;\n'
red banned_test.py 'libcurl outside http' gateway/core/loop.c 'void f(void) { curl_easy_init(); }\n'
red banned_test.py 'a note to oneself' menus/a.conf '# TODO\n'
red banned_test.py 'code that is switched off' gateway/core/loop.c '#if 0\n#endif\n'
red neutral_test.py 'a country in the program' gateway/core/loop.c 'static const char *home = "Atlantis";\n'
red neutral_test.py 'a number to ring in the program' gateway/core/loop.c 'static const char *help = "call 9119";\n'
red neutral_test.py 'a number to ring in a base' menus/lines/text/de.conf 'main = { title = "Rufen Sie 9119"; };\n'
red neutral_test.py 'a country of a list in a base' menus/lines/text/de.conf 'main = { title = "Aus Lemurien?"; };\n'
red neutral_test.py 'open hours in a base' menus/lines/flow/start.conf 'nodes = ( { note = "Mon-Fri 9-17"; } );\n'
red sizes_test.py 'a long function' gateway/core/loop.c "void f(void)\n{\n$(printf '\\n%.0s' {1..130})}\n"
exit $failed
