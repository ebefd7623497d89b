#!/bin/sh
# parallel.sh SHARDS RESULT HOSTS CMD [ARG...] - sweeps CMD in so many shards by GNU parallel, and merges them.
#
#     contrib/sweep/parallel.sh 8 sweep.json : ./server --test               # this machine
#     contrib/sweep/parallel.sh 8 sweep.json alpha,beta,: ./server --test    # these hosts, by ssh, and this one
#
# RESULT names a file in this folder. Hosts need shmoo, CMD and a folder of this name below the home folder (see
# --workdir in parallel(1)); what they write there is fetched and removed. Exit status: that of shmoo report.
set -eu
[ $# -ge 4 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
shards=$1 result=$2 hosts=$3
shift 3
shmoo=${SHMOO:-shmoo}

# One shard at a time on each host: shmoo itself keeps all processors of one busy. Findings are for the end.
# "{}" may stand in CMD, so another word stands for the number of the shard.
seq "$shards" | parallel --will-cite --quote --halt soon,fail=1 --jobs 1 --sshlogin "$hosts" --workdir . \
    -I ,shard, --return "$result.,shard,.part" --cleanup \
    "$shmoo" sweep --fail-on none --shard ",shard,/$shards" -o "$result.,shard,.part" -- "$@" >/dev/null

set --
for shard in $(seq "$shards"); do set -- "$@" "$result.$shard.part"; done
status=0
"$shmoo" report -o "$result" "$@" || status=$?
[ "$status" -eq 2 ] || rm -f "$@"
exit "$status"
