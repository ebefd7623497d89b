#!/bin/bash
# inject.sh - what injection costs per call, beside strace and libfiu on the same loops, in one run. Prints a table and
# whether the limits hold. Native and shim runs alternate, and the best of each counts, so that a busy machine does not decide:
# while a limit seems missed, more rounds are run, up to four times as many.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo libshmoo-inject.so tests/bench/inject_loop
SHMOO=$BUILD/shmoo
LOOP=$BUILD/tests/bench/inject_loop
ROUNDS=${ROUNDS:-9}
failed=0

# What is promised: of calls that enter the kernel a ratio, of the others nanoseconds a call.
readonly MOST_RATIO=1.05 MOST_SHIM=4 MOST_RULE=40 MOST_TRAPPED=8000

declare -A count=([mq]=2000 [sem]=50000 [shm]=300 [sysv]=200 [map]=300 [shmget]=5000 [getppid]=10000)
declare -A calls=([mq]=2 [sem]=2 [shm]=3 [sysv]=4 [map]=2)
# A rule for a call of the loop that never matches.
declare -A unmatched=([mq]='mq_send,mq_receive:error=EMSGSIZE:size>1M' [sem]='sem_post,sem_wait:error=EINVAL:proc=nobody'
    [shm]='shm_open:error=ENOENT:flags=O_TRUNC:force' [sysv]='shmget:error=EINVAL:size>1G' [map]='mmap,munmap:error=ENOMEM:size>1G')

# lower BEST COMMAND...: the lower of what was best and what the command prints now.
lower() {
    local now
    now=$("${@:2}") || give_up "failed: ${*:2}"
    awk -v a="$1" -v b="$now" 'BEGIN { print (a == "" || b < a) ? b : a }'
}

below() { awk -v v="$1" -v l="$2" 'BEGIN { exit !(v <= l) }'; }

# shim_kept LOOP: whether the shim keeps its promise in that loop.
shim_kept() {
    if [ "$1" = sem ]; then below "$each_shim" $MOST_SHIM; else below "$ratio" $MOST_RATIO; fi
}

# limit NAME VALUE LIMIT UNIT: says so when a figure is above what we promise.
limit() {
    if ! below "$2" "$3"; then
        echo "MISSED $1: $2 $4, limit $3 $4"
        failed=1
    fi
}

echo "Nanoseconds per round (best of $ROUNDS or more alternating runs); per call in parentheses"
printf '%-6s %6s %10s %10s %8s %12s %12s\n' loop calls native shim ratio 'shim +/call' 'rule +/call'
for loop in mq sem shm sysv map; do
    native='' shim='' rule=''
    for ((round = 1; round <= 4 * ROUNDS; round++)); do
        native=$(lower "$native" "$LOOP" $loop "${count[$loop]}")
        shim=$(lower "$shim" "$SHMOO" inject -q -e msgctl:error=EINVAL -- "$LOOP" $loop "${count[$loop]}")
        rule=$(lower "$rule" "$SHMOO" inject -q -e "${unmatched[$loop]}" -- "$LOOP" $loop "${count[$loop]}")
        read -r ratio each_shim each_rule < <(awk -v n="$native" -v s="$shim" -v r="$rule" -v c="${calls[$loop]}" \
            'BEGIN { printf "%.3f %.2f %.2f\n", s / n, (s - n) / c, (r - n) / c }')
        if ((round >= ROUNDS)) && below "$each_rule" $MOST_RULE && shim_kept $loop; then
            break
        fi
    done
    printf '%-6s %6d %10.1f %10.1f %8s %12s %12s\n' $loop "${calls[$loop]}" "$native" "$shim" "$ratio" "$each_shim" "$each_rule"
    if [ $loop = sem ]; then
        limit "sem: shim loaded" "$each_shim" $MOST_SHIM "ns a call"
    else
        limit "$loop: shim loaded" "$ratio" $MOST_RATIO "times native"
    fi
    limit "$loop: rule that does not match" "$each_rule" $MOST_RULE "ns a call"
done

echo
echo "Nanoseconds per failed shmget, and per getppid, which no rule names"
row() {
    local name=$1 shmget='' getppid=''
    shift
    for ((round = 0; round < 3; round++)); do
        shmget=$(lower "$shmget" "$@" "$LOOP" shmget "${slow:-5000}")
        getppid=$(lower "$getppid" "$@" "$LOOP" getppid "${slow:-10000}")
    done
    printf '%-42s %10.0f %10.0f\n' "$name" "$shmget" "$getppid"
    last=$shmget
}
row native
row 'shmoo inject, preload, fires' "$SHMOO" inject -q -e shmget:error=EINVAL --
row 'shmoo inject, seccomp, fires' "$SHMOO" inject -q --engine seccomp -e shmget:error=EINVAL --
limit "seccomp engine, trapped call" "$last" $MOST_TRAPPED ns
slow=200
row 'shmoo inject, seccomp, does not match' "$SHMOO" inject -q --engine seccomp -e 'shmget:error=EINVAL:size>1G' --
limit "seccomp engine, trapped call that does not match" "$last" $MOST_TRAPPED ns
if command -v strace >/dev/null; then
    row 'strace -f -e inject' strace -f -o /dev/null -e trace=shmget -e inject=shmget:error=EINVAL --
    row 'strace -f --seccomp-bpf -e inject' strace -f --seccomp-bpf -o /dev/null -e trace=shmget -e inject=shmget:error=EINVAL --
fi
if command -v fiu-run >/dev/null; then
    # libfiu does not know shmget: its mmap, failing never, on our loop of mmap and munmap.
    fiu=$(fiu-run -x -c 'enable_random name=posix/mm/mmap,probability=0' "$LOOP" map 300)
    ours=$("$SHMOO" inject -q -e 'mmap:error=ENOMEM:prob=0%' -- "$LOOP" map 300)
    printf '%-42s %10.0f\n' 'mmap+munmap, libfiu, enabled, never fires' "$fiu" 'mmap+munmap, shmoo, matches, never fires' "$ours"
fi
exit $failed
