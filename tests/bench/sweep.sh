#!/bin/bash
# sweep.sh - how many trials a second a sweep runs, beside posix_spawn(3) of the same program, the same in namespaces of its own,
# and a shell loop over unshare(1) and strace(1), in one run. Rounds alternate; of each the median counts. Prints a table, and
# which promised limits were missed.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo libshmoo-inject.so tests/bench/spawn tests/bench/step tests/bench/pair
needs_installed strace
ROUNDS=${ROUNDS:-5}
SHMOO=$BUILD/shmoo
SPAWN=$BUILD/tests/bench/spawn
STEP=$BUILD/tests/bench/step
TRIALS=83 # for each round of step
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missed=0

now() { date +%s%N; }

median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

calc() { awk "BEGIN { printf \"$1\\n\", $2 }"; }

# limit WHAT VALUE LOW|HIGH LIMIT
limit() {
    if [ "$3" = least ]; then calc %d "($2 >= $4)"; else calc %d "($2 <= $4)"; fi | grep -q 1 && return
    echo "MISSED $1: $2, at $3 $4"
    missed=1
}

# sweep JOBS OPTION... -- COMMAND: prints nanoseconds. Findings would be seconds of other work.
sweep() {
    local start jobs=$1
    shift
    start=$(now)
    "$SHMOO" sweep -j "$jobs" --json --depth all --only once,on "$@" >"$work/result"
    echo $(($(now) - start))
}

# What comes before the first trial, and is not counted as one: clean runs and the plan.
trials_per_second() {
    local whole plan
    plan=$(sweep "$1" --list -- "$STEP" 6)
    whole=$(sweep "$1" -- "$STEP" 6)
    calc %.0f "1e9 * 6 * $TRIALS / ($whole - $plan)"
}

user=$([ "$(id -u)" = 0 ] || echo --user --map-current-user)
# What a trial is by hand: a world of its own, and one call made to fail in it.
by_hand() {
    local start count=20
    start=$(now)
    for ((number = 1; number <= count; number++)); do
        unshare ${user:---user --map-root-user} --ipc --mount --pid --fork --mount-proc sh -c \
            "mount -t tmpfs shm /dev/shm; exec strace -f -o /dev/null -e trace=eventfd2 -e inject=eventfd2:error=EMFILE:when=$number -- $STEP 6" \
            >/dev/null 2>&1 || :
    done
    calc %.0f "1e9 * $count / ($(now) - $start)"
}

for ((round = 0; round < ROUNDS; round++)); do
    for jobs in 1 2; do
        "$SPAWN" bare $jobs 300 "$STEP" 6 >>"$work/bare.$jobs"
        "$SPAWN" world $jobs 300 "$STEP" 6 >>"$work/world.$jobs"
        trials_per_second $jobs >>"$work/sweep.$jobs"
        calc %.2f "$(tail -n 1 "$work/sweep.$jobs") / $(tail -n 1 "$work/world.$jobs")" >>"$work/ratio.$jobs"
    done
    by_hand >>"$work/hand"
    calc %.1f "$(tail -n 1 "$work/sweep.1") / $(tail -n 1 "$work/hand")" >>"$work/ratio.hand"
done

echo "Runs a second (median of $ROUNDS)"
printf '%-40s %8s %8s\n' '' -j1 -j2
printf '%-40s %8s %8s\n' posix_spawn "$(median "$work/bare.1")" "$(median "$work/bare.2")"
printf '%-40s %8s %8s\n' 'the same in namespaces with mounts' "$(median "$work/world.1")" "$(median "$work/world.2")"
printf '%-40s %8s %8s\n' 'trials of shmoo sweep' "$(median "$work/sweep.1")" "$(median "$work/sweep.2")"
printf '%-40s %8s\n' 'shell loop over unshare and strace' "$(median "$work/hand")"
for jobs in 1 2; do
    limit "trials over namespaced runs, -j$jobs" "$(median "$work/ratio.$jobs")" least 0.7
done
limit 'trials over the shell loop, -j1' "$(median "$work/ratio.hand")" least 8

echo
for ((round = 0; round < 3; round++)); do
    calc %.2f "$(sweep 2 -- "$STEP" 12 5000) * 1000 / (12 * $TRIALS) / 1e9" >>"$work/busy"
    calc %.2f "1000 / $("$SPAWN" world 2 300 "$STEP" 12 5000)" >>"$work/least"
done
echo "1000 trials of a program that takes 5 ms, -j2: $(median "$work/busy") s (run in namespaces only: $(median "$work/least") s)"
limit '1000 trials of 5 ms' "$(median "$work/busy")" most 6

# peak ROUNDS: KiB
peak() { "$BUILD/tests/bench/pair" 1 "$SHMOO sweep --json --depth all --only once,on -- $STEP $1" | cut -f 4; }
few=$(peak 1) many=$(peak 12)
echo "Peak memory with $TRIALS trials: $few KiB, with $((12 * TRIALS)): $many KiB"
limit 'memory of many trials over that of few' "$(calc %.2f "$many / $few")" most 1.05
exit $missed
