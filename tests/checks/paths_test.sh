#!/bin/bash
# Every folder that is read by people has a README, no README names a file of ours that is not there, and every source of the
# program is named in the README of its folder: by its stem, or by a pattern like `changes_*.c`.
cd "${1:-$(dirname "$0")/../..}" || exit 1
shopt -s nullglob # a small house has no tests/*/
failed=0
say() { # say WHAT FINDINGS
    if [ -z "$2" ]; then echo "ok $1"; else failed=1; echo "not ok $1: ${2//$'\n'/; }"; fi
}

say "a README in every folder" "$(for folder in . gateway gateway/*/ include menus menus/*/ conf conf/aggregators tests tests/*/; do
    [ -e "$folder/README.md" ] || echo "${folder%/} has none"
done)"

say "every file that a README names is there" "$(find . -name README.md -not -path './build/*' | while read -r readme; do
    grep -oE '`(gateway|include|menus|conf|tests|\.ci)/[A-Za-z0-9_./-]+\.[A-Za-z0-9]+`' "$readme" | tr -d '`' | grep -v -e NAME -e example |
        while read -r path; do [ -e "$path" ] || echo "$readme names $path"; done
done)"

names() { # names README STEM: as a word of its own, or by a pattern
    grep -qE "(^|[^A-Za-z0-9_])$2($|[^A-Za-z0-9_])" "$1" && return
    grep -oE '[a-z0-9_]+\*' "$1" | tr -d '*' | while read -r begin; do
        case $2 in "$begin"*) echo found ;; esac
    done | grep -q found
}

say "every source is named in the README of its folder" "$(find gateway -name '*.c' | sort | while read -r source; do
    folder=${source%/*} name=${source##*/}
    [ -e "$folder/README.md" ] || folder=${folder%/*} # store/sqlite
    names "$folder/README.md" "${name%.c}" || echo "$folder/README.md has no word of $source"
done)"
exit $failed
