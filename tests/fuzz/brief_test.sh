#!/bin/bash
# timeout: 240
# Each fuzz target over its kept corpus and then for some seconds more (FUZZ_SECONDS; `make soak`: for hours). What it finds is
# left in build/fuzz/found/; a fixed crash is kept by copying its input into tests/fuzz/corpus/NAME/.
cd "$(dirname "$0")/../.." || exit 1
seconds=${FUZZ_SECONDS:-10}
[ -z "${SOAK:-}" ] || seconds=$((${SOAK_MINUTES:-60} * 60 / $(ls tests/fuzz/*_fuzz.c | wc -l)))
failed=0
for source in tests/fuzz/*_fuzz.c; do
    name=$(basename "$source" _fuzz.c)
    program=build/fuzz/tests/fuzz/${name}_fuzz
    corpus=build/fuzz/corpus/$name found=build/fuzz/found/
    mkdir -p "$corpus" "$found" "tests/fuzz/corpus/$name"
    said=$("$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=8192 -close_fd_mask=3 \
        -print_final_stats=1 -artifact_prefix="$found$name-" "$corpus" "tests/fuzz/corpus/$name" 2>&1)
    if [ $? = 0 ]; then
        echo "ok $name survives $(sed -n 's/stat::number_of_executed_units: *//p' <<<"$said") inputs"
    else
        echo "not ok $name: $(grep -E 'ERROR|SUMMARY' <<<"$said" | head -n 1)"
        tail -n 40 <<<"$said"
        failed=1
    fi
done
exit $failed
