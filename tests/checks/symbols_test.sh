#!/bin/sh
# Each function has its name for itself. A library that holds two of one name links without a word, and calls whichever comes first.
cd "${1:-.}" || exit 1
library=${BUILD:-build}/libhelpline.a
[ -e "$library" ] || { echo "skip names: $library is not built" && exit 0; }
twice=$(nm --defined-only --extern-only "$library" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort | uniq -d)
if [ -n "$twice" ]; then
    echo "not ok names: defined twice: $(echo "$twice" | head -n 10 | tr '\n' ' ')"
    exit 1
fi
echo "ok names"
