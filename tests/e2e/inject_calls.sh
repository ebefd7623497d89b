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
