#!/bin/sh
# Every folder that is read by people has a README, and no README names a file of ours that is not there.
cd "$(dirname "$0")/../.." || exit 1
failed=0
for folder in . gateway gateway/*/ include menus menus/*/ conf conf/aggregators tests tests/*/; do
    [ -e "$folder/README.md" ] || [ "${folder%/}" = gateway/model ] || { failed=1; echo "not ok a README in ${folder%/}: there is none"; }
done
[ $failed = 1 ] || echo "ok a README in every folder"
missing=$(find . -name README.md -not -path './build/*' | while read -r readme; do
    grep -oE '`(gateway|include|menus|conf|tests|\.ci)/[A-Za-z0-9_./-]+\.[A-Za-z0-9]+`' "$readme" | tr -d '`' | grep -v -e NAME -e example |
        while read -r path; do [ -e "$path" ] || echo "$readme names $path"; done
done)
[ -z "$missing" ] && echo "ok every file that a README names is there" && exit $failed
echo "not ok every file that a README names is there: $(echo "$missing" | tr '\n' ';')"
exit 1
