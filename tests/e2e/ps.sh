# ps.sh - `shmoo ps`: processes with what they hold and wait for.

test_table_has_a_row_for_each_process_and_totals() {
    start_ipc sysv-shm:size=1M,users=2 sysv-sem:values=0,number=0,waiters=1
    run shmoo ps
    check_status 0
    check_contains "header" "PID USER OBJECTS MAPPED" "$(head -n 1 <<<"$output" | tr -s ' ')"
    check_equal "rows" 3 "$(grep -c ' make_ipc\|/make_ipc' <<<"$output")"
    check_equal "mapping" 2 "$(grep -cE ' 1 +1M +0 +0 +0 - ' <<<"$output")"
    check_contains "waiting" "1 ${object[1]}" "$(tr -s ' ' <<<"$output")"
    check_contains "totals" "total 3 2M 0 0 1" "$(tail -n 1 <<<"$output" | tr -s ' ')"
    run shmoo ps -n
    check_equal "without headings" 3 "$(grep -c . <<<"$output")"
}

test_one_process_in_detail() {
    local pid
    start_ipc posix-mq:name=/jobs,receivers=1
    pid=$(pgrep -x make_ipc | tail -n 1)
    run shmoo ps "$pid"
    check_status 0
    check_equal "heading" "process $pid" "$(head -n 1 <<<"$output")"
    check_contains "object" "posix-mq:/jobs" "$output"
    check_contains "waits" "waiting in mq_timedreceive, thread $pid" "$output"
    check_contains "command" "make_ipc --hold posix-mq:name=/jobs,receivers=1" "$output"
}

test_json_says_the_same() {
    start_ipc sysv-shm:size=1M,users=2 memfd:size=64K
    run shmoo ps --json
    check_status 0
    check_json '.schema == 1 and (.processes | length) == 3'
    check_json '[.processes[].uses[] | select(.object == $id and .role == "mapped").bytes] == [1048576, 1048576]' --arg id "${object[0]}"
    check_json '[.processes[] | .mapped] | add == 2 * 1048576 + 65536'
}

test_user_selects() {
    start_ipc sysv-shm:users=1
    run shmoo ps -n --user "$(id -u)"
    check_equal "own" 1 "$(grep -c make_ipc <<<"$output")"
    run shmoo ps -n --user 54321
    check_equal "another's" "" "$output"
    run shmoo ps --user nobody-of-that-name
    check_status 2
}

test_wrong_pids_fail() {
    start_ipc sysv-shm:users=1
    run shmoo ps 999999999 x "$(ipc_value 0 users)" 0
    check_status 2
    check_contains "errors" "shmoo: 999999999: no such process" "$errors"
    check_contains "errors" "shmoo: x: not a pid" "$errors"
    check_contains "errors" "shmoo: 0: not a pid" "$errors"
    check_contains "others are shown" "process $(ipc_value 0 users)" "$output"
}

test_process_without_objects() {
    exec sleep 100 </dev/null >/dev/null 2>&1 &
    run shmoo ps "$!"
    check_status 0
    check_contains "nothing" "uses no object" "$output"
    kill "$!"
}
