# rm.sh - removal, and above all what is not removed.

exists() { shmoo list --kinds all --raw -n -o object | grep -qxF -- "$1"; }

test_unused_objects_of_each_kind_are_removed() {
    local id
    start_ipc sysv-shm:orphan sysv-sem:orphan sysv-msg:orphan posix-shm:name=/a,orphan posix-sem:name=/b,orphan \
        posix-mq:name=/c,orphan fifo:name=/dev/shm/d,orphan
    run shmoo rm --dry-run "${object[@]}"
    check_status 0
    check_contains "dry run" "would remove ${object[0]}" "$output"
    for id in "${object[@]}"; do exists "$id"; done
    run shmoo rm "${object[@]}"
    check_status 0
    check_equal "lines" "${#object[@]}" "$(grep -c '^removed ' <<<"$output")"
    for id in "${object[@]}"; do ! exists "$id" || fail "$id is still there"; done
}

test_what_is_in_use_is_refused_unless_forced() {
    start_ipc sysv-shm:users=2 posix-shm:name=/used,users=1 sysv-sem:values=0,waiters=1 posix-shm:name=/free,orphan
    run shmoo rm "${object[@]}"
    check_status 1
    check_contains "segment" "${object[0]}: not removed: in use by 2 processes" "$errors"
    check_contains "file" "posix-shm:/used: not removed: in use by 1 process" "$errors"
    check_contains "set" "${object[2]}: not removed: in use by" "$errors"
    check_equal "goes on" "removed posix-shm:/free" "$(sed 's/ (.*//' <<<"$output")"
    exists "${object[0]}"
    run shmoo rm --force posix-shm:/used
    check_status 0
    ! exists posix-shm:/used
}

test_a_queue_is_removed_where_none_or_others_are_mounted() {
    need_root
    mkdir queues
    : >/dev/mqueue/jobs
    run unshare --ipc sh -c 'mount -t mqueue none queues && : >queues/jobs && umount queues && "$1" rm posix-mq:/jobs && "$1" list -n posix-mq' \
        sh "$SHMOO"
    check_status 0
    check_equal "of a namespace without a mount" "removed posix-mq:/jobs (80K)" "$output"
    test -e /dev/mqueue/jobs
    umount /dev/mqueue
    run shmoo rm posix-mq:/jobs
    check_status 0
    run shmoo list -n posix-mq
    check_equal "queues" "" "$output"
}

test_a_queue_whose_sender_lives_is_in_use() {
    start_ipc sysv-msg:full,senders=1
    run shmoo rm "${object[0]}"
    check_status 1
    check_contains "message" "not removed: in use" "$errors"
}

test_orphans_are_only_told_without_yes() {
    start_ipc sysv-shm:size=64K,orphan sysv-shm:users=1
    run shmoo rm --orphans
    check_status 0
    check_contains "told" "would remove ${object[0]}" "$output"
    check_lacks "used one" "${object[1]}" "$output"
    exists "${object[0]}"
    run shmoo rm --orphans --older=1h --yes
    check_status 0
    check_lacks "too young" "${object[0]}" "$output"
    run shmoo rm --orphans --user=4000000 --yes
    check_lacks "of somebody else" "${object[0]}" "$output"
    run shmoo rm --orphans --yes
    check_contains "removed" "removed ${object[0]}" "$output"
    ! exists "${object[0]}" || fail "still there"
    exists "${object[1]}"
}

test_links_are_not_followed() {
    touch /tmp/work/victim
    ln -s /tmp/work/victim /dev/shm/link
    run shmoo rm posix-shm:/link
    check_status 2
    [ -e /tmp/work/victim ] || fail "victim is gone"
    rm /dev/shm/link
}

test_hostile_names_are_removed_and_shown_harmlessly() {
    start_ipc 'posix-shm:name=/a\x1b[31m\x0ab,orphan'
    run shmoo rm "${object[0]}"
    check_status 0
    check_contains "escaped" 'removed posix-shm:/a\x1b[31m\x0ab' "$output"
    check_equal "files" "" "$(find /dev/shm -mindepth 1)"
}

test_wrong_requests_are_refused() {
    run shmoo rm sysv-shm:123456
    check_status 2
    check_contains "message" "shmoo: sysv-shm:123456: no such object" "$errors"
    run shmoo rm
    check_status 2
    run shmoo rm --yes posix-shm:/x
    check_status 2
    run shmoo rm --orphans --older=soon
    check_status 2
    check_equal "message" "shmoo: --older: 'soon' is no duration like 90s, 1h or 7d" "$errors"
}

test_removed_and_still_attached_is_said_so() {
    start_ipc sysv-shm:users=1,removed
    run shmoo rm --force "${object[0]}"
    check_status 1
    check_contains "message" "removed already" "$errors"
}
