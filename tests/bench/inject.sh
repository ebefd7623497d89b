#!/bin/bash
# inject.sh - what injection costs per call, beside strace and libfiu on the same loops, in one run. Prints a table and
# whether the limits hold. What the shim adds is the median of several processes' medians, see inject_loop.c.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo libshmoo-inject.so tests/bench/inject_loop tests/bench/bare
SHMOO=$BUILD/shmoo
LOOP=$BUILD/tests/bench/inject_loop
ROUNDS=${ROUNDS:-9}
failed=0

# What is promised: of calls that enter the kernel a ratio, of the others nanoseconds a call.
readonly MOST_RATIO=1.05 MOST_SHIM=4 MOST_RULE=40 MOST_TRAPPED=8000

# Rounds at a time: some hundred microseconds.
declare -A count=([mq]=100 [sem]=3000 [shm]=20 [sysv]=20 [map]=20)
declare -A calls=([mq]=2 [sem]=2 [shm]=3 [sysv]=4 [map]=2)
# A rule for a call of the loop that never matches.
declare -A unmatched=([mq]='mq_send,mq_receive:error=EMSGSIZE:size>1M' [sem]='sem_post,sem_wait:error=EINVAL:proc=nobody'
    [shm]='shm_open:error=ENOENT:flags=O_TRUNC:force' [sysv]='shmget:error=EINVAL:size>1G' [map]='mmap,munmap:error=ENOMEM:size>1G')

# middle COMMAND...: the medians of the two numbers the command prints.
middle() {
    local all half=$(((ROUNDS + 1) / 2))
    all=$(for ((round = 0; round < ROUNDS; round++)); do "$@" || exit; done) || give_up "failed: $*"
    echo "$(cut -d ' ' -f 1 <<<"$all" | sort -g | sed -n ${half}p) $(cut -d ' ' -f 2 <<<"$all" | sort -g | sed -n ${half}p)"
}

below() { awk -v v="$1" -v l="$2" 'BEGIN { exit !(v <= l) }'; }

# limit NAME VALUE LIMIT UNIT: says so when a figure is above what we promise.
limit() {
    if ! below "$2" "$3"; then
        echo "MISSED $1: $2 $4, limit $3 $4"
        failed=1
    fi
}

echo "Nanoseconds per round and, of shim and rule, per call (medians of $ROUNDS processes)"
printf '%-6s %6s %10s %8s %12s %12s\n' loop calls native ratio 'shim +/call' 'rule +/call'
for loop in mq sem shm sysv map; do
    read -r native shim < <(middle "$SHMOO" inject -q -e msgctl:error=EINVAL -- "$LOOP" $loop "${count[$loop]}")
    read -r _ rule < <(middle "$SHMOO" inject -q -e "${unmatched[$loop]}" -- "$LOOP" $loop "${count[$loop]}")
    read -r ratio each_shim each_rule < <(awk -v n="$native" -v s="$shim" -v r="$rule" -v c="${calls[$loop]}" \
        'BEGIN { printf "%.3f %.2f %.2f\n", (n + s) / n, s / c, r / c }')
    printf '%-6s %6d %10.1f %8s %12s %12s\n' $loop "${calls[$loop]}" "$native" "$ratio" "$each_shim" "$each_rule"
    if [ $loop = sem ]; then
        limit "sem: shim loaded" "$each_shim" $MOST_SHIM "ns a call"
    else
        limit "$loop: shim loaded" "$ratio" $MOST_RATIO "times native"
    fi
    limit "$loop: rule that does not match" "$each_rule" $MOST_RULE "ns a call"
done

echo
echo "Nanoseconds per failed shmget, and per getppid, which no rule names"
# row NAME COMMAND...: what the loops take under the command, which changes libc's own functions too, or only those linked.
row() {
    local name=$1 shmget getppid
    shift
    shmget=$(middle "$@" "$LOOP" shmget 20 | awk '{ print $1 + $2 }')
    getppid=$(middle "$@" "$LOOP" getppid 20 | awk '{ print $1 + $2 }')
    printf '%-42s %10.0f %10.0f\n' "$name" "$shmget" "$getppid"
    last=$shmget
}
ROUNDS=3
row native
row 'shmoo inject, preload, fires' "$SHMOO" inject -q -e shmget:error=EINVAL --
row 'shmoo inject, seccomp, fires' "$SHMOO" inject -q --engine seccomp -e shmget:error=EINVAL --
limit "seccomp engine, trapped call" "$last" $MOST_TRAPPED ns
row 'shmoo inject, seccomp, does not match' "$SHMOO" inject -q --engine seccomp -e 'shmget:error=EINVAL:size>1G' --
limit "seccomp engine, trapped call that does not match" "$last" $MOST_TRAPPED ns
row 'the kernel alone, seccomp_unotify(2)' "$BUILD/tests/bench/bare"
if command -v strace >/dev/null; then
    row 'strace -f -e inject' strace -f -o /dev/null -e trace=shmget -e inject=shmget:error=EINVAL --
    row 'strace -f --seccomp-bpf -e inject' strace -f --seccomp-bpf -o /dev/null -e trace=shmget -e inject=shmget:error=EINVAL --
fi
if command -v fiu-run >/dev/null; then
    # libfiu does not know shmget: its mmap, failing never, on our loop of mmap and munmap.
    read -r native fiu < <(middle fiu-run -x -c 'enable_random name=posix/mm/mmap,probability=0' "$LOOP" map 20)
    printf '%-42s %10.0f\n' 'mmap+munmap, native' "$native" 'more with libfiu, enabled, never fires' "$fiu"
    read -r _ ours < <(middle "$SHMOO" inject -q -e 'mmap:error=ENOMEM:prob=0%' -- "$LOOP" map 20)
    printf '%-42s %10.0f\n' 'more with shmoo, matches, never fires' "$ours"
fi
exit $failed
