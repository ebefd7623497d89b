# Every call, error and engine: the program sees exactly that error, and nothing happened.
# not with sanitizers: 1300 runs; inject.sh has one for each way of looking at a stopped program
MAKE_CALL=$BUILT/tests/targets/make_call

test_every_call_and_error_by_preload() {
    run "$MAKE_CALL" --all "$SHMOO" preload
    check_status 0
    check_contains "the last line" ", 0 failed" "$output"
}

test_every_call_and_error_by_seccomp() {
    run "$MAKE_CALL" --all "$SHMOO" seccomp
    check_status 0
    check_contains "the last line" ", 0 failed" "$output"
}

test_every_call_and_error_of_a_static_program() {
    run "${MAKE_CALL}_static" --all "$SHMOO" seccomp
    check_status 0
    check_contains "the last line" ", 0 failed" "$output"
}

# The test above must be able to fail: without the fault the call has its effect.
test_the_check_notices_a_call_that_succeeds() {
    export MAKE_CALL_IDS="0 0 0"
    run "$MAKE_CALL" --call shm_open ENOSPC
    check_status 1
    check_contains "the complaint" "another result" "$output"
}

# What a program owns it may use and remove, and without a handler nothing interrupts it.
test_what_cannot_happen_is_not_injected() {
    local engine program rule matched
    for engine in preload seccomp; do
        while read -r program rule matched; do
            run shmoo inject --engine $engine -e "$rule" -- "$BUILT/tests/targets/sound_$program"
            check_contains "$rule by $engine" "'$rule': matched $matched," "$errors"
        done <<'END'
map_leak shm_unlink:error=EACCES 1
length_unchecked mq_unlink:error=EACCES:when=2 1
length_unchecked mq_receive:error=EMSGSIZE 0
rmid_skipped shmctl:error=EPERM 0
semget_window semctl:error=EPERM 0
msg_leak msgctl:error=EPERM 0
hoarded_backlog msgrcv:error=EINTR 0
kill_ignored kill:error=EPERM:func=main 0
END
    done
}
