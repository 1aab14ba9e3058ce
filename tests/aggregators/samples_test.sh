#!/usr/bin/env bash
# Every sample request of every profile: read as NAME.json says, answered as NAME.reply and NAME.end say, byte for byte.
#
# tests/aggregators/PROFILE/NAME.http is a raw request to the channel of that name in tests/aggregators/helpline.conf;
# NAME.args holds further options of `helpline probe` (--previous=TEXT, --at=MS). `samples_test.sh --update` writes what the program
# says now: read the difference before committing it.
# timeout: 600
set -u
cd "$(dirname "$0")/../.." || exit 2
helpline=${HELPLINE:-build/helpline}
screen=$'InfoLine <free> & "private"\n1 Find services\n2 Ask us to call you'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

one_channel() { # NAME: the configuration with that channel and no other, which is read in half the time
    awk -v name="$1" '/^channels = / { print; inside = 1; next } !inside || index($0, "    " name " = {") == 1 { keep = 1 }
        keep { print } /^    };/ { keep = 0 } END { print "};" }' tests/aggregators/helpline.conf >"$folder/$1"
}

probe() { # SAMPLE [OPTION...]
    local sample=$1 profile
    shift
    profile=${sample%/*} profile=${profile##*/}
    [ -e "$folder/$profile" ] || one_channel "$profile"
    "$helpline" probe --config "$folder/$profile" --channel "$profile" "$@" <"$sample"
}

produce() { # SAMPLE KIND
    case $2 in
    json) probe "$1" "${options[@]}" ;;
    reply) probe "$1" "${options[@]}" --reply "$screen" ;;
    end) probe "$1" "${options[@]}" --reply "$screen" --end ;;
    esac
}

for sample in tests/aggregators/*/*.http; do
    stem=${sample%.http} name=${sample#tests/aggregators/}
    options=()
    [ -e "$stem.args" ] && mapfile -t options <"$stem.args"
    for kind in json reply end; do
        if [ "${1:-}" = --update ]; then
            produce "$sample" $kind >"$stem.$kind"
        elif said=$(produce "$sample" $kind 2>&1 | diff "$stem.$kind" - 2>&1); then
            echo "ok ${name%.http} $kind"
        else
            echo "not ok ${name%.http} $kind: $(echo "$said" | head -n 4 | tr '\n' ' ')"
        fi
    done
done
