# sweep_shards.sh - the recipes that spread a sweep: what they merge equals the sweep that was not split. See ../lib.sh.
# not with sanitizers: thousands of runs of shmoo inside shmoo; the parts are in sweep.sh and report.sh
. "$TESTS/slurm.sh"
recipes=/tmp/shmoo/contrib/sweep
program=$BUILT/tests/targets/ring

# All that does not depend on the clock and the name of the file. A stack is taken for one trial of each finding, which
# is one in each shard.
essence() {
    jq -S '[.findings[].id] as $ids | del(.clean.duration, .results[].duration, .findings[].replay) |
        .results |= map(if .trial | IN($ids[]) then . else del(.stack) end)' "$1"
}

sweep_whole() {
    run shmoo sweep -o whole.json -- "$program" "{}"
    check_status 1
}

same_as_whole() { diff <(essence whole.json) <(essence "$1") || fail "not what the whole sweep gave"; }

test_gnu_parallel() {
    need parallel
    sweep_whole
    export HOME=$PWD
    run env SHMOO="$SHMOO" "$recipes/parallel.sh" 3 merged.json : "$program" "{}"
    check_status 1
    same_as_whole merged.json
    check_equal "what is left of the shards" "" "$(find . -name '*.part*')"
    check_contains "report" "shmoo replay merged.json:" "$output"
    run env SHMOO="$SHMOO" "$recipes/parallel.sh" 2 none.json : /nowhere/program
    [ "$status" -ne 0 ] && [ ! -e none.json ]
}

test_slurm_array() {
    need slurmctld slurmd sbatch munged mungekey ip
    need_root # for the daemons, and a second address of the loopback
    sweep_whole
    start_slurm
    export SHMOO
    run timeout 150 sbatch --wait --array=1-3 "$recipes/slurm.sh" sweep.json "$program" "{}"
    [ "$status" -eq 0 ] || fail "sbatch: $output $errors $(cat shmoo-sweep-*.log)"
    run shmoo report -o merged.json sweep.json.*.part
    check_status 1
    same_as_whole merged.json
    check_equal "files of the shards" "sweep.json.1.part sweep.json.2.part sweep.json.3.part" "$(echo sweep.json.*.part)"
    run timeout 150 sbatch --wait --array=1-2 "$recipes/slurm.sh" none.json /nowhere/program
    [ "$status" -ne 0 ] || fail "shards that could not be swept count as done"
    stop_slurm
}

# The words that the job gives to its container, run as the container would.
test_kubernetes_job() {
    need python3
    sweep_whole
    python3 - "$recipes/kubernetes.yaml" >script <<'PYTHON'
import re, sys
text = open(sys.argv[1]).read()
print(re.sub("(?m)^ {14}", "", re.search(r"- \|\n((?: {14}.*\n)+)", text).group(1)))
PYTHON
    ln -s "$SHMOO" shmoo
    local index
    for index in 0 1 2; do
        PATH=$PWD:$PATH JOB_COMPLETION_INDEX=$index SHARDS=3 sh -euc "$(cat script)" shard "$program" "{}" >/dev/null
    done
    run shmoo report -o merged.json sweep.json.*.part
    check_status 1
    same_as_whole merged.json
}
