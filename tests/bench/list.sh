#!/bin/bash
# list.sh - what `shmoo list` costs beside lsof, fuser, lsfd, lsipc and reading every maps file, in one run: real processes
# and objects in private namespaces, medians of alternating runs. Prints tables, and which promised ratios were missed.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo tests/bench/load tests/bench/pair
needs_installed lsof fuser lsfd lsipc
. "$(dirname "$0")/world.bash"
ROUNDS=${ROUNDS:-7}
missed=0

# Ends what load() started.
unload() {
    exec 3>&-
    wait $load_pid || true
    ipcrm --all=shm --all=sem --all=msg
    rm -rf /dev/shm/* /dev/mqueue/*
}

# limit NAME VALUE LIMIT
limit() {
    if awk -v v="$2" -v l="$3" 'BEGIN { exit !(v > l) }'; then
        echo "MISSED $1: $2, limit $3"
        missed=1
    fi
}

# against "OURS" LIMIT "PEER" [LIMIT "PEER"]...: a table with the ratio ours/peer; LIMIT - is for information only.
against() {
    local ours=$1 limits=() peers=() line=0 median low high peak command ratio first=
    shift
    while [ $# -gt 0 ]; do
        limits+=("$1")
        peers+=("$2")
        shift 2
    done
    printf '%10s %10s %10s %9s %8s  %s\n' 'median ms' lowest highest 'peak MiB' ratio command
    while IFS=$'\t' read -r median low high peak command; do
        first=${first:-$median}
        ratio=$(awk -v a="$first" -v b="$median" 'BEGIN { printf "%.3f", a / b }')
        printf '%10s %10s %10s %9s %8s  %s\n' "$median" "$low" "$high" $((peak / 1024)) "$ratio" "$command"
        if [ $line -eq 0 ]; then
            [ "$ours" != "$list_json" ] || limit "peak memory of '$command' in MiB" $((peak / 1024)) 40
        elif [ "${limits[line - 1]}" != - ]; then
            limit "'$ours' / '$command'" "$ratio" "${limits[line - 1]}"
        fi
        line=$((line + 1))
    done < <("$BUILD/tests/bench/pair" "$ROUNDS" "$ours" "${peers[@]}")
    measured=$first
}

PATH=$BUILD:$PATH
list_json='exec shmoo list --json'

echo "1000 processes with 120 mappings each, 3000 objects"
load 1000 3000
against "$list_json" 0.5 'exec cat /proc/[0-9]*/maps' 0.0834 'exec lsof /dev/shm/*' - 'exec lsof -w -n -P' \
    - 'exec fuser -v /dev/shm/*' - 'exec lsfd'
echo
against 'exec shmoo list sysv-shm -o id,size' 1 'exec lsipc -m'
unload

echo
echo "Growth of '$list_json' with the number of processes (3000 objects)"
for processes in 200 1000 4000; do
    load $processes 3000
    against "$list_json" - 'exec true' >/dev/null
    unload
    awk -v p="$processes" -v m="$measured" 'BEGIN { printf "%6d processes %10.2f ms %8.1f us each\n", p, m, m * 1000 / p }'
done
exit $missed
