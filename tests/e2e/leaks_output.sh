# leaks_output.sh - where leaks reports, and what happens when nobody takes it; and options that need a command.
export XDG_RUNTIME_DIR=/tmp/work # no runs of others

leave_a_process() { echo ': >/dev/shm/left; sleep 1000 & until grep -qx sleep /proc/$!/comm; do :; done'; }

nothing_stays() {
    check_equal "left running" '' "$(pgrep -x sleep || :)"
    check_equal "files of runs" '' "$(find "$XDG_RUNTIME_DIR/shmoo" -name '*.plan')"
}

test_report_that_has_no_room_is_said() {
    run shmoo leaks --json -o /dev/full -- ipcmk -Q
    check_status 2
    check_equal errors "shmoo: /dev/full: No space left on device" "$errors"
    run shmoo leaks --junit /dev/full -- ipcmk -Q
    check_status 2
    check_contains errors "shmoo: /dev/full: No space left on device" "$errors"
    check_contains errors "sysv-msg:0" "$errors"
    shmoo leaks --json -- ipcmk -Q >/dev/full 2>/tmp/said && fail "no status of a full device"
    check_equal said "shmoo: standard output: No space left on device" "$(grep -v Message /tmp/said)"
    ipcmk -M 4096 >/dev/null
    shmoo leaks >/dev/full 2>/tmp/said && fail "no status of a full device"
    check_equal said "shmoo: standard output: No space left on device" "$(cat /tmp/said)"
}

test_nothing_stays_when_nobody_reads_the_report() {
    local grace=(--grace 0 --junit /tmp/junit)
    { shmoo leaks "${grace[@]}" -- sh -c "$(leave_a_process)" 2>&1 || echo $? >/tmp/status; } | exec true
    check_equal status 141 "$(cat /tmp/status)"
    check_contains junit 'failures="2"' "$(cat /tmp/junit)"
    nothing_stays
    { shmoo leaks "${grace[@]}" --json -- sh -c "$(leave_a_process)" 2>/dev/null || echo $? >/tmp/status; } | exec true
    check_equal status 141 "$(cat /tmp/status)"
    nothing_stays
    { shmoo leaks "${grace[@]}" --timeout 100ms -- sh -c 'sleep 1000 & wait' 2>&1 || :; } | exec true
    nothing_stays
}

test_what_needs_a_command_says_so() {
    local option
    for option in --shared --timeout=1s --grace=1s --attribute --no-attribute --junit=/tmp/new --sarif=/tmp/new --exit-code=7; do
        run shmoo leaks "$option"
        check_status 2
        check_equal errors "shmoo: ${option%%=*}: only with a command" "$errors"
    done
    [ ! -e /tmp/new ] || fail "a report of nothing"
    run shmoo leaks --
    check_status 2
    check_equal errors "shmoo: leaks: no command after --" "$errors"
}

test_a_baseline_may_be_written_again() {
    run shmoo leaks --json -o /tmp/baseline -- sh -c ': >/dev/shm/left'
    check_status 23
    run shmoo leaks --json -o /tmp/baseline --baseline /tmp/baseline -- sh -c ': >/dev/shm/left'
    check_status 0
}

test_annotations_are_for_github_actions() {
    local value
    for value in '' false; do
        GITHUB_ACTIONS=$value run shmoo leaks -- ipcmk -Q
        check_status 23
        check_lacks output "::error" "$output"
    done
}

# The command can reach the file in which its calls are noted.
test_attribution_that_was_lost_is_said() {
    run shmoo leaks -- sh -c ": >/dev/shm/left; exec truncate -s 0 $XDG_RUNTIME_DIR/shmoo/*.plan"
    check_contains errors "posix-shm:/left" "$errors"
    check_contains errors "the command truncated or overwrote the file in which its calls are noted" "$errors"
}

test_hostile_names_are_harmless() {
    need cc
    local folder=$'a\x1b[31m\n'
    run shmoo leaks -- "./$folder"
    check_status 127
    check_equal errors 'shmoo: ./a\x1b[31m\x0a: No such file or directory' "$errors"
    mkdir "$folder"
    printf '#include <fcntl.h>\n#include <sys/mman.h>\nint main(void) { return shm_open("/left", O_CREAT, 0600) < 0; }\n' >"$folder/a.c"
    cc -g -o made "$folder/a.c"
    GITHUB_ACTIONS=true run shmoo leaks -- ./made
    check_status 23
    check_contains output '::error file=a\x1b[31m\x0a/a.c,line=3,' "$output"
}
