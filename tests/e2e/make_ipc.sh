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

test_world_has_every_kind() {
    start_ipc world
    check_equal "kinds" "$("$MAKE_IPC" --help | grep -x '[a-z][a-z-]*' | sort)" \
        "$(printf '%s\n' "${ipc[@]}" | sed 's/kind=\([^\t]*\).*/\1/' | sort -u)"
}

test_every_kind_is_made_with_defaults() {
    local kind
    for kind in $("$MAKE_IPC" --help | grep -x '[a-z][a-z-]*'); do
        start_ipc "$kind" "$kind:count=2"
        [ "${#ipc[@]}" -ge 3 ] || fail "$kind: ${#ipc[@]} objects"
        stop_ipc
        check_equal "files left by $kind" "" "$(find /dev/shm /dev/mqueue -mindepth 1)"
    done
}

test_unlinked_objects_have_users_but_no_name() {
    local kind
    for kind in posix-shm posix-mq posix-sem; do
        start_ipc "$kind:name=/gone,unlinked,users=1"
        check_equal "object" "$kind:/gone#$(ipc_value 0 inode)" "${object[0]}"
        check_equal "files" "" "$(find /dev/shm /dev/mqueue -mindepth 1)"
        kill -0 "$(ipc_value 0 users)"
        stop_ipc
    done
}

test_orphans_have_a_dead_creator() {
    local kind
    for kind in sysv-shm sysv-sem sysv-msg posix-shm posix-sem posix-mq fifo; do
        start_ipc "$kind:orphan"
        [ ! -e "/proc/$(ipc_value 0 creator)" ] || fail "$kind: creator is alive"
        stop_ipc
    done
}

test_names_may_hold_any_byte() {
    start_ipc 'posix-shm:name=/a\x0ab\x1b[31m\xff\x2c\x3a c'
    check_equal "file" $'a\nb\e[31m\xff,: c' "$(find /dev/shm -mindepth 1 -printf '%f')"
    check_equal "object" 'posix-shm:/a\x0ab\x1b[31m\xff,: c' "${object[0]}"
}

# proc(5): devices are in hexadecimal. OFD locks of other pid namespaces are listed too, so the device matters.
test_locks_are_in_proc_locks() {
    local type where
    for type in flock posix ofd; do
        start_ipc "lock:type=$type,waiters=1"
        where=$(ipc_value 0 dev)
        where=$(printf '%02x:%02x:%s' "${where%:*}" "${where#*:}" "$(ipc_value 0 inode)")
        check_equal "$type: locks of $where" 2 "$(grep -c " $where " /proc/locks)"
        stop_ipc
    done
}

test_ends_when_stdin_closes() {
    echo | "$MAKE_IPC" sysv-shm posix-shm >/dev/null
    check_equal "System V objects" 0 "$(count_sysv)"
    check_equal "files" "" "$(find /dev/shm -mindepth 1)"
}

test_killed_workers_do_not_outlive_it() {
    start_ipc sysv-shm:users=2 pipe
    kill -KILL "$ipc_pid"
    wait "$ipc_pid" || :
    eventually test ! -e "/proc/$(ipc_value 0 users | cut -d, -f1)"
    eventually test ! -e "/proc/$(ipc_value 1 readers)"
}
