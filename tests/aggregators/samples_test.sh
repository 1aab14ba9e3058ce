#!/usr/bin/env bash
# Every sample request of every profile: read as NAME.json says, answered as NAME.reply and NAME.end say, byte for byte.
#
# tests/aggregators/PROFILE/NAME.http is a raw request to the channel of that name in tests/aggregators/helpline.conf;
# NAME.args holds further options of `helpline probe` (--previous=TEXT, --at=MS). `samples_test.sh --update [PROFILE]` writes
# what the program says now: read the difference before committing it.
# Under ASan it is the program around them that is looked at, with one sample a profile: unit/samples_test reads and answers all.
# timeout: 480
set -u
cd "$(dirname "$0")/../.." || exit 2
helpline=${HELPLINE:-build/helpline}
said=$(mktemp)
trap 'rm -f "$said"' EXIT
screen=$'InfoLine <free> & "private"\n1 Find services\n2 Ask us to call you'

probe() { # SAMPLE [OPTION...]
    local sample=$1 profile
    shift
    profile=${sample%/*} profile=${profile##*/}
    "$helpline" probe --config tests/aggregators/helpline.conf --channel "$profile" "$@" <"$sample"
}

produce() { # SAMPLE KIND
    case $2 in
    json) probe "$1" "${options[@]}" ;;
    reply) probe "$1" "${options[@]}" --reply "$screen" ;;
    end) probe "$1" "${options[@]}" --reply "$screen" --end ;;
    esac
}

seen=
for sample in tests/aggregators/${2:-*}/*.http; do
    case ${BUILD:-} in *asan*) [ "${sample%/*}" != "$seen" ] || continue ;; esac
    seen=${sample%/*}
    stem=${sample%.http} name=${sample#tests/aggregators/}
    options=()
    [ -e "$stem.args" ] && mapfile -t options <"$stem.args"
    for kind in json reply end; do
        if [ "${1:-}" = --update ]; then
            produce "$sample" $kind >"$stem.$kind"
            continue
        fi
        produce "$sample" $kind >"$said" 2>&1
        if cmp -s "$said" "$stem.$kind"; then
            echo "ok ${name%.http} $kind"
        else
            echo "not ok ${name%.http} $kind: $(diff "$stem.$kind" "$said" 2>&1 | head -n 4 | tr '\n' ' ')"
        fi
    done
done
