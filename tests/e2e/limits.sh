# limits.sh - `shmoo limits` against the kernel's own files and tables.

limit() { json ".limits[] | select(.limit == \"$1\") | $2"; }

test_system_v_limits_and_use() {
    start_ipc sysv-shm:size=5000 sysv-shm:size=1M sysv-sem:values=1/2/3 sysv-sem sysv-msg:messages=2,bytes=50
    run shmoo limits --json
    check_status 0
    check_equal "shmmni" "2 $(cat /proc/sys/kernel/shmmni)" "$(limit shmmni '"\(.use) \(.maximum)"')"
    check_equal "shmall in whole pages" $((8192 + 1048576)) "$(limit shmall .use)"
    check_equal "shmmax" 1048576 "$(limit shmmax .use)"
    check_equal "semmni" "2 $(awk '{ print $4 }' /proc/sys/kernel/sem)" "$(limit semmni '"\(.use) \(.maximum)"')"
    check_equal "semmns" "4 $(awk '{ print $2 }' /proc/sys/kernel/sem)" "$(limit semmns '"\(.use) \(.maximum)"')"
    check_equal "semmsl" "3 $(awk '{ print $1 }' /proc/sys/kernel/sem)" "$(limit semmsl '"\(.use) \(.maximum)"')"
    check_equal "semopm" "null $(awk '{ print $3 }' /proc/sys/kernel/sem)" "$(limit semopm '"\(.use) \(.maximum)"')"
    check_equal "msgmni" "1 $(cat /proc/sys/kernel/msgmni)" "$(limit msgmni '"\(.use) \(.maximum)"')"
    check_equal "msgmnb" "100 $(cat /proc/sys/kernel/msgmnb)" "$(limit msgmnb '"\(.use) \(.maximum)"')"
    check_equal "file-max" "$(cat /proc/sys/fs/file-max)" "$(limit file_max '.maximum // 9223372036854775807')"
}

test_without_limit_is_said() {
    [ "$(cat /proc/sys/kernel/shmmax)" = 18446744073692774399 ] || skip "shmmax has been set"
    run shmoo limits --json
    check_equal "shmmax" "true null null" "$(limit shmmax '"\(.unlimited) \(.maximum) \(.percent)"')"
    run shmoo limits
    check_contains "table" unlimited "$(grep '^shmmax' <<<"$output")"
}

test_queues_and_users() {
    start_ipc posix-mq:maximum=7,size=100 pipe:capacity=8K signal:pending=2
    run shmoo limits --json
    check_equal "queues" "1 $(cat /proc/sys/fs/mqueue/queues_max)" "$(limit queues_max '"\(.use) \(.maximum)"')"
    check_equal "longest" 7 "$(limit msg_max .use)"
    check_equal "widest" 100 "$(limit msgsize_max .use)"
    check_equal "RLIMIT_MSGQUEUE, as getrlimit(2) counts" $((7 * (48 + 100) + 7 * 48)) \
        "$(limit msgqueue "select(.user == $(id -u)).use")"
    check_equal "its limit" "$(ulimit -q)" "$(limit msgqueue "select(.user == $(id -u)).maximum")"
    [ "$(limit sigpending "select(.user == $(id -u)).use")" -ge 2 ] || fail "signals: $output"
    [ "$(limit pipe_user_pages_soft "select(.user == $(id -u)).use")" -ge 8192 ] || fail "pipes: $output"
}

test_file_systems_of_shared_memory() {
    start_ipc posix-shm:size=1M,touch=1M
    run shmoo limits --json
    check_equal "bytes" "$(df -B1 --output=used,size /dev/shm | tail -n 1 | xargs)" \
        "$(limit tmpfs_size 'select(.place == "/dev/shm") | "\(.use) \(.maximum)"')"
    check_equal "inodes" "$(df --output=iused,itotal /dev/shm | tail -n 1 | xargs)" \
        "$(limit tmpfs_inodes 'select(.place == "/dev/shm") | "\(.use) \(.maximum)"')"
}

test_shmem_is_explained() {
    start_ipc posix-shm:size=3M,touch=3M,users=1 sysv-shm:size=2M,touch=2M,users=1 memfd:size=5M,touch=5M
    start_ipc posix-shm:name=/gone,size=1M,touch=1M,users=1,unlinked=1
    run shmoo limits --json
    check_json '.shmem.posix == 3 * 1048576 and .shmem.sysv == 2 * 1048576 and .shmem.memfd == 5 * 1048576'
    [ "$(id -u)" -ne 0 ] || check_json '.shmem.deleted == 1048576'
    check_json '.shmem | .posix + .sysv + .memfd + .anon + .deleted + .tmpfs + .unexplained - .excess == .total'
    [ "$(json .shmem.total)" -ge $((11 << 20)) ] || fail "Shmem is $(json .shmem.total)"
}

test_long_form_tells_how_to_raise() {
    run shmoo limits --long
    check_status 0
    check_contains "source and raise" "kernel.shmmni sysctl kernel.shmmni=N" "$(tr -s ' ' <<<"$output")"
    run shmoo limits operand
    check_status 2
}

test_recording_has_the_same_limits() {
    start_ipc sysv-shm:size=1M posix-mq
    shmoo record --help >/dev/null 2>&1 || skip "no record command yet"
    shmoo record /tmp/work/recording
    run shmoo limits --json
    json '[.limits[] | select(.limit != "file_max" and .user == null) | del(.use)]' >/tmp/live
    run shmoo limits --json --root /tmp/work/recording
    check_status 0
    json '[.limits[] | select(.limit != "file_max" and .user == null) | del(.use)]' >/tmp/replayed
    cmp /tmp/live /tmp/replayed
}

test_tmpfs_of_other_mount_namespaces_is_counted_when_asked() {
    need_root
    mkdir inside
    unshare --mount sh -c 'mount -t tmpfs tmpfs inside && head -c 8M /dev/zero >inside/file && echo >made && exec sleep 1000' &
    local holder=$!
    eventually test -e made
    run shmoo limits --json
    local without
    without=$(json .shmem.tmpfs)
    run shmoo limits --json --all-namespaces
    check_status 0
    check_json '.shmem.tmpfs >= $without + 8 * 1024 * 1024' --argjson without "$without"
    kill "$holder"
    wait "$holder" || :
}
