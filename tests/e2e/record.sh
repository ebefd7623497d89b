# A recording answers as the machine did, and holds no secrets.

test_recording_answers_like_the_machine() {
    start_ipc sysv-shm:size=1M,users=2 sysv-sem:values=1/0,waiters=1,number=1 posix-shm:name=/ring,users=1 \
        posix-sem:name=/turn,value=1 posix-mq:name=/jobs,messages=2 memfd:name=frames,users=2
    run shmoo record rec
    check_status 0
    shmoo list --json | strip >live.json
    shmoo list --json --root rec | strip >recorded.json
    check_same live.json recorded.json
    shmoo list --kinds all --root rec >/dev/null || fail "kinds all from a recording"
    shmoo ps --root rec >/dev/null || fail "ps from a recording"
    shmoo limits --root rec >/dev/null || fail "limits from a recording"
    shmoo show "${object[0]}" --root rec | grep -q "${object[0]}" || fail "show from a recording"
}

# The commands that look are users of nothing, but their own start may show as coverage.
strip() {
    jq -S 'del(.coverage)'
}

check_same() {
    diff "$1" "$2" >difference || fail "$(head -5 difference)"
}

test_command_lines_are_kept_only_when_asked_for() {
    start_ipc posix-shm:name=/ring,users=1,comm=keeper
    bash -c 'exec -a password=hunter2 sleep 1000 </dev/shm/ring' &
    local pid=$!
    eventually grep -qz hunter2 "/proc/$pid/cmdline"
    run shmoo record without
    check_status 0
    ! grep -rq hunter2 without || fail "a command line was recorded"
    run shmoo record --arguments with
    check_status 0
    grep -rq hunter2 with || fail "no command line was recorded"
    kill "$pid"
    wait "$pid" || true
}

test_contents_of_memory_are_not_recorded() {
    printf 'topsecret-%s' contents >/dev/shm/letter
    start_ipc sysv-msg:messages=1,bytes=64
    run shmoo record rec
    check_status 0
    ! grep -rq 'topsecret' rec || fail "contents of shared memory were recorded"
    rm /dev/shm/letter
}

test_an_existing_folder_is_left_alone() {
    mkdir here
    run shmoo record here
    check_status 2
    check_equal errors "shmoo: here: File exists" "$errors"
    [ -z "$(ls -A here)" ] || fail "something was written"
}

test_half_a_recording_is_none() {
    mkdir half
    run shmoo list --root half
    check_status 2
    check_equal errors "shmoo: half: not a recording of shmoo" "$errors"
    mount -t tmpfs -o size=16k small half 2>/dev/null || skip "no mounts here"
    run shmoo record half/rec
    check_status 2
    run shmoo list --root half/rec
    check_status 2
    umount half
}
