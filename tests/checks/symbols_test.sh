#!/bin/sh
# A name of the program's is defined once. The linker does not say so: of two in a static library it takes whichever file it
# opened first, and a module calls another's function of the same name.
library=${1:-${BUILD:-build}/libhelpline.a}
twice=$(nm --defined-only "$library" 2>/dev/null | awk '$2 ~ /^[TDBRC]$/ { if (seen[$3]++ == 1) print $3 }' | sort | tr '\n' ' ')
if [ ! -s "$library" ]; then
    echo "not ok each name of the program is defined once: there is no $library"
elif [ -n "$twice" ]; then
    echo "not ok each name of the program is defined once: $twice"
else
    echo "ok each name of the program is defined once"
    exit 0
fi
exit 1
