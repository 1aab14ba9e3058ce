#!/bin/sh
# What others wrote and browsers are given is what its authors published, byte for byte, with its licence beside it.
cd "$(dirname "$0")/../../gateway/console/assets/vendor" || exit 1
failed=0
for file in *; do
    [ "$file" = SHA256SUMS ] && continue
    if ! grep -q "  $file\$" SHA256SUMS; then
        echo "not ok $file: SHA256SUMS does not name it"
        failed=1
    elif grep "  $file\$" SHA256SUMS | sha256sum --check --status; then
        echo "ok $file"
    else
        echo "not ok $file: it is not what SHA256SUMS says"
        failed=1
    fi
done
[ -s LICENSE ] || { echo "not ok LICENSE: there is none" && failed=1; }
exit $failed
