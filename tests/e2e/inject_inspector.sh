# inject_inspector.sh - shmoo survives its own faults: each call that list and show make fails in turn.
# not with sanitizers: their run-time library makes calls of its own, and dies of their failing.
export XDG_RUNTIME_DIR=/tmp/work

# rules_for COMMAND...: a rule for each call the command makes on IPC objects and errors it can have, and for its
# files in /proc, which are no IPC objects: one after the other, and one in ten.
rules_for() {
    local call error count nth seed
    "$SHMOO" trace -J -o calls -- "$SHMOO" "$@" >/dev/null 2>&1
    jq -r .call calls | sort | uniq -c | while read -r count call; do
        for error in $("$SHMOO" inject --list-calls --json |
            jq -r --arg call "$call" '.[] | select(.call == $call) | .errors[:3][] | select(.force | not) | .error'); do
            for ((nth = 1; nth <= count && nth <= 3; nth++)); do echo "$call:error=$error:when=$nth"; done
        done
    done
    for call in open,openat:error=EMFILE open,openat:error=EACCES open,openat:error=ENOENT read:error=EIO read:retval=0 \
        mmap:error=ENOMEM; do
        for nth in 1 2 3 4 5 7 10 20 50; do echo "$call:when=$nth:force$([[ $call = mmap* ]] || echo :fd=any)"; done
        for seed in 1 2 3; do echo "$call:prob=10%:seed=$seed:force$([[ $call = mmap* ]] || echo :fd=any)"; done
    done
}

# torture COMMAND...: under each of these rules it says what is wrong or missing, and does not crash or hang.
torture() {
    local rule fired=0
    while read -r rule; do
        run timeout 30 "$SHMOO" inject --must-fire -q -e "$rule" -- "$SHMOO" "$@"
        [ "$status" -le 2 ] || { show_run; fail "$rule: shmoo $1 ended with $status"; }
        [ "$status" -eq 0 ] || [ -n "$errors" ] || fail "$rule: shmoo $1 failed without a word"
        [[ $errors == *must-fire* ]] || fired=$((fired + 1))
    done < <(rules_for "$@")
    [ "$fired" -ge 20 ] || fail "only $fired faults fired"
    echo "shmoo $1: $fired faults" >&2
}

test_list_survives_every_fault() {
    start_ipc sysv-shm:size=64K posix-shm:name=/torture posix-mq:name=/torture sysv-sem sysv-msg memfd
    torture list --json
    torture list
}

test_show_survives_every_fault() {
    start_ipc sysv-shm:size=64K posix-shm:name=/torture
    torture show "${object[0]}" "${object[1]}"
}
