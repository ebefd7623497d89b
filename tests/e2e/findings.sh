# findings.sh - findings about objects: each with a real object that is so, and one that only looks like it.

start_odd() {
    "$BUILT/tests/targets/odd" "$1" >/tmp/odd 2>/tmp/odd.errors &
    odd=$!
    trap 'kill "$odd" 2>/dev/null || :; wait "$odd" 2>/dev/null || :; tidy_up' EXIT
    eventually odd_is_ready
    grep -qx ready /tmp/odd || fail "$(cat /tmp/odd.errors)"
}

odd_is_ready() { grep -qx ready /tmp/odd || ! kill -0 "$odd"; }

# objects_of KIND: their labels.
objects_of() { shmoo list --json "$1" | jq -r '.objects[].object'; }

# found RULE OBJECT: what `show` finds about it, as "confidence".
found() {
    shmoo show --notify --json "$2" | jq -r --arg rule "$1" '.findings[] | select(.rule == $rule) | .confidence'
}

check_found() { check_equal "$1 of $2" "$3" "$(found "$1" "$2")"; }

test_show_names_findings_with_what_would_confirm_them() {
    start_ipc sysv-shm:mode=666,orphan
    run shmoo show "${object[0]}"
    check_status 0
    check_contains "heading" Findings "$output"
    check_contains "hint" "exposed " "$output"
    check_contains "reason" "hint: every user may change its contents (mode 0666)" "$output"
    check_contains "orphan" "likely: nobody is attached and its creator, pid $(ipc_value 0 creator), is dead" "$output"
    check_contains "confirm" "certain if " "$output"
    run shmoo show --json "${object[0]}"
    check_json '[.findings[].rule] | sort == ["exposed", "orphan"]'
    check_json '.findings | all(.objects == [$id])' --arg id "${object[0]}"
}

test_world_writable_is_a_hint_and_nothing_is_stuck() {
    umask 0
    start_ipc sysv-shm:mode=666 sysv-sem:mode=622 sysv-msg:mode=602 posix-shm:mode=666 posix-sem:mode=666 posix-mq:mode=666
    local id
    for id in "${object[@]}"; do check_found exposed "$id" hint; done
    run shmoo waits --json
    check_status 0
    check_json '.findings == []'
    run shmoo top -b -n 1
    check_contains "dashboard" "world-writable (hint) ${object[0]}: every user may" "$output"
}

test_what_only_others_may_read_is_fine() {
    start_ipc sysv-shm:mode=664 posix-shm:mode=644 posix-mq:mode=640 posix-shm:mode=666,unlinked,users=1
    local id
    for id in "${object[@]}"; do check_found exposed "$id" ""; done
}

test_pid_of_creator_has_another_process() {
    need_root
    start_odd reused-pid
    local pid
    pid=$(sed -n 's/^pid=//p' /tmp/odd)
    check_found reused-pid "$(objects_of sysv-shm)" likely
    run shmoo show "$(objects_of sysv-shm)"
    check_contains "reason" "the process that made it had pid $pid, which is another one since (odd)" "$output"
    run shmoo top -b -n 1
    check_contains "dashboard" "reused pid (likely)" "$output"
}

test_creator_gone_but_in_use_is_fine() {
    start_odd creator-gone
    run shmoo show --json "$(objects_of sysv-shm)"
    check_json '.findings == []'
}

# Only clients that came and went have worked on the set and the queue.
test_what_was_made_with_memory_in_use_is_fine() {
    start_ipc sysv-shm:users=1 sysv-sem:values=1,owner=dead,orphan sysv-msg:full,orphan
    run shmoo leaks --json
    check_status 0
    check_json '.objects == []'
}

test_idle_daemon_is_fine() {
    start_odd idle-daemon
    run shmoo show --json posix-shm:/ring posix-sem:/gate
    check_json '(.objects | length == 2) and .findings == []'
    run shmoo leaks
    check_status 0
    run shmoo waits
    check_status 0
}

test_notification_of_a_dead_process() {
    start_odd dead-notify
    check_found dead-notify posix-mq:/jobs certain
    run shmoo show --notify posix-mq:/jobs
    check_contains "reason" "process $(sed -n 's/^pid=//p' /tmp/odd), which is dead, is registered" "$output"
    # Reading the registration sets the queue's times: only when asked.
    run shmoo show --json posix-mq:/jobs
    check_json '.findings == []'
}

test_notification_of_a_live_process_is_fine() {
    start_odd live-notify
    check_found dead-notify posix-mq:/jobs ""
}

# The rule looks at files of a second ago at least, for they may be in the making.
stale_are() { [ "$(shmoo top -b -n 1 | grep -c '^stale temporary semaphore')" -eq "$1" ]; }

test_interrupted_sem_open() {
    local sure=likely
    start_odd stale-semaphores
    eventually stale_are 3
    [ "$(id -u)" -eq 0 ] || sure=hint
    run shmoo top -b -n 1
    check_equal "unfilled" 1 "$(grep -c "^stale .*($sure).*not the contents of a semaphore" <<<"$output")"
    check_equal "not linked" 1 "$(grep -c '^stale .*(hint).*a temporary name, such as' <<<"$output")"
    check_equal "not unlinked" 1 "$(grep -c '^stale .*(likely).*a second, temporary name of posix-sem:/gate' <<<"$output")"
    check_lacks "own name" "stale temporary semaphore (likely) posix-sem:/gate:" "$output"
}

test_semaphores_at_rest_are_not_stale() {
    start_odd good-semaphores
    eventually old_enough /dev/shm/sem.x7Kq2Z
    run shmoo top -b -n 1
    check_lacks "stale" "stale temporary" "$output"
    check_lacks "stale" "hopeless" "$output"
}

old_enough() { [ "$(stat -c %Z "$1")" -lt "$(($(date +%s) - 2))" ]; }

test_memory_that_only_descriptors_keep() {
    start_odd forgotten-descriptor
    local id
    id=$(objects_of posix-shm)
    check_contains "deleted" "posix-shm:/frames#" "$id"
    # Who may not look at all processes cannot know that nobody maps it.
    if [ "$(id -u)" -eq 0 ]; then check_found unlinked "$id" likely; else check_found unlinked "$id" ""; fi
    run shmoo top -b -n 1
    [ "$(id -u)" -ne 0 ] || check_contains "dashboard" "(likely) $id: 32M of memory without a name that nobody maps" "$output"
}

test_memfd_that_only_descriptors_keep() {
    [ "$(id -u)" -eq 0 ] || skip "needs to see all processes"
    start_odd forgotten-memfd
    run shmoo top -b -n 1
    check_contains "dashboard" "unlinked memory still charged (hint) memfd:" "$output"
}

test_unlinked_memory_in_use_is_fine() {
    start_odd unlinked-but-used
    run shmoo top -b -n 1
    check_lacks "mapped or small" "still charged" "$output"
}

as_user() { setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }

# hold FILE: a process of user 1234 has it open.
hold() {
    setpriv --reuid=1234 --regid=1234 --clear-groups sleep 1000 <"$1" &
    holder=$!
    trap 'kill "$holder"; wait "$holder" || :; tidy_up' EXIT
    eventually is_held "$1"
}
is_held() { shmoo list --json | jq -e --arg path "$1" '.objects[] | select(.path == $path) | .users[] | select(.comm == "sleep")'; }

test_file_that_only_another_user_uses() {
    need_other_users
    as_user 1235 sh -c 'umask 0; echo trap >/dev/shm/PostgreSQL.12345; echo trap >/dev/shm/ring'
    hold /dev/shm/PostgreSQL.12345
    check_found squatter posix-shm:/PostgreSQL.12345 likely
    check_found squatter posix-shm:/ring ""
    run shmoo show posix-shm:/PostgreSQL.12345
    check_contains "reason" "belongs to user 1235, who does not use it, but user 1234 does" "$output"
}

test_file_of_its_own_user_is_fine() {
    need_other_users
    as_user 1234 sh -c 'echo mine >/dev/shm/PostgreSQL.12345'
    hold /dev/shm/PostgreSQL.12345
    check_found squatter posix-shm:/PostgreSQL.12345 ""
}

test_name_with_the_uid_of_another_user() {
    need_other_users
    as_user 1235 sh -c 'touch /dev/shm/libpod_rootless_lock_1234 /dev/shm/libpod_rootless_lock_1235'
    check_found squatter posix-shm:/libpod_rootless_lock_1234 likely
    check_found squatter posix-shm:/libpod_rootless_lock_1235 ""
}
