# probes.sh - what makes an object this object and no other: namespaces, mounts, inodes, names that come and go.

# made: what start_ipc made, as JSON.
made() { printf '%s\n' "${object[@]}" | jq -R . | jq -s .; }

# A namespace of its own, like a container's: its ipc objects, /dev/shm and queues are not ours.
start_container() {
    unshare --ipc --mount sh -c 'mount -t tmpfs tmpfs /dev/shm && mount -t mqueue none /dev/mqueue 2>/dev/null
        exec "$@"' sh "$MAKE_IPC" --hold "$@" </dev/null >/tmp/container 2>/tmp/container.errors &
    container=$!
    eventually grep -qx ready /tmp/container
}

stop_container() {
    kill "$container"
    wait "$container" || :
}

test_other_namespaces_are_seen_only_when_asked() {
    need_root
    local container
    start_container sysv-shm:key=7,users=1 posix-shm:name=/ring,users=1 sysv-sem posix-mq:name=/jobs,users=1
    start_ipc sysv-shm:key=7,users=1 posix-shm:name=/ring,users=1 posix-mq:name=/jobs,users=1
    run shmoo list --json
    check_status 0
    check_json '[.objects[].object] | sort == ($ids | sort)' --argjson ids "$(made)"
    # Both segments have the same id; each has its own user, and no other.
    check_json '.objects | all(.users | map(.pid) | unique | length == 1)'
    check_json '.objects[] | select(.kind == "sysv-shm") | .users[0].pid == $pid' --argjson pid "$(ipc_value 0 users)"
    run shmoo list -a --json
    check_status 0
    check_json '[.objects[] | select(.kind == "sysv-shm")] | length == 2'
    check_json '[.objects[] | select(.kind == "sysv-sem")] | length == 1'
    check_json '[.objects[] | select(.kind == "posix-shm")] | length == 2'
    check_json '[.objects[] | select(.kind == "posix-mq")] | length == 2'
    check_json '([.objects[].object] | unique | length) == (.objects | length)'
    check_json '[.objects[] | select(.kind == "sysv-shm").namespace] | unique | length == 2'
    check_json '[.objects[] | select(.kind == "posix-shm" or .kind == "sysv-shm")] | all(.users | map(.pid) | unique | length == 1)'
    stop_container
}

# Nobody has the queue open, and only a process the file without a name, which is called as it is in there.
test_what_nobody_holds_in_another_namespace_is_seen() {
    need_root
    local container lost
    start_container posix-mq:name=/jobs,messages=2 posix-shm:name=/lost,users=1,unlinked
    lost=$(sed -n 's/.*object=posix-shm:\([^\t]*\).*/\1/p' /tmp/container)
    run shmoo list -a --json posix-mq posix-shm
    check_status 0
    check_equal "errors" "" "$errors"
    check_json '[.objects[] | select(.kind == "posix-mq")] | length == 1 and (.[0] | .messages == 2 and .name == "/jobs")'
    check_json '.objects[] | select(.kind == "posix-mq") | .object == "posix-mq:/jobs@\(.namespace)"'
    check_json '.objects[] | select(.kind == "posix-shm") | .object == "posix-shm:\($lost)@\(.device)"' --arg lost "$lost"
    run shmoo record -a recording
    run shmoo list -a --root recording --json posix-mq
    check_json '[.objects[].messages] == [2]'
    run shmoo list -a -n -o name posix-mq
    check_equal "columns asked for" "/jobs" "$output"
    stop_container
}

# Whoever leaves its ipc namespace keeps the old mount of queues, and cannot open any of them.
test_queues_of_a_namespace_left_behind_are_not_ours() {
    need_root
    start_ipc posix-mq:name=/theirs
    run unshare --ipc "$SHMOO" list --json posix-mq
    check_status 0
    check_json '.objects == []'
    run timeout 60 unshare --ipc sh -c '"$1" --hold posix-mq:name=/ours & while ! "$2" list -n -o name posix-mq | grep /; do sleep 0.05; done; kill $!' \
        sh "$MAKE_IPC" "$SHMOO"
    check_contains "its own queue" /ours "$output"
    check_lacks "a queue of others" /theirs "$output"
}

test_dev_shm_mounted_twice_is_listed_once() {
    need_root
    mkdir -p /tmp/jail/dev/shm
    mount --bind /dev/shm /tmp/jail/dev/shm
    start_ipc posix-shm:name=/ring,users=1 posix-sem:name=/gate
    run shmoo list --json
    check_json '[.objects[].object] == ["posix-shm:/ring", "posix-sem:/gate"]'
    check_json '.objects[0].path == "/dev/shm/ring"'
}

test_dev_shm_may_be_a_link() {
    need_root
    mkdir /run/shm
    mount --move /dev/shm /run/shm
    rmdir /dev/shm
    ln -s /run/shm /dev/shm
    start_ipc posix-shm:name=/ring,users=1 posix-sem:name=/gate posix-shm:name=/lost,users=1,unlinked
    run shmoo list --json
    check_status 0
    check_equal "errors" "" "$errors"
    check_json '[.objects[].object] | sort == ($ids | sort)' --argjson ids "$(made)"
    check_json '.objects[] | select(.object == "posix-shm:/ring") | .path == "/run/shm/ring" and (.users | length == 1)'
    run shmoo limits --json
    check_json '[.limits[] | select(.limit == "tmpfs_inodes").place] == ["/run/shm"]'
}

# The first thread of a process may end before the others: /proc/PID is empty then, and the process is not.
test_a_process_without_its_first_thread_uses_what_it_uses() {
    start_ipc sysv-shm:users=1,headless posix-shm:name=/ring,users=1,headless posix-mq:name=/jobs,users=1,headless \
        memfd:users=1,headless anon-shm:users=2,headless pipe:fill=10,readers=1,headless eventfd:users=1,headless \
        sysv-sem:values=0,waiters=1,headless posix-sem:name=/gate,value=0,waiters=1,headless \
        fifo:name=/tmp/in.fifo,opening=read,headless lock:name=/tmp/a.lock,type=flock,headless
    run shmoo list --json --kinds all
    check_status 0
    check_json '[.objects[] | select(.object | IN($ids[])) | select(.users | length == 0) | .object] == []' --argjson ids "$(made)"
    check_json '[.objects[] | select(any(.users[]; .role == "waiting")) | .object] | contains([$sem, $gate, $fifo])' \
        --arg sem "${object[7]}" --arg gate "${object[8]}" --arg fifo "${object[9]}"
    check_json '.objects[] | select(.object == $pipe).fill == 10' --arg pipe "${object[5]}"
    run shmoo leaks --json
    check_json '.objects == []'
    run shmoo record rec
    check_status 0
    run shmoo list --json --kinds all --root rec
    check_json '[.objects[] | select(.object | IN($ids[])) | select(.users | length == 0) | .object] == []' --argjson ids "$(made)"
}

test_a_queue_opened_by_its_path_has_a_user() {
    start_ipc posix-mq:name=/jobs,messages=1
    sleep 1000 </dev/mqueue/jobs &
    local reader=$!
    eventually test "/proc/$reader/fd/0" -ef /dev/mqueue/jobs
    run shmoo list --json posix-mq
    check_json '.objects[] | select(.object == "posix-mq:/jobs") | any(.users[]; .pid == $pid and .role == "open")' --argjson pid "$reader"
    kill "$reader"
    wait "$reader" || :
}

# What is live and called "x (deleted)" is live; what is deleted and called so is deleted.
test_names_do_not_tell_what_is_deleted() {
    start_ipc 'posix-shm:name=/x (deleted),users=1' 'posix-shm:name=/y (deleted),users=1,unlinked' posix-shm:name=/z,users=1,unlinked
    run shmoo list --json posix-shm
    check_json '[.objects[] | select(.object | IN($ids[]))] | length == 3' --argjson ids "$(made)"
    check_json '.objects | length == 3'
    check_json '[.objects[] | select(.state == "live").object] == ["posix-shm:/x (deleted)"]'
    check_json '[.objects[] | select(.state == "live")] | all(.users | length >= 1)'
}

# Every time, count and pid that the kernel keeps of an object.
facts() {
    cat /proc/sysvipc/*
    find /dev/shm /dev/mqueue /tmp/*.fifo /tmp/*.lock -type f -printf '%p %A@ %C@ %T@ %n %s\n' -o -type p -printf '%p %A@ %C@ %T@\n' | sort
}

test_listing_changes_nothing() {
    start_ipc world
    facts >before
    for _ in 1 2 3; do
        run shmoo list
        check_status 0
        run shmoo list --kinds all --json
        check_status 0
        run shmoo ps --json
        check_status 0
    done
    facts >after
    diff before after || fail "listing leaves traces"
}
