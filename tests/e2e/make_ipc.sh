# make_ipc.sh - the fixture itself: it makes what it says, and takes all of it away again.

count_sysv() { awk 'FNR > 1' /proc/sysvipc/* | wc -l; }

test_world_is_made_and_removed() {
    start_ipc world
    [ "$(count_sysv)" -ge 5 ] || fail "only $(count_sysv) System V objects"
    stop_ipc
    check_equal "System V objects" 0 "$(count_sysv)"
    check_equal "files" "" "$(find /dev/shm /dev/mqueue -mindepth 1)"
}

test_kernel_agrees_about_a_segment() {
    local id
    start_ipc sysv-shm:size=12345,users=2,key=0x77,mode=640
    id=$(ipc_value 0 id)
    check_equal "object" "sysv-shm:$id" "${object[0]}"
    check_equal "/proc/sysvipc/shm" "119 $id 640 12345 $(ipc_value 0 creator) 2" \
        "$(awk -v id="$id" '$2 == id { print $1, $2, $3, $4, $5, $7 }' /proc/sysvipc/shm)"
}

test_waiters_wait_when_ready() {
    start_ipc sysv-sem:values=0/0,number=1,waiters=2
    need ipcs
    check_equal "waiters of semaphore 1 (ncount)" 2 \
        "$(ipcs -s -i "$(ipc_value 0 id)" | awk '$1 == 1 { print $3 }')"
}

test_bad_requests_are_refused() {
    run "$MAKE_IPC" sysv-shm:colour=red
    check_status 1
    check_equal "message" "make_ipc: colour: no such key of this kind; see make_ipc --help" "$errors"
    run "$MAKE_IPC" sysv-shm:size=1K nothing
    check_status 1
    check_equal "System V objects" 0 "$(count_sysv)"
}
