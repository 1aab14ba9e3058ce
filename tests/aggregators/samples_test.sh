#!/usr/bin/env bash
# Every sample request of every profile: read as NAME.json says, answered as NAME.reply and NAME.end say, byte for byte.
#
# tests/aggregators/CHANNEL/NAME.http is a raw request to the channel of that name in tests/aggregators/helpline.conf;
# NAME.args holds further options of `helpline probe` (--previous=TEXT, --at=MS). `samples_test.sh --update` writes what the program
# says now: read the difference before committing it. `samples_test.sh --update CHANNEL` does it for one of them.
# timeout: 240
set -u
cd "$(dirname "$0")/../.." || exit 2
helpline=${HELPLINE:-build/helpline}
screen=$'InfoLine <free> & "private"\n1 Find services\n2 Ask us to call you'
todo=${1:---compare} only=${2:-} config=${3:-}

# What helpline.conf says of one channel: to read all of them 3000 times would take minutes.
config_of() { # CHANNEL
    awk -v start="    $1 = {" '/^listen/ || /^channels/ { print } $0 == start { on = 1 } on { print } $0 == "    };" { on = 0 }
        END { print "};" }' tests/aggregators/helpline.conf
}

all_at_once() {
    local folder
    work=$(mktemp -d) || exit 2
    trap 'rm -rf "$work"' EXIT
    for folder in tests/aggregators/*/; do
        folder=$(basename "$folder")
        [ -z "$only" ] || [ "$only" = "$folder" ] || continue
        config_of "$folder" >"$work/$folder"
        echo "$folder"
    done >"$work/.all"
    xargs -P "$(nproc)" -I CHANNEL "$0" "$todo" CHANNEL "$work/CHANNEL" <"$work/.all"
}

produce() { # SAMPLE KIND
    local asked=()
    [ "$2" = json ] || asked=(--reply "$screen")
    [ "$2" != end ] || asked+=(--end)
    "$helpline" probe --config "$config" --channel "$only" "${options[@]}" "${asked[@]}" <"$1" 2>&1
}

[ -n "$config" ] || { all_at_once; exit; }
for sample in tests/aggregators/"$only"/*.http; do
    stem=${sample%.http} name=${sample#tests/aggregators/}
    options=()
    [ -e "$stem.args" ] && mapfile -t options <"$stem.args"
    for kind in json reply end; do
        if [ "$todo" = --update ]; then
            produce "$sample" $kind >"$stem.$kind"
        elif said=$(produce "$sample" $kind | diff "$stem.$kind" - 2>&1); then
            echo "ok ${name%.http} $kind"
        else
            echo "not ok ${name%.http} $kind: $(echo "$said" | head -n 4 | tr '\n' ' ')"
        fi
    done
done
