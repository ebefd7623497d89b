# shmoo inject: how programs behave under rules, whatever they do to get away.
BEHAVE=$BUILT/tests/targets/behave
TARGETS=$BUILT/tests/targets
export XDG_RUNTIME_DIR=/tmp/work # no sessions of others

# faulty MODE [OPTION...]: behave MODE with shm_unlink failing in a way it never does by itself.
faulty() { run "$SHMOO" inject -q -e shm_unlink:error=EACCES "${@:2}" -- "$BEHAVE" "$1"; }

test_a_fault_is_seen_and_the_status_passes_through() {
    faulty unlink
    check_status 0
    check_equal output EACCES "$output"
    run shmoo inject -q -e shm_unlink:error=EACCES -- sh -c 'exit 7'
    check_status 7
    run shmoo inject -q -e shm_unlink:error=EACCES -- sh -c 'kill -TERM $$'
    check_status 143
}

test_standard_input_and_output_pass_through() {
    output=$(printf 'a b\n' | "$SHMOO" inject -q -e shm_unlink:error=EACCES -- cat)
    check_equal output "a b" "$output"
}

test_children_are_followed() {
    local mode
    faulty fork
    check_equal fork $'EACCES\nEACCES' "$output"
    for mode in exec-cleared execle-cleared execl-clearenv spawn-cleared vfork-cleared syscall-cleared system-cleared \
        popen-cleared close-all; do
        faulty "$mode"
        check_status 0
        check_equal "$mode" EACCES "$output"
    done
}

# A daemon that ignores its children starts shmoo so, and the command has it as it was.
test_ignored_children_are_waited_for() {
    run python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$SHMOO" inject -q -e shm_unlink:error=EACCES -- grep SigIgn /proc/self/status
    check_status 0
    check_equal errors "" "$errors"
    [ $((0x${output##*[[:space:]]} >> 16 & 1)) -eq 1 ] || fail "the command does not ignore SIGCHLD: $output"
}

# The constructors of a library that LD_PRELOAD names later run earlier.
test_who_dies_before_the_shim_is_there() {
    cat >end.c <<'END'
#include <errno.h>
#include <signal.h>
#include <string.h>
__attribute__((constructor)) static void end(void)
{
    if (strcmp(program_invocation_short_name, "true") == 0)
        raise(SIGKILL);
}
END
    gcc -D_GNU_SOURCE -shared -fPIC -o end.so end.c
    export LD_PRELOAD=$PWD/end.so
    export ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 # shmoo loads it too, before its own libasan
    run shmoo inject -q -e shm_unlink:error=EACCES -- true
    check_status 137
    check_equal "the command" "shmoo: true: ended by SIGKILL before it loaded the shim: nothing was injected or traced" "$errors"
    run shmoo inject -q -e shm_unlink:error=EACCES -- env true
    check_status 137
    run shmoo inject -q -e shm_unlink:error=EACCES -- sh -c 'env true; exit 3'
    check_status 3
    check_contains "a child" "1 of 3 programs started did not load the shim (static, setuid, foreign or killed first)" "$errors"
}

test_scripts_are_followed() {
    local first
    for first in "#!/bin/sh" "#!/usr/bin/env sh" ""; do # a script without one is the shell's for execvp(3)
        printf '%s\n"%s" unlink\n' "$first" "$BEHAVE" >script
        chmod +x script
        run shmoo inject -q -e shm_unlink:error=EACCES -- ./script
        check_status 0
        check_equal "script with '$first'" EACCES "$output"
    done
}

test_static_constructors_and_raw_system_calls_are_reached() {
    faulty constructor
    check_equal constructor "EACCES EACCES" "$output"
    run shmoo inject -q -e shmget:error=ENOSYS -- "$BEHAVE" syscall
    check_equal syscall "-1 ENOSYS" "$output"
}

test_errno_is_untouched_on_success() {
    run shmoo inject -q -e sem_wait:error=EINVAL:when=2 -e 'sem_post:delay=1us' -- "$BEHAVE" errno
    check_equal errno "0 77" "$output"
}

test_counting_by_tree_process_and_thread() {
    run shmoo inject -q -e shm_unlink:error=EACCES:when=3 -- "$BEHAVE" fork
    check_equal tree $'ENOENT\nEACCES' "$output" # the constructor's call is the first
    run shmoo inject -q -e shm_unlink:error=EACCES:when=2:count=process -- "$BEHAVE" fork
    check_equal process $'ENOENT\nEACCES' "$output"
    run shmoo inject -q -e 'shm_unlink:error=EACCES:when=2:count=thread:thread=!main' -- "$BEHAVE" threads
    check_equal thread "ENOENT EACCES ENOENT EACCES" "$output"
}

test_the_first_rule_that_is_due_wins() {
    run shmoo inject -q -e shm_unlink:error=EACCES:when=2 -e shm_unlink:error=EPERM -- "$BEHAVE" constructor
    check_equal output "EPERM EACCES" "$output"
}

test_chance_is_the_same_for_a_seed() {
    local first
    sequence() { shmoo inject -q --seed "$1" -e shm_unlink:error=EACCES:prob=50% -- "$BEHAVE" threads; }
    first=$(sequence 1)
    check_equal "second run" "$first" "$(sequence 1)"
    for seed in 2 3 4 5 6 7 8 9; do
        [ "$(sequence $seed)" = "$first" ] || return 0
    done
    fail "eight other seeds gave the same"
}

# Two semaphores are open, and only one of them is meant; closed, it has no name any more.
test_semaphores_have_names() {
    run shmoo inject -q -e 'sem_trywait:error=EINVAL:name=/shmoo-a*' -- "$BEHAVE" semaphores
    check_equal output "EINVAL EAGAIN EAGAIN" "$output"
    run shmoo trace -c sem_trywait -- "$BEHAVE" semaphores
    check_equal names "</shmoo-a> </shmoo-b> </shmoo-b>" "$(grep -o '<[^0][^>]*>' <<<"$errors" | paste -sd ' ')"
}

# Both are files in /dev/shm.
test_semaphores_are_no_shared_memory() {
    run shmoo inject --engine seccomp -e shm_open:error=EMFILE -e shm_unlink:error=EACCES -- "$BEHAVE" semaphores
    check_contains "opened" "'shm_open:error=EMFILE': matched 0" "$errors"
    check_contains "removed" "'shm_unlink:error=EACCES': matched 1," "$errors" # by the constructor
    run shmoo trace --engine seccomp -c 'sem_*,shm_*' -- "$BEHAVE" semaphores
    check_contains "trace" 'sem_open("/shmoo-a", ' "$errors"
    check_lacks "trace" "shm_open" "$errors"
}

# The kernel gets the names of queues without their slash, and FIFOs by folder and name.
test_names_are_the_same_for_both_engines() {
    local engine
    cat >named.c <<'END'
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
static const char *error(int result) { return result < 0 ? strerrorname_np(errno) : "fine"; }
int main(void)
{
    mkdir("folder", 0700);
    mkfifo("folder/fifo", 0600);
    int folder = open("folder", O_RDONLY);
    puts(error(mq_open("/shmoo-q", O_RDWR | O_CREAT, 0600, NULL)));
    puts(error(mq_unlink("/shmoo-q")));
    puts(error(openat(folder, "fifo", O_RDWR)));
    int unlinked = shm_open("/shmoo-u", O_RDWR | O_CREAT, 0600);
    shm_unlink("/shmoo-u");
    puts(error(ftruncate(unlinked, 1)));
}
END
    gcc -D_GNU_SOURCE -o named named.c
    for engine in preload seccomp; do
        run shmoo inject -q --engine $engine -e mq_open:error=EMFILE:name=/shmoo-q -- ./named
        check_equal "$engine, opened" "EMFILE ENOENT fine fine" "${output//$'\n'/ }"
        run shmoo inject -q --engine $engine -e 'mq_unlink:error=ENAMETOOLONG:name=/shmoo-?' -- ./named
        check_equal "$engine, unlinked" "fine ENAMETOOLONG fine fine" "${output//$'\n'/ }"
        run shmoo inject -q --engine $engine -e openat:error=ENOMEM:fd=fifo -- ./named
        check_equal "$engine, a FIFO" "fine fine ENOMEM fine" "${output//$'\n'/ }"
        run shmoo inject -q --engine $engine -e ftruncate:error=EIO:name=/shmoo-u -- ./named
        check_equal "$engine, unlinked since" "fine fine fine EIO" "${output//$'\n'/ }"
        run shmoo trace --engine $engine -c mq_open -- ./named
        check_contains "$engine, traced" 'mq_open("/shmoo-q"' "$errors"
    done
}

test_a_dead_owner_leaves_the_lock() {
    local rule=pthread_mutex_lock:error=EOWNERDEAD:when=1
    run shmoo inject -q -e $rule -- "$BEHAVE" robust-repaired
    check_equal repaired "EOWNERDEAD EBUSY 0 0 0" "$output"
    run shmoo inject -q -e $rule -- "$BEHAVE" robust-left
    check_equal left "EOWNERDEAD EBUSY 0 0 ENOTRECOVERABLE" "$output"
}

test_other_effects() {
    run shmoo inject -q -e shm_unlink:retval=0 -- "$BEHAVE" unlink
    check_equal retval 0 "$output"
    run shmoo inject -q -e shm_unlink:signal=TERM -- "$BEHAVE" unlink
    check_status 143
    run shmoo inject -q -e shm_unlink:crash=before:when=2 -- "$BEHAVE" unlink
    check_status 137
    check_equal "output of a crash" "" "$output"
    run shmoo inject -q -e 'write:short=1:fd=pipe' -- sh -c 'echo abc | cat'
    check_equal "short writes" abc "$output"
    run shmoo inject -q --engine seccomp -e shm_unlink:crash=before:when=2 -- "$BEHAVE" unlink
    check_status 137
    run shmoo inject -q --engine seccomp -e shm_unlink:retval=0:delay=10ms -- "$BEHAVE" unlink
    check_equal "seccomp retval" 0 "$output"
}

# The call waits 50 ms, a signal comes every 5: it is neither interrupted by them, nor made and counted again.
test_signals_do_not_end_calls() {
    local engine
    for engine in preload seccomp; do
        run shmoo inject --engine $engine -e shm_unlink:delay=50ms:when=2+ -- "$BEHAVE" interrupted
        check_status 0
        check_equal "$engine" "ENOENT ENOENT handled" "$output"
        check_contains "$engine" "matched 3, fired 2" "$errors"
    done
}

# Without the flags of newer kernels faults work as well; but signals end the calls that are looked at.
test_older_kernels() {
    local mode expected
    for mode in unlink fork exec-cleared; do
        expected=EACCES
        [ $mode != fork ] || expected=$'EACCES\nEACCES'
        run "$TARGETS/old_kernel" "$SHMOO" inject -q --engine seccomp -e shm_unlink:error=EACCES -- "$BEHAVE" $mode
        check_status 0
        check_equal "$mode" "$expected" "$output"
    done
    run "$TARGETS/old_kernel" "$SHMOO" inject -q --engine seccomp -e shm_unlink:error=EACCES:when=2+2 -- "$BEHAVE" thread-storm
    check_equal storm "done" "$output"
    # The call that was waiting is made again after the signal, and counted again.
    run "$TARGETS/old_kernel" "$SHMOO" inject --engine seccomp -e shm_unlink:delay=50ms:when=2 -- "$BEHAVE" interrupted
    check_status 0
    check_lacks "the newer flag was not refused" "matched 3," "$errors"
}

# As in the kernel: EPIPE comes with SIGPIPE, and who ignores that sees the error.
test_a_broken_pipe_sends_its_signal() {
    local engine
    for engine in preload seccomp; do
        run shmoo inject -q --engine $engine -e write:error=EPIPE:fd=50 -- python3 -c 'import os, signal
os.dup2(os.pipe()[1], 50)
try: os.write(50, b"x")
except BrokenPipeError: print("ignored", flush=True)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.write(50, b"x")'
        check_status 141
        check_equal "$engine" ignored "$output"
    done
}

# Whether memory is a file's, and the file open for writing, decides what can fail: the second of each pair cannot.
test_memory_is_looked_at() {
    local engine places="/dev/shm /dev/shm"
    [ "$(stat -f -c %T /var/tmp)" = tmpfs ] || places="/var/tmp /dev/shm"
    cat >memory.py <<'END'
import ctypes, mmap, os, sys
libc = ctypes.CDLL(None, use_errno=True)
PRIVATE, READ = {"flags": mmap.MAP_PRIVATE}, {"prot": mmap.PROT_READ}
def tell(name, folder, how, last):
    path = folder + "/shmoo-memory"
    made = os.open(path, os.O_RDWR | os.O_CREAT)
    os.ftruncate(made, 4096)
    fd = os.open(path, os.O_RDONLY) if how is READ else made
    os.unlink(path)
    libc.mmap.restype = ctypes.c_void_p
    address = libc.mmap(None, ctypes.c_size_t(4096), how.get("prot", 3), how.get("flags", mmap.MAP_SHARED), fd, 0)
    result = libc[name](ctypes.c_void_p(address), ctypes.c_size_t(4096), last)
    print(name, "fine" if result == 0 else os.strerror(ctypes.get_errno()))
tell("msync", sys.argv[1], {}, 4)
tell("msync", sys.argv[2], {}, 4)
tell("msync", sys.argv[1], PRIVATE, 4)
tell("mprotect", sys.argv[2], {}, 3)
tell("mprotect", sys.argv[2], PRIVATE, 3)
END
    for engine in preload seccomp; do
        # shellcheck disable=SC2086
        run shmoo inject -q --engine $engine -e msync:error=EIO -e mprotect:error=EACCES:proc=python3 -- python3 memory.py $places
        check_status 0
        if [ "$places" = "/var/tmp /dev/shm" ]; then
            check_equal "$engine, of a disk" "msync Input/output error" "$(head -n 1 <<<"$output")"
        fi
        check_equal "$engine, others" $'msync fine\nmsync fine\nmprotect fine\nmprotect fine' "$(tail -n +2 <<<"$output")"
    done
}

test_storms_end() {
    local mode engine
    for mode in signal-storm thread-storm; do
        for engine in preload seccomp; do
            run shmoo inject -q --engine $engine --log log -e shm_unlink:error=EACCES:when=2+2 -- "$BEHAVE" $mode
            check_status 0
            check_equal "$mode under $engine" "done" "$output"
        done
    done
    faulty dlopen-storm
    check_equal dlopen-storm "done" "$output"
    run shmoo inject -q -e sem_wait:delay=1ms -- "$BEHAVE" cancel
    check_equal cancel canceled "$output"
}

test_sanitized_programs() {
    local sanitizer mode
    for sanitizer in address thread; do
        for mode in thread-storm signal-storm dlopen-storm; do
            run shmoo inject -q -e shm_unlink:error=EACCES:when=2+2 -- "${TARGETS}/behave_$sanitizer" $mode
            check_status 0
            check_equal "$sanitizer $mode" "done" "$output"
            check_lacks "$sanitizer $mode" Sanitizer "$errors"
        done
        run shmoo inject -q -e shm_unlink:error=EACCES -- "${TARGETS}/behave_$sanitizer" spawn-cleared
        check_equal "$sanitizer spawn" EACCES "$output"
    done
}

test_nothing_changes_without_a_match() {
    run shmoo inject -q -e shm_open:error=EMFILE:name=/other -- "$BEHAVE" segment
    check_status 0
    check_equal output "done" "$output"
}

test_programs_that_preload_cannot_reach() {
    run shmoo inject -v -q -e shm_unlink:error=EACCES -- "$TARGETS/plain_musl"
    check_contains "auto" "engine seccomp: it is statically linked" "$errors"
    check_contains "musl" "-1 Permission denied" "$output"
    run shmoo inject -q --engine preload -e shm_unlink:error=EACCES -- "$TARGETS/plain_musl"
    check_status 2
    check_contains "the reason" "statically linked" "$errors"
}

test_dynamic_musl_programs() {
    need musl-gcc
    musl-gcc -o plain "$TESTS/targets/plain/plain.c"
    run shmoo inject -v -q -e shm_unlink:error=EACCES -- ./plain
    check_contains "auto" "engine seccomp: it uses musl" "$errors"
    check_contains "musl" "-1 Permission denied" "$output"
}

# Of a large program, only what matters is read.
test_large_programs() {
    need strace
    cp "$BEHAVE" large
    truncate -s 64M large
    export ASAN_OPTIONS=detect_leaks=0 # which cannot be done under strace
    run strace -o calls -e trace=pread64 "$SHMOO" inject -q -e shm_unlink:error=EACCES -- ./large segment
    check_status 0
    run grep -E '= [0-9]{6,}$' calls
    check_equal "large reads" "" "$output"
}

test_the_death_of_the_supervisor_freezes_nothing() {
    mkfifo requests answers
    "$SHMOO" inject -q --engine seccomp --name dying -e shm_unlink:error=EACCES -- "$BEHAVE" requests <requests >answers &
    local pid=$! answer
    exec 8>requests 9<answers
    read -r answer <&9
    check_equal "before" ready "$answer"
    kill -KILL "$pid"
    wait "$pid" || :
    echo >&8
    read -r -t 20 answer <&9 || fail "no answer"
    check_equal "after" ENOSYS "$answer"
    exec 8>&- 9<&-
    [ -z "$(shmoo rules)" ] || fail "the dead session is listed"
    run shmoo inject -q --name dying -e shm_unlink:error=EACCES -- "$BEHAVE" unlink
    check_equal "the name is free again" EACCES "$output"
}

# The command ends, what it left in the background goes on: without faults, and without calls that nobody answers.
test_what_outlives_the_command_goes_on_without_faults() {
    local engine answer
    for engine in preload seccomp; do
        rm -f requests answers end
        mkfifo requests answers end
        "$SHMOO" inject -q --engine $engine -e shm_unlink:error=EACCES:when=2+ -- \
            sh -c "'$BEHAVE' requests <requests >answers & read line <end" &
        local pid=$!
        exec 8>requests 9<answers
        read -r answer <&9
        echo >&8
        read -r answer <&9
        check_equal "$engine, before" EACCES "$answer"
        echo >end
        wait "$pid"
        echo >&8
        read -r -t 20 answer <&9 || fail "$engine: no answer"
        check_equal "$engine, after" ENOENT "$answer"
        exec 8>&- 9<&-
        eventually gone "$BEHAVE"
        eventually gone "$SHMOO"
    done
}
gone() { ! pgrep -f "^$1 " >/dev/null; }

test_a_change_of_user_does_not_lose_the_rules() {
    need_other_users
    need setpriv
    run shmoo inject -q --must-fire -e shm_unlink:error=EACCES -- setpriv --reuid 65534 --clear-groups "$BEHAVE" unlink
    check_status 0
    check_equal "output" EACCES "$output"
    check_equal "errors" "" "$errors"
}

test_go_programs() {
    need go
    HOME=/tmp GOFLAGS=-mod=mod CGO_ENABLED=0 go build -o plain_go "$TESTS/targets/plain/plain.go"
    run shmoo inject -v -q -e shm_unlink:error=EACCES -e shmget:error=ENOSPC -- ./plain_go
    check_contains "auto" "engine seccomp" "$errors"
    check_equal "output" $'permission denied\nno space left on device' "$output"
}

# survives CALL PROGRAM: the start-up code makes the call and would not survive its failing; main() comes after it.
survives() {
    run shmoo inject --engine seccomp -e "$1" -e shm_unlink:error=EACCES -- "$2"
    check_status 0
    check_contains "$2: its own call" "ermission denied" "$output"
    check_contains "$2: start-up" "'$1': matched 0" "$errors"
}

test_start_up_code_is_left_alone() {
    run strace -e trace=mprotect "$TARGETS/plain_static"
    check_contains "glibc makes the call" "mprotect(" "$errors"
    survives mprotect:error=ENOMEM "$TARGETS/plain_static"
    run shmoo inject -q --engine seccomp -e shm_unlink:error=EACCES -- sh -c "exec $TARGETS/plain_static"
    check_contains "after an exec" "Permission denied" "$output"
    need musl-gcc
    musl-gcc -o plain "$TESTS/targets/plain/plain.c"
    survives mprotect:error=ENOMEM ./plain
}

test_start_up_of_go_is_left_alone() {
    need go
    HOME=/tmp GOFLAGS=-mod=mod CGO_ENABLED=0 go build -o plain_go "$TESTS/targets/plain/plain.go"
    survives sigaction:error=EINVAL ./plain_go # memory is also asked for by its other threads, later
}

test_what_was_not_seen_is_said() {
    cat >wrapper.sh <<END
#!/bin/sh
$TARGETS/plain_musl
END
    chmod +x wrapper.sh
    run shmoo inject -q -e shm_unlink:error=EACCES -- ./wrapper.sh
    check_contains "a static child" "1 of 2 programs started did not load the shim" "$errors"
    run shmoo inject -q -e shm_unlink:error=EACCES -- ./no-such-program
    check_status 2
}

test_setuid_programs() {
    need_other_users
    mkdir suid
    mount -t tmpfs none suid # where the bit is heeded
    cd suid
    cp "$BEHAVE" privileged
    chown 65534 privileged
    chmod 4755 privileged
    run shmoo inject -q --engine preload -e shm_unlink:error=EACCES -- ./privileged unlink
    check_status 2
    check_contains "refused" "setuid" "$errors"
    run shmoo inject -v -q -e shm_unlink:error=EACCES -- ./privileged unlink
    check_contains "auto" "engine seccomp: it is setuid" "$errors"
    check_equal "reached by the other engine" EACCES "$output"
    run shmoo inject -q -e shm_unlink:error=EACCES -- sh -c './privileged unlink; true'
    check_equal "started by another" ENOENT "$output"
    check_contains "said" "1 of 2 programs started did not load the shim" "$errors"
    cd ..
    umount suid
}

test_programs_that_no_engine_or_no_loader_takes() {
    cp "$BEHAVE" foreign
    printf '\1' | dd of=foreign bs=1 seek=4 conv=notrunc status=none # ELFCLASS32
    run shmoo inject -q -e shm_unlink:error=EACCES -- ./foreign unlink
    check_status 2
    check_contains "foreign" "another machine or word size" "$errors"
    sed 's/librt\.so\.1/libno.so.1/g' "${BEHAVE}_old" >unloadable
    chmod +x unloadable
    run shmoo inject -q -e shm_unlink:error=EACCES -- ./unloadable unlink
    check_status 2
    check_contains "nothing armed itself" "did not load the shim" "$errors"
}

test_calls_of_deepbound_libraries() {
    export DEEPBOUND=$TARGETS/deepbound.so
    faulty deepbind
    check_status 0
    check_equal "past the shim" $'ENOENT\nEACCES' "$output"
    check_contains "said" "1 libraries were loaded with RTLD_DEEPBIND" "$errors"
    faulty deepbind --must-fire
    check_status 2
    faulty deepbind --must-fire --engine seccomp
    check_status 0
    check_equal "by the other engine" $'EACCES\nEACCES' "$output"
}

test_system_calls_without_libc() {
    local rule=shmget:error=ENOSPC
    run shmoo inject -q -e $rule -- "$TARGETS/inline_calls"
    check_status 0
    check_equal "past the shim" made "$output"
    check_contains "said" "1 calls of shmget escaped the shim" "$errors"
    run shmoo inject -q --must-fire -e $rule -e shmctl:delay=0s -- "$TARGETS/inline_calls"
    check_status 2
    check_contains "the reason" "escaped the shim" "$errors"
    run shmoo inject -q --must-fire --engine seccomp -e $rule -- "$TARGETS/inline_calls"
    check_status 0
    check_equal "by the other engine" "No space left on device" "$output"
    run shmoo inject -q -e shmget:error=ENOSPC:size=1M -- "$TARGETS/inline_calls"
    check_equal "a rule that would not match" "" "$errors"
    run shmoo trace -c shmget -- "$TARGETS/inline_calls"
    check_contains "trace" "1 calls of shmget escaped the shim" "$errors"
}

# Programs that others start are not looked into, so that is for --escapes; what libc calls is no escape.
test_escapes_are_counted_on_demand() {
    run shmoo inject -q --escapes -e shmget:error=ENOSPC -- sh -c "$TARGETS/inline_calls; true"
    check_contains "a child" "1 calls of shmget escaped the shim" "$errors"
    run shmoo inject -q --escapes --must-fire -e '%shm,%map:error=EACCES' -- "$BEHAVE" fork
    check_status 0
    check_equal "errors" "" "$errors"
    check_equal "output" $'EACCES\nEACCES' "$output"
    run shmoo inject -q --escapes -e shm_unlink:error=EACCES -- "${BEHAVE}_address" fork
    check_equal "sanitized" "" "$errors"
}

test_programs_linked_to_old_libraries() {
    run "${BEHAVE}_old" constructor
    check_equal "by itself" "ENOENT ENOENT" "$output"
    run shmoo inject -q --must-fire -e shm_unlink:error=EACCES -- "${BEHAVE}_old" constructor
    check_status 0
    check_equal "librt" "EACCES EACCES" "$output"
    run shmoo inject -q --must-fire -e pthread_mutex_lock:error=EOWNERDEAD:when=1 -- "${BEHAVE}_old" robust-left
    check_status 0
    check_equal "libpthread" "EOWNERDEAD EBUSY 0 0 ENOTRECOVERABLE" "$output"
    run shmoo inject -q -e sem_post:delay=1us -- "${BEHAVE}_old" errno
    check_equal "semaphores" "0 77" "$output"
}

# Set where the command is started, so this is also about a child's own LD_PRELOAD.
test_replaced_malloc() {
    local mode library file found=0
    for library in libjemalloc.so.2 libtcmalloc_minimal.so.4 libmimalloc.so.2; do
        file=$(ldconfig -p | sed -n "s/.*$library .*=> //p" | head -n 1)
        [ -n "$file" ] || continue
        found=1
        for mode in thread-storm signal-storm dlopen-storm; do
            run shmoo inject -q --must-fire -e shm_unlink:error=EACCES:when=2+2 -- env "LD_PRELOAD=$file" "$BEHAVE" $mode
            check_status 0
            check_equal "$library $mode" "done" "$output"
        done
    done
    [ "$found" -eq 1 ] || skip "no other malloc is installed"
}

test_a_silent_rule_is_reported() {
    run shmoo inject -e $'shm_unlink:error=EACCES:name=\e[31m' -- true
    check_contains escaped "'shm_unlink:error=EACCES:name=\x1b[31m': matched 0" "$errors"
    run shmoo inject -e shm_open:error=EMFILE -- true
    check_status 0
    check_contains "summary" "matched 0, fired 0" "$errors"
    run shmoo inject --must-fire -e shm_open:error=EMFILE -- true
    check_status 2
}

test_bad_rules_stop_before_the_command() {
    local rule
    for rule in shm_opne:error=EEXIST shm_open:error=EEXISTS shm_open:error=EPIPE futex:error=EINTR shm_open; do
        run shmoo inject -e "$rule" -- touch ran
        check_status 2
        [ ! -e ran ] || fail "$rule: the command ran"
    done
    printf '# comment\n\nshm_unlink:error=EACCES\n' >good
    run shmoo inject -q -f good -- "$BEHAVE" unlink
    check_equal "rules of a file" EACCES "$output"
    printf 'shm_unlink:error=EACCES\nmmap:eror=1\n' >bad
    run shmoo inject -f bad -- true
    check_status 2
    check_contains "where" "bad:2: column 6" "$errors"
    printf 'shm_unlink:error=EACCES\0:force' >bad
    run shmoo inject -f bad -- true
    check_status 2
    check_equal "NUL" "shmoo: bad:1: a NUL byte" "$errors"
    printf '# comment\r\n\r\nshm_unlink:error=EACCES\r\n' >good
    run shmoo inject -q -f good -- "$BEHAVE" unlink
    check_equal "lines of other systems" EACCES "$output"
    head -c 1000000 /dev/zero | tr '\0' a >bad
    run shmoo inject -f bad -- true
    check_equal "a long line" "shmoo: bad:1: line too long" "$errors"
    run shmoo inject -f . -- true
    check_equal "a folder" "shmoo: .: Is a directory" "$errors"
    run shmoo inject -e "$(head -c 5000 bad)" -- true
    check_status 2
    [ ${#errors} -lt 400 ] || fail "all of a long rule is shown"
    yes shm_unlink:error=EACCES | head -n 1000 >bad || :
    run shmoo inject -f bad -- true
    check_status 2
    check_equal "too many" "shmoo: shm_unlink:error=EACCES: more than 63 rules" "$errors"
    run shmoo inject --json -e shm_unlink:error=EACCES -- true
    check_status 2
}

test_rules_change_while_the_program_runs() {
    coproc "$SHMOO" inject -q --name session --log log -e shm_unlink:error=EACCES -- "$BEHAVE" requests
    local answer pid=$COPROC_PID in=${COPROC[1]} out=${COPROC[0]}
    ask() {
        echo >&"$in"
        read -r answer <&"$out"
        check_equal "$1" "$2" "$answer"
    }
    read -r answer <&"$out"
    ask "at first" EACCES
    eventually grep -q '"errno":"EACCES"' log # while it runs
    check_equal sessions session "$(shmoo rules)"
    shmoo rules session off 0
    ask "switched off" ENOENT
    shmoo rules session add shm_unlink:error=EPERM
    ask "added" EPERM
    shmoo rules session on 0
    ask "switched on" EACCES
    shmoo rules session del 0
    ask "deleted" EPERM
    run shmoo rules --json session
    check_json '.rules == [{"rule":1,"on":true,"matched":3,"fired":2,"text":"shm_unlink:error=EPERM"}]'
    run shmoo rules session add shm_unlink:error=EPIPE
    check_status 2
    run shmoo rules other
    check_status 2
    run shmoo inject --name session -- true
    check_contains "a name in use" "session: another run has that name" "$errors"
    run shmoo rules ../session
    check_contains "a bad name" "a name has letters" "$errors"
    local all=$(shmoo rules session)
    run shmoo rules session off 1 9
    check_status 2
    check_equal "one of two rules is not there" "shmoo: 9: no such rule; see 'shmoo rules NAME list'" "$errors"
    run shmoo rules session add shm_unlink:error=EACCES shm_opne:error=EACCES
    check_status 2
    run shmoo rules session add $(yes shm_unlink:error=EACCES | head -n 70)
    check_status 2
    run shmoo rules session list 1
    check_status 2
    check_equal "rules after what was refused" "$all" "$(shmoo rules session)"
    shmoo rules session add $(yes shm_unlink:error=EACCES:when=99 | head -n 60)
    run sh -c '"$1" rules --json session >/dev/full' sh "$SHMOO"
    check_status 2
    check_equal "a full disk" "shmoo: standard output: No space left on device" "$errors"
    exec {in}>&-
    wait "$pid"
    check_equal "sessions at the end" "" "$(shmoo rules)"
}

test_small_files_only() {
    run sh -c 'ulimit -f 8; exec "$1" inject -e shm_unlink:error=EACCES -- true' sh "$SHMOO"
    check_status 2
    check_equal message "shmoo: session: File too large" "$errors"
}

# Every number of descriptors, from too few for all to enough.
test_few_descriptors_are_no_reason_to_hang() {
    local limit engine
    for engine in preload seccomp; do
        for limit in {4..12}; do
            run sh -c 'ulimit -n "$1"; exec timeout -s KILL 30 "$2" inject -q --engine "$3" -e shm_unlink:error=EACCES -- true' \
                sh $limit "$SHMOO" $engine
            [ "$status" -ne 137 ] || fail "$engine, $limit descriptors: hangs or was killed"
        done
    done
    check_status 0
}

# The first has made its file and not locked it yet when the second comes: only one of them has the name.
test_two_runs_that_start_with_one_name() {
    shmoo inject -q -e flock:delay=2s:when=1 -- "$SHMOO" inject -q --name twice -- sleep 0 2>first &
    local first=$!
    eventually test -e shmoo/twice.plan
    run shmoo inject -q --name twice -- sh -c 'exec 3>&1; while ! [ -s first ]; do sleep 0.1; done'
    check_status 0
    status=0
    wait "$first" || status=$?
    check_status 2
    check_contains "the first" "twice: another run has that name" "$(cat first)"
}

test_the_log_has_what_fired() {
    run shmoo inject -q --log log -e shm_unlink:error=EACCES:when=2 -- "$BEHAVE" unlink
    output=$(cat log)
    check_json '.call == "shm_unlink" and .args.name == "/shmoo-no-such" and .errno == "EACCES" and .result == -1'
    check_json '.injected and .rule == 0 and .pid == .tid and .caller.function == "unlink_nothing"'
    check_json '.caller.file | endswith("behave.c")'
    check_equal lines 1 "$(wc -l <log)"
}

# unlinking WHAT EXPECTED CONDITION: what unlink gives under both engines when the condition is on its failing.
unlinking() {
    local engine
    for engine in preload seccomp; do
        run shmoo inject -q --engine $engine -e "shm_unlink:error=EACCES:$3" -- "$BEHAVE" unlink
        check_equal "$1 ($engine)" "$2" "$output"
    done
}

test_conditions_on_the_caller() {
    unlinking caller EACCES caller=behave
    unlinking "other caller" ENOENT 'caller=libother*'
    unlinking function EACCES func=unlink_nothing
    unlinking "other function" ENOENT func=in_fork
    run shmoo inject -q -e shm_unlink:error=EACCES:func=no_such_function -- "$BEHAVE" unlink
    check_status 2
}

test_two_shims_count_once() {
    run shmoo inject -q -e shm_unlink:error=EPERM -- "$SHMOO" inject -e shm_unlink:error=EACCES -- "$BEHAVE" unlink
    check_equal output EACCES "$output"
    check_contains "inner" "matched 2, fired 2" "$errors"
    check_contains "outer" "took over" "$errors"
    run shmoo inject -q -e shm_unlink:error=EACCES -- \
        "$SHMOO" inject -q --engine seccomp -e shm_unlink:error=EINVAL -- "$BEHAVE" unlink
    check_equal "a filter inside" "EACCES " "$output $errors"
    run shmoo inject --name one -q -e shm_unlink:error=EPERM -- "$SHMOO" inject --name one -- "$BEHAVE" unlink
    check_status 2
    check_equal "one that did not run" "shmoo: one: another run has that name" "$errors"
}

test_list_calls() {
    run shmoo inject --list-calls --json
    check_json '[.[] | select(.call == "shm_open")][0] | .syscalls == ["openat", "open"] and .preload and .seccomp'
    check_json '[.[] | .errors[] | .error] | all(startswith("E"))'
    run shmoo inject --list-calls
    check_contains "a guard" "EEXIST {O_CREAT|O_EXCL}" "$output"
    run shmoo inject --list-calls true
    check_status 2
    run sh -c '"$1" inject --list-calls --json >/dev/full' sh "$SHMOO"
    check_status 2
    check_equal "a full disk" "shmoo: standard output: No space left on device" "$errors"
}

# What guards ask for is looked up in the stopped program: one error for each way to do that.
test_guards_look_at_a_stopped_program() {
    local pair
    for pair in "ftruncate EFBIG" "ftruncate EPERM" "mmap EACCES" "mprotect EACCES" "mq_send EAGAIN" "mq_send EMSGSIZE" \
        "mq_timedsend EINVAL" "mq_setattr EINVAL" "semop EAGAIN" "semop EFBIG" "fcntl EDEADLK" "kill ESRCH"; do
        run "$TARGETS/make_call" --all "$SHMOO" seccomp $pair
        check_status 0
        check_contains "$pair" "1 made, 0 failed" "$output"
    done
}

# The command can reach the memory it shares with us: cut off, it is zeros for us and not the end.
test_shared_memory_can_be_truncated() {
    local engine truncate="exec truncate -s 0 $XDG_RUNTIME_DIR/shmoo/*.plan"
    for engine in preload seccomp; do
        run shmoo inject --engine $engine -e shm_unlink:error=EACCES --log log -- sh -c "$truncate"
        check_status 2
        check_equal "$engine" "shmoo: sh: truncated or overwrote the memory of this run: what was injected is not known" "$errors"
        run shmoo trace --engine $engine -- sh -c "$truncate"
        check_status 2
        check_contains "trace, $engine" "shmoo: sh: truncated or overwrote the memory of this run" "$errors"
    done
    run shmoo leaks --attribute --json -- sh -c "$truncate"
    check_json '.objects == []' # the command ends by SIGBUS, and leaks did not
    run shmoo inject -q --name cut -e shm_unlink:error=EACCES -- sh -c "
        truncate -s 0 $XDG_RUNTIME_DIR/shmoo/cut.plan; truncate -s 1G $XDG_RUNTIME_DIR/shmoo/cut.plan; '$SHMOO' rules cut"
    check_status 2
}
