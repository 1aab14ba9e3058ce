#!/bin/bash
# format.sh [--check] FILE...: clang-format 14 reads C as C++, where `operator` is no name and what stands behind it goes astray.
# While it looks, the word is another one of the same length.
check=
if [ "$1" = --check ]; then check=1; shift; fi

tidied() { sed 's/\<operator\>/operat0r/g' "$1" | clang-format-14 --assume-filename="$1" | sed 's/\<operat0r\>/operator/g'; }

failed=0
mapfile -t astray < <(grep -lw operator "$@")
mapfile -t plain < <(grep -Lw operator "$@")
if [ ${#plain[@]} -gt 0 ]; then
    if [ $check ]; then clang-format-14 --dry-run --Werror "${plain[@]}" || failed=1; else clang-format-14 -i "${plain[@]}"; fi
fi
for file in "${astray[@]}"; do
    if [ $check ]; then
        tidied "$file" | diff -u --label "$file" --label "$file, formatted" "$file" - || failed=1
    elif text=$(tidied "$file") && [ "$text" != "$(<"$file")" ]; then
        printf '%s\n' "$text" >"$file"
    fi
done
exit $failed
