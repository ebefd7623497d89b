# shmoo trace: calls as lines, as JSON and in tables.
BEHAVE=$BUILT/tests/targets/behave
export XDG_RUNTIME_DIR=/tmp/work

test_lines_have_arguments_results_and_callers() {
    run shmoo trace -- "$BEHAVE" segment
    check_status 0
    check_equal output "done" "$output"
    check_contains open 'shm_open("/shmoo-cycle", O_RDWR|O_CREAT|O_EXCL, 0600) = ' "$errors"
    check_contains size "</shmoo-cycle>, 4096) = 0" "$errors"
    check_contains map "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, " "$errors"
    check_contains "the constructor" 'shm_unlink("/shmoo-no-such") = -1 ENOENT (No such file or directory)' "$errors"
    check_contains caller " at segment_cycle behave.c:" "$errors"
}

test_chosen_calls_only() {
    run shmoo trace -c '%shm,munmap' -o log -- "$BEHAVE" segment
    check_status 0
    check_equal errors "" "$errors"
    check_equal calls "ftruncate munmap shm_open shm_unlink" \
        "$(sed 's/^[^ ]* [^ ]* \([a-z_]*\)(.*/\1/' log | sort -u | tr '\n' ' ' | sed 's/ $//')"
    run shmoo trace -c nothing -- true
    check_status 2
}

# The same bit has other names for other calls, and 0 has one where it is a value of its own.
test_flags_are_named_for_their_call() {
    run shmoo trace -- python3 -c 'import mmap, os
os.eventfd(0, os.EFD_SEMAPHORE | os.EFD_CLOEXEC)
os.pipe2(0)
os.close(os.open("/dev/shm/shmoo-flags", os.O_CREAT | os.O_RDONLY))
mmap.mmap(-1, 4096, flags=mmap.MAP_SHARED, prot=0).madvise(mmap.MADV_DONTFORK)
os.unlink("/dev/shm/shmoo-flags")'
    check_status 0
    check_contains eventfd "eventfd(0, EFD_SEMAPHORE|EFD_CLOEXEC) = " "$errors"
    check_contains pipe ", 0) = 0" "$(grep pipe2 <<<"$errors")"
    check_contains open '"/dev/shm/shmoo-flags", O_RDONLY|O_CREAT|O_CLOEXEC, 0777) = ' "$errors"
    check_contains mmap "4096, PROT_NONE, MAP_SHARED" "$errors"
    check_contains madvise "4096, MADV_DONTFORK) = 0" "$errors"
}

test_json_lines() {
    run shmoo trace -J -o log -c %shm -- "$BEHAVE" segment
    check_status 0
    output=$(jq -s . log)
    check_json 'map(.call) == ["shm_unlink", "shm_open", "ftruncate", "shm_unlink"]'
    check_json '.[1].args == {"name": "/shmoo-cycle", "oflag": "O_RDWR|O_CREAT|O_EXCL", "mode": "0600"}'
    check_json '.[1].errno == null and .[1].result > 2 and .[1].duration > 0 and (.[1].injected | not)'
    check_json '.[2].args.length == 4096 and .[2].object == "/shmoo-cycle"'
    check_json '.[0].errno == "ENOENT" and .[0].result == -1 and .[0].rule == null'
    check_json 'all(.caller.function == "segment_cycle" or .caller.function == "unlink_nothing")'
}

# syscall(2) fails in its own way, whatever that of the call is which it stands for.
test_errors_of_raw_system_calls() {
    run shmoo trace -c posix_fallocate -- "$BEHAVE" fallocate
    check_equal output "-1 EBADF" "$output"
    check_contains error 'posix_fallocate(-1, 0, 4096) = EBADF' "$errors"
    run shmoo inject -q -e posix_fallocate:error=ENOSPC -- "$BEHAVE" fallocate
    check_equal output "-1 ENOSPC" "$output"
}

test_injected_results_are_marked() {
    run shmoo trace -c shm_unlink -e shm_unlink:error=EACCES:when=2 -- "$BEHAVE" unlink
    check_contains "marked" 'EACCES (Permission denied) (INJECTED by rule 0)' "$errors"
    check_equal "marked once" 1 "$(grep -c INJECTED <<<"$errors")"
}

test_tables() {
    run shmoo trace -s -- "$BEHAVE" segment
    check_contains calls "shm_unlink" "$errors"
    check_contains objects "/shmoo-cycle" "$errors"
    check_contains sites "segment_cycle behave.c:" "$errors"
    check_equal "count and errors of shm_unlink" "2 1" "$(awk '$5 == "shm_unlink" && NF == 5 { print $1, $2 }' <<<"$errors")"
}

test_tables_are_no_json() {
    run shmoo trace --summary --json -- touch ran
    check_status 2
    [ ! -e ran ] || fail "the command ran"
}

test_static_programs_show_results() {
    run shmoo trace -c shm_unlink,shmget -- "$BUILT/tests/targets/plain_musl"
    check_status 0
    check_contains call 'shm_unlink("/shmoo-no-such") = -1 ENOENT (No such file or directory) <0.0' "$errors"
    grep -q 'shmget(IPC_PRIVATE, 4096, 0600) = [0-9]* <0\.' <<<"$errors" || fail "no id: $errors"
}

# Both engines see the same; what differs is only what libc adds to flags.
test_results_are_those_of_the_shim() {
    local engine
    for engine in preload seccomp; do
        run shmoo trace --engine $engine -J -o $engine -c %shm,mmap,munmap -- "$BEHAVE" segment
        check_status 0
        jq -c '[.call, (if .call == "mmap" then .result > 4096 else .result end), .errno, .duration > 0]' $engine >$engine.results
    done
    check_equal results "$(cat preload.results)" "$(cat seccomp.results)"
    check_contains error '["shm_unlink",-1,"ENOENT",true]' "$(cat seccomp.results)"
}

# Stopped, continued, interrupted, killed or left running: as without anybody who watches.
test_watching_results_changes_nothing() {
    run shmoo trace --engine seccomp -o log -c read -- "$BEHAVE" watched
    check_status 5
    check_equal output "EINTR stopped 3" "$output"
    run shmoo trace --engine seccomp -c shm_unlink -e shm_unlink:crash=before:when=2 -- "$BEHAVE" unlink
    check_status 137
    check_contains killed 'shm_unlink("/shmoo-no-such") = (did not return) (INJECTED by rule 0)' "$errors"
    run shmoo trace --engine seccomp -c shm_unlink -- sh -c 'sleep 60 >/dev/null 2>&1 & echo $!'
    check_status 0
    check_equal "nobody watches any more" "TracerPid: 0" "$(sed -n 's/^\(TracerPid:\)\t/\1 /p' "/proc/$output/status")"
    kill "$output"
    eventually gone "$output"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

test_who_may_not_watch_says_so() {
    need strace
    export ASAN_OPTIONS=detect_leaks=0 # which cannot be done under strace
    run strace -f -o /dev/null "$SHMOO" trace -c shm_unlink -- "$BUILT/tests/targets/plain_musl"
    check_status 0
    check_contains call 'shm_unlink("/shmoo-no-such") = ?' "$errors"
    check_contains reason "shmoo: results and times of calls are not known: ptrace: Operation not permitted" "$errors"
}

# callers COMMAND...: the functions that make its shm_unlink and shmget, as the seccomp engine tells.
callers() {
    run shmoo trace --engine seccomp -J -o log -c shm_unlink,shmget -- "$@"
    check_status 0
    jq -r '.caller.function' log | sort -u | paste -sd ' '
}

test_callers_are_known_to_the_seccomp_engine() {
    check_equal static main "$(callers "$BUILT/tests/targets/plain_static")"
    check_equal dynamic "segment_cycle unlink_nothing" "$(callers "$BEHAVE" segment)"
    run shmoo trace --engine seccomp -c shm_unlink -- "$BEHAVE" segment
    check_contains line " at segment_cycle behave.c:" "$errors"
}

test_callers_in_go() {
    need go
    HOME=/tmp GOFLAGS=-mod=mod CGO_ENABLED=0 go build -o plain_go "$TESTS/targets/plain/plain.go"
    check_equal go main.main "$(callers ./plain_go)"
}

test_hostile_names_are_escaped() {
    run shmoo trace -c shm_unlink -- python3 -c 'import _posixshmem
try: _posixshmem.shm_unlink("/a\x1b[31m\n\"")
except OSError: pass'
    [ "$status" -eq 0 ] || skip "python3 lacks _posixshmem"
    check_contains name 'shm_unlink("/a\x1b[31m\x0a\x22")' "$errors"
}

test_a_storm_is_traced_to_the_end() {
    local lost engine
    for engine in preload seccomp; do
        run shmoo trace --engine $engine -o log -c shm_unlink -- "$BEHAVE" thread-storm
        check_status 0
        check_equal output "done" "$output"
        lost=$(sed -n 's/^shmoo: \([0-9]*\) events were lost.*/\1/p' <<<"$errors")
        check_equal "calls" 641 $(($(grep -c ENOENT log) + ${lost:-0}))
    done
}
