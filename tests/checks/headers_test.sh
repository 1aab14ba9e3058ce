#!/bin/sh
# Each header compiles alone (it includes what it needs) and twice (it is guarded).
root=${1:-.}
failed=0
for header in $(cd "$root" && find include gateway -name '*.h' 2>/dev/null | sort); do
    name=${header#*/}
    if said=$(printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
        gcc -std=c11 -D_GNU_SOURCE -I"$root/include" -I"$root/gateway" -I"$root/${BUILD:-build}/generated" -Wall -Wextra -Wstrict-prototypes -Werror \
            -fsyntax-only -x c - 2>&1); then
        echo "ok $header"
    else
        echo "not ok $header: does not compile alone, or not twice"
        echo "$said" | head -n 5
        failed=1
    fi
done
exit $failed
