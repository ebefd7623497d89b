# leaks_many.sh - many runs of `shmoo leaks -- CMD`, ended as they come and by signals at any moment, leave nothing.
# not with sanitizers: a thousand runs

# Ipc namespaces, mounts, objects, processes that sleep and files of runs: what may grow.
inventory() {
    readlink /proc/[0-9]*/ns/ipc 2>/dev/null | sort -u
    cat /proc/self/mountinfo
    cat /proc/sysvipc/*
    find /dev/shm /dev/mqueue -mindepth 1
    find /run/shmoo "/tmp/shmoo-$(id -u)" -mindepth 1 2>/dev/null || :
    pgrep -x 'sleep|leave' || :
}

# Namespaces are torn down after the last process in them has ended.
is_as_before() { inventory | cmp -s - /tmp/work/before; }
check_as_before() {
    keeps_trying is_as_before || { inventory | diff /tmp/work/before - >&2; fail "something is left of $1"; }
}

test_a_thousand_runs_leave_nothing() {
    local n commands=("true" "ipcmk -Q" ": >/dev/shm/left" "sleep 1000 & ipcmk -M 4096" "exit 3")
    inventory >/tmp/work/before
    for ((n = 0; n < 1000; n++)); do
        status=0
        "$SHMOO" leaks --grace 0 -- sh -c "${commands[n % 5]}" >/tmp/work/output 2>&1 || status=$?
        case $((n % 5)):$status in
        0:0 | 1:23 | 2:23 | 3:23 | 4:3) ;;
        *) fail "run $n: ${commands[n % 5]}: status $status: $(cat /tmp/work/output)" ;;
        esac
    done
    check_as_before "a thousand runs"
}

# The moments are random but for their seed; how far the run has come then depends on the machine, the outcome does not.
test_signals_at_any_moment_leave_nothing() {
    local n job signals=(INT TERM)
    RANDOM=20261123
    set -m # without job control what runs in the background ignores SIGINT, for a while or for good
    inventory >/tmp/work/before
    for ((n = 0; n < 100; n++)); do
        "$SHMOO" leaks --grace 0 -- sh -c 'sleep 1000 & ipcmk -M 4096; sleep 1000' >/tmp/work/output 2>&1 &
        job=$!
        sleep "0.0$((RANDOM % 30 + 10))"
        kill -"${signals[n % 2]}" "$job"
        status=0
        wait "$job" 2>/dev/null || status=$? # says how the job ended, too
        [ "$status" -gt 128 ] || fail "run $n: status $status: $(cat /tmp/work/output)"
    done
    check_as_before "a hundred signals"
}
