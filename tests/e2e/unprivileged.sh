# unprivileged.sh - ordinary users and hidden processes: all that can be read is shown, the rest is counted, nothing fails.

# made: what start_ipc made, as JSON.
made() { printf '%s\n' "${object[@]}" | jq -R . | jq -s .; }

test_own_objects_are_shown_whole() {
    start_ipc world
    run shmoo list --kinds all --json
    check_status 0
    local id
    for id in "${object[@]}"; do
        check_json '.objects | any(.object == $id)' --arg id "$id"
    done
}

test_what_others_hold_is_counted_as_denied() {
    need_other_users
    start_ipc sysv-shm:users=1,mode=600 sysv-sem:mode=600 posix-shm:name=/theirs,users=1,mode=600 posix-sem:name=/theirs,mode=600
    run as_nobody "$SHMOO" list --json
    check_status 0
    check_json '[.objects[].object] | sort == ($ids | sort)' --argjson ids "$(made)"
    check_json '.coverage | any(.source == "maps" and .processes >= 2)'
    check_json '.coverage | any(.source == "fd" and .processes >= 2)'
    run as_nobody "$SHMOO" list -n posix-sem -o value
    check_equal "value" denied "${output// /}"
    run as_nobody "$SHMOO" list -o object,cpid_state sysv-shm -n
    check_contains "verdict" alive "$output"
}

test_hidden_processes_are_unknown_not_dead() {
    need_other_users
    start_ipc sysv-shm:users=1 sysv-shm:orphan
    mount -t proc -o hidepid=2 proc /proc 2>/dev/null || skip "no proc can be mounted here"
    run as_nobody "$SHMOO" list --json sysv-shm
    check_status 0
    check_json '[.objects[].cpid_state] == ["unknown", "unknown"]'
    check_json '.coverage | any(.source == "processes" and .error == "EPERM")'
    run as_nobody "$SHMOO" show memfd:1
    check_contains "may be hidden" "memfd:1: not found, but" "$errors"
    run as_nobody "$SHMOO" ps "$$"
    check_status 2
    check_contains "may be hidden" "$$: no such process that this user may see" "$errors"
    run shmoo list --json sysv-shm
    check_json '[.objects[].cpid_state] | sort == ["alive", "dead"]'
}

# Processes that come and go by the thousand are no gap and no failure.
test_processes_that_vanish_are_no_error() {
    local storms=() i
    for i in 1 2; do
        (for ((n = 0; n < 1500; n++)); do /bin/true; done) &
        storms+=($!)
    done
    start_ipc sysv-shm:users=1 posix-shm:users=2 anon-shm:users=2 posix-mq:users=1
    for ((i = 0; i < 20; i++)); do
        run shmoo list --kinds all --json
        check_status 0
        # For an ordinary user a process that is just ending belongs to root, as the kernel has it.
        [ "$(id -u)" -ne 0 ] || check_json '.coverage == []'
        check_json '[.objects[] | select(.object | IN($ids[]))] | length == 4' --argjson ids "$(made)"
    done
    wait "${storms[@]}"
}

# A /proc of another pid namespace than the reader's: the same numbers, other processes.
check_no_verdict() {
    check_status 0
    check_json '.objects | length > 0 and all(.cpid_state == "unknown")'
    check_json '.coverage | any(.source == "verdicts on processes" and .error == "EXDEV")'
}

test_a_proc_of_an_outer_pid_namespace_is_not_believed() {
    need_root
    # Pid 1 there makes a segment: that is alive, and so is pid 1 of this /proc, but it is another process.
    run unshare --pid --fork sh -c 'ipcmk -M 4096 >&2; exec "$@"' sh "$SHMOO" list --json sysv-shm
    check_no_verdict
}

test_a_proc_of_an_inner_pid_namespace_is_not_believed() {
    need_root
    [ "$BUILD" = build ] || skip "sanitizers work by /proc/self, which is not there"
    local outside inside
    ipcmk -M 4096
    unshare --pid --fork --mount-proc sleep 1000 &
    outside=$!
    eventually pgrep -x sleep
    inside=$(pgrep -x sleep)
    run nsenter --mount --target "$inside" "$SHMOO" list --json sysv-shm
    check_no_verdict
    kill -KILL "$inside"
    wait "$outside" || :
}

# As of rootless containers: whose processes may be seen, but not their ipc namespace.
test_namespaces_that_may_not_be_entered_are_stated() {
    start_ipc sysv-shm:users=1
    unshare --user --map-root-user --ipc "$MAKE_IPC" --hold sysv-shm:users=1 </dev/null >/tmp/inner 2>&1 &
    local inner=$!
    keeps_trying grep -qx ready /tmp/inner || skip "no namespaces here: $(cat /tmp/inner)"
    run shmoo list -a --json
    check_status 0
    check_json '.objects | any(.object == $id)' --arg id "${object[0]}"
    is_real_root || check_json '.coverage | any(.source == "sysvipc" and .error == "EPERM")'
    kill "$inner"
    wait "$inner" || :
}

# Seen from a pid namespace with a proc of its own, outsiders are unknown.
test_processes_of_other_pid_namespaces_are_unknown() {
    start_ipc sysv-shm:orphan
    run unshare --user --map-current-user --pid --mount --fork --mount-proc "$SHMOO" list --json sysv-shm
    [ "$status" -ne 1 ] || skip "no namespaces here: $errors"
    check_status 0
    check_json '[.objects[].object] == [$id]' --arg id "${object[0]}"
    check_json '.objects[0].cpid_state == "unknown"'
}
