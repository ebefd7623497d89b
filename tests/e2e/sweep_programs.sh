# sweep_programs.sh - what is known to go wrong in programs of Debian, found again by sweeps.
# not with sanitizers: what runs is other people's programs; sweeps themselves are in sweep.sh

# sweep CALLS ERRORS COMMAND...: those errors once at each place, the result as JSON in $output.
sweep() {
    run shmoo sweep --json --only once --calls "$1" --errors "$2" -- "${@:3}"
    check_json '.complete and .trials > 0'
}

findings() { json '.findings[] | "\(.verdict) \(.call) \(.error): \(.reason)"' | sort; }

# They ask for real-time scheduling, for which a user namespace does not do.
need_rt_tests() {
    need svsematest pmqtest chrt
    chrt -f 1 true 2>/dev/null || skip "may not schedule in real time"
}
readonly SIGWAIT=(svsematest -f -l 20 -i 1000 -q) SEMAPHORES=(svsematest -l 20 -i 1000 -q) QUEUES=(pmqtest -l 20 -i 1000 -q)

# The result of ftruncate is ignored, so the mapping has no pages.
test_svsematest_touches_what_has_no_room() {
    need_rt_tests
    sweep ftruncate ENOSPC "${SIGWAIT[@]}"
    check_equal findings "crash ftruncate ENOSPC: ended by SIGBUS" "$(findings)"
    check_json '.results[0].left == ["posix-shm:/sigwaittest"]'
    # The program has no symbols.
    check_json '.findings[0].site.stack[0] | (.module | endswith("/svsematest")) and (.offset | test("^0x")) and .function == null'
}

# The parent goes on to wait for a child that has ended.
test_svsematest_waits_for_a_child_that_failed() {
    need_rt_tests
    local hang="waits for sysv-sem:0 (semtimedop)"
    sweep mmap ENOMEM "${SIGWAIT[@]}"
    check_json '.findings | any(.verdict == "leak" and .call == "mmap" and .reason == "leaves posix-shm:/sigwaittest")'
    check_json '.findings | any(.verdict == "hang" and .call == "mmap" and (.reason | contains($hang)))' --arg hang "$hang"
    sweep shm_open EMFILE "${SIGWAIT[@]}"
    check_equal findings "hang shm_open EMFILE: did not end: $hang" "$(findings)"
    check_equal "verdict on the first" handled "$(json '.results[0].verdict')"
}

test_svsematest_succeeds_without_semaphores() {
    need_rt_tests
    sweep semget ENOSPC "${SEMAPHORES[@]}"
    check_equal findings "silent semget ENOSPC: exit status 0, but the output differs; it wrote: semget: No space left on device" "$(findings)"
}

test_pmqtest_leaves_its_first_queue() {
    need_rt_tests
    sweep mq_open EMFILE "${QUEUES[@]}"
    check_equal findings "leak mq_open EMFILE: leaves posix-mq:/syncmsg0" "$(findings)"
}

# It counts on: what it says of the latency is of messages that never were.
test_pmqtest_succeeds_when_nothing_is_sent() {
    need_rt_tests
    sweep mq_timedsend,mq_send EINTR "${QUEUES[@]}"
    check_json '.findings | any(.verdict == "silent" and (.reason | contains("could not send")))'
    check_json '[.findings[].verdict] | unique == ["silent"]'
}
