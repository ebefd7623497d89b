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

# Only semaphores are read, whatever else is called so.
test_a_file_that_is_no_semaphore_is_not_recorded() {
    printf 'topsecret key of just 32 bytes !' >/dev/shm/sem.key
    start_ipc posix-sem:name=/turn,value=3
    run shmoo record rec
    check_status 0
    grep -q '^0 0 0 0 0 0 .* sem\.key$' rec/dev/shm/files || fail "bytes of a file: $(cat rec/dev/shm/files)"
    run shmoo list --json --root rec posix-sem
    check_json '[.objects[] | [.object, .type, .value]] == [["posix-sem:/key", "unrecognised", null], ["posix-sem:/turn", "glibc", 3]]'
    rm /dev/shm/sem.key
}

# A path is read up to where it ends, a list of descriptors whole.
test_what_calls_wait_for_is_recorded_and_nothing_behind_it() {
    need python3
    cat >wait.py <<'END'
import ctypes, mmap, os, select, threading
pages = mmap.mmap(-1, 2 * mmap.PAGESIZE)
text = b"control\0topsecret"
start = mmap.PAGESIZE - len(text)
pages[start:mmap.PAGESIZE] = text
path = ctypes.addressof(ctypes.c_char.from_buffer(pages)) + start
libc = ctypes.CDLL(None)
threading.Thread(target=libc.open, args=(ctypes.c_void_p(path), os.O_RDONLY), daemon=True).start()
poll = select.poll()
for _ in range(100):
    poll.register(os.pipe()[0], select.POLLIN)
poll.poll()
END
    mkfifo control
    python3 wait.py &
    local waiting='[.objects[] | {object, waiting: [.users[] | select(.role == "waiting" and .comm == "python3")]} |
        select(.waiting != [])]'
    waits_are_there() { [ "$(shmoo list --json fifo pipe | jq "$waiting | length")" -ge 101 ]; }
    eventually waits_are_there
    shmoo list --json fifo pipe | jq "$waiting" >live.json
    run shmoo record rec
    check_status 0
    ! grep -rq "$(printf topsecret | od -An -tx1 | tr -d ' ')" rec || fail "memory behind a path was recorded"
    shmoo list --json --root rec fifo pipe | jq "$waiting" >recorded.json
    check_same live.json recorded.json
    kill %1
    wait %1 || true
}

test_an_existing_folder_is_left_alone() {
    mkdir here
    run shmoo record here
    check_status 2
    check_equal errors "shmoo: here: File exists" "$errors"
    [ -z "$(ls -A here)" ] || fail "something was written"
}

test_a_file_of_any_size_is_no_burden() {
    run shmoo record rec
    check_status 0
    truncate -s 100G rec/proc/pids
    run shmoo list --root rec
    check_status 2
    check_equal errors "shmoo: rec: File too large" "$errors"
}

# Its folder is there, so that must not be said of it.
test_what_a_recording_cannot_do_without_is_said_to_lack() {
    local command
    shmoo record lacking >/dev/null
    rm lacking/proc/pids
    for command in list ps waits 'show 1'; do
        run shmoo $command --root lacking
        check_status 2
        check_equal "errors of $command" "shmoo: lacking: incomplete recording: No such file or directory" "$errors"
    done
    run shmoo list --root missing
    check_equal errors "shmoo: missing: No such file or directory" "$errors"
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
