# waits.sh - waits that never end are found with who takes part in them, and waits that only look so are not.

# start_stuck SCENARIO WAITS: until it has that many threads waiting.
start_stuck() {
    "$BUILT/tests/targets/stall" "$1" >/tmp/stall &
    stuck=$!
    trap 'kill "$stuck"; tidy_up' EXIT
    eventually waits_are "$2"
}

# As many waits of the processes of the scenario, and not one of shell or tool.
waits_are() { [ "$(shmoo waits --json | jq '[.waits[] | select(.comm == "stall")] | length')" -eq "$1" ]; }

# pids_of_stuck: of its children, sorted, as a JSON array.
pids_of_stuck() { pgrep -P "$stuck" | sort -n | jq -sc .; }

# sureness: who has a pipe, socket or lock is certain only to one who may look at all processes.
sureness() { if [ "$(id -u)" -eq 0 ]; then echo certain; else echo likely; fi; }

# is_deadlock SCENARIO [SURENESS]
is_deadlock() {
    local sure=${2:-certain} expected=1
    [ "$sure" = certain ] || expected=0
    start_stuck "$1" 2
    run shmoo waits --json
    check_status "$expected"
    check_json '.findings | length == 1'
    check_json '.findings[0] | .rule == "deadlock" and .confidence == $sure
        and (.pids | sort) == $pids' --argjson pids "$(pids_of_stuck)" --arg sure "$sure"
    check_json '[.waits[] | select(.comm == "stall") | .stuck] == [$sure, $sure]' --arg sure "$sure"
    check_json '(.findings[0].objects | sort) == ([.waits[] | select(.comm == "stall") | .object] | unique)'
    run shmoo waits
    check_status "$expected"
    check_contains output "deadlock ($sure)" "$output"
}

test_deadlock_over_semaphores() { is_deadlock semaphores; }
# Who waits for another semaphore of the same set, and moves, says nothing of those that do not.
test_deadlock_beside_work_on_the_same_set() {
    start_stuck semaphores-beside-work 3
    run shmoo waits --json
    check_status 1
    check_json '[.findings[] | [.rule, .confidence, (.objects | length), (.pids | length)]] == [["deadlock", "certain", 1, 2]]'
    output=$(shmoo metrics)
    check_contains metrics "shmoo_deadlocks 1" "$output"
}

# Each semaphore of a set that a dead process holds is told, with those who wait for that one.
test_dead_holder_beside_work_on_the_same_set() {
    start_stuck dead-holder-beside-work 3
    run shmoo waits --json
    check_status 0
    check_json '[.findings[] | [.rule, .confidence]] == [["dead-holder", "hint"], ["dead-holder", "hint"]]'
    check_json '[.findings[].pids[]] == [.waits[] | select(.comm == "stall" and .num < 2) | .pid]'
}

test_deadlock_over_mutex_and_full_pipe() { is_deadlock mutex-and-pipe "$(sureness)"; }
test_deadlock_over_mutexes() { is_deadlock mutexes; }
test_deadlock_over_lock_and_semaphore() { is_deadlock lock-and-semaphore "$(sureness)"; }
test_deadlock_over_ofd_locks() { is_deadlock ofd-locks "$(sureness)"; }
test_deadlock_of_two_that_poll() { is_deadlock both-poll "$(sureness)"; }
test_deadlock_of_two_that_listen() { is_deadlock both-listen "$(sureness)"; }

# is_found SCENARIO RULE SURENESS: its only wait.
is_found() {
    start_stuck "$1" 1
    eventually rules_are "$2"
    run shmoo waits --json
    check_status "$([ "$3" = certain ] && echo 1 || echo 0)"
    check_json '.findings | length == 1'
    check_json '.findings[0] | .rule == $rule and .confidence == $sure and .pids == $pids' \
        --arg rule "$2" --arg sure "$3" --argjson pids "$(pids_of_stuck)"
}

# start_inside SCENARIO WAITS: in a pid namespace of its own, where threads have other numbers. unshare(1) takes no SIGTERM,
# and ends when all in the namespace have.
start_inside() {
    unshare -Ur --pid --fork "$BUILT/tests/targets/stall" "$1" >/tmp/stall &
    stuck=$!
    trap 'pkill -KILL -P "$stuck"; wait "$stuck" || :; tidy_up' EXIT
    eventually waits_are "$2"
}

test_deadlock_in_another_pid_namespace() {
    start_inside mutexes 2
    run shmoo waits --json
    check_status 1
    check_json '.findings | length == 1 and (.[0] | .rule == "deadlock" and .confidence == "certain")'
    check_json '(.findings[0].pids | sort) == ([.waits[] | select(.comm == "stall") | .pid] | sort)'
    check_json '[.waits[] | select(.comm == "stall") | .holder.state] == ["alive", "alive"]'
    check_json '([.waits[] | select(.comm == "stall") | .holder.tid] | sort) == (.findings[0].pids | sort)'
}

# That no process of theirs was overlooked is known to root only.
test_dead_owner_in_another_pid_namespace() {
    need_root
    start_inside unreaped 1
    run shmoo waits --json
    check_status 1
    check_json '.findings | length == 1 and (.[0] | .rule == "dead-holder" and .confidence == "certain")'
    check_contains reason "of another pid namespace, which is dead" "$(json '.findings[0].reason')"
}

rules_are() { [ "$(shmoo waits --json | jq -r '.findings[].rule')" = "$1" ]; }

test_robust_mutex_that_nobody_recovers() { is_found abandoned abandoned "$(sureness)"; }
test_mutex_whose_owner_is_a_zombie() { is_found unreaped dead-holder certain; }
test_consumer_after_another_has_ended_is_a_hint() { is_found one-shot-consumers dead-holder hint; }
test_queue_whose_reader_died() { is_found queue-without-reader hopeless likely; }

# A reader and a writer wait, each on its own word of the lock.
test_rwlock_whose_writer_is_a_zombie() {
    start_stuck unreaped-writer 2
    run shmoo waits --json
    check_status 1
    check_json '.findings | length == 2 and all(.rule == "dead-holder" and .confidence == "certain")'
    check_json '.findings | all(.reason | startswith("the rwlock is locked by thread "))'
}

test_mutex_of_a_zombie_that_conditions_use() {
    start_stuck unreaped-with-conditions 3
    run shmoo waits --json
    check_status 1
    check_json '.findings | length == 1 and (.[0] | .rule == "dead-holder" and .confidence == "certain")'
}

# nothing_is_stuck SCENARIO WAITS
nothing_is_stuck() {
    start_stuck "$1" "$2"
    run shmoo waits --json
    check_status 0
    check_json '.findings == []'
    check_json '[.waits[] | select(.comm == "stall") | .stuck] | length == $n and all(. == "open")' --argjson n "$2"
}

test_ping_pong_is_fine() { nothing_is_stuck ping-pong 2; }
test_pool_of_consumers_is_fine() { nothing_is_stuck pool 3; }
test_self_pipe_is_fine() { nothing_is_stuck self-pipe 1; }
test_timed_waits_are_fine() { nothing_is_stuck timed 2; }
test_idle_producer_is_fine() { nothing_is_stuck idle-producer 1; }
test_condition_is_fine() { nothing_is_stuck condition 2; }
# Who writes is known by the lock, as is the one whom the kernel gave a mutex.
test_written_rwlock_is_fine() { nothing_is_stuck written 1 && is_held_by_the_living rwlock; }
test_inherited_mutex_is_fine() { nothing_is_stuck inherited 1 && is_held_by_the_living mutex; }
is_held_by_the_living() {
    check_json '[.waits[] | select(.comm == "stall") | .holder.state] == ["alive"]'
    output=$(shmoo list futex --json -o object,type)
    check_json '[.objects[] | .type] | index($type) != null' --arg type "$1"
}
test_recovered_mutex_is_fine() { nothing_is_stuck recovered 1; }
test_servers_at_rest_are_fine() { nothing_is_stuck servers 6; }
test_subscriber_is_fine() { nothing_is_stuck subscriber 2; }
test_transfer_is_fine() { nothing_is_stuck transfer 1; }
test_pipe_end_in_a_message_is_fine() { nothing_is_stuck end-on-its-way 1; }
test_locks_with_an_alarm_are_fine() { nothing_is_stuck alarmed 2; }
test_post_by_a_handler_is_fine() { nothing_is_stuck posted-by-handler 1; }
test_supervisor_that_signals_wake_is_fine() { nothing_is_stuck supervised 2; }
test_word_that_looks_like_a_mutex_is_fine() { nothing_is_stuck like-a-mutex 1; }

test_healthy_waiters_are_fine() {
    start_ipc sysv-sem:waiters=2 sysv-msg:receivers=1 posix-sem:waiters=2 posix-mq:receivers=1 lock:waiters=1 \
        futex:waiters=2 futex:type=mutex,owner=alive,waiters=2 fifo:opening=read fifo:reading=1 pipe:reading=1 \
        eventfd:reading=1 unix:reading unix:name=/tmp/server,accepting
    run shmoo waits --json
    check_status 0
    check_json '.findings == []'
    check_json '[.waits[] | select(.comm == "make_ipc")] | length == 17'
}

# A server that watches two things waits for either: two waits in JSON, one line of text.
test_what_is_polled_is_waited_for() {
    start_stuck servers 6
    run shmoo waits --json
    check_json '[.waits[] | select(.comm == "stall") | .any] | all'
    check_json '[.waits[] | select(.comm == "stall") | .object | sub(":.*"; "")] | sort
        == ["eventfd", "eventfd", "pipe", "pipe", "unix", "unix"]'
    check_json '[.waits[] | select(.comm == "stall") | .operation] | unique | length == 3'
    check_json '[.waits[] | select(.comm == "stall" and .object == $id)] | length == 2' \
        --arg id "$(shmoo list pipe --json | jq -r '.objects[] | select(any(.users[]; .comm == "stall")) | .object')"
    run shmoo waits
    check_equal "lines" 3 "$(grep -c ' stall .* or 1 more' <<<"$output")"
}

# finding RULE CONFIDENCE: about object 0, the only one, with the waiters that make_ipc named.
finding() {
    check_json '.findings | length == 1'
    check_json '.findings[0] | .rule == $rule and .confidence == $confidence and .objects == [$object]
        and (.pids | map(tostring) | join(",")) == $pids' \
        --arg rule "$1" --arg confidence "$2" --arg object "${object[0]}" --arg pids "$(ipc_value 0 "$3")"
}

test_mutex_of_dead_owner() {
    start_ipc futex:type=mutex,owner=dead,waiters=2
    run shmoo waits --json
    check_status 1
    finding dead-holder certain waiters
    check_json '[.waits[] | select(.comm == "make_ipc") | .holder.state] == ["dead", "dead"]'
}

test_semaphore_of_dead_holder() {
    start_ipc sysv-sem:values=1,owner=dead,waiters=1,undo
    run shmoo waits --json
    check_status 0
    finding dead-holder likely waiters
    check_json '.waits[] | select(.comm == "make_ipc") | .holder.state == "dead"'
}

# It may as well count work.
test_semaphore_that_nobody_gives_back_at_exit() {
    start_ipc sysv-sem:values=1,owner=dead,waiters=1
    run shmoo waits --json
    finding dead-holder hint waiters
}

test_full_without_reader() {
    start_ipc pipe:full,writing=1,both,readers=0
    run shmoo waits --json
    finding hopeless "$(sureness)" writing
    stop_ipc
    start_ipc posix-mq:full,senders=1
    run shmoo waits --json
    check_status 0
    finding hopeless likely senders
}

test_holders_are_named() {
    start_ipc lock:type=flock,waiters=1 futex:type=mutex,owner=alive,waiters=1
    run shmoo waits --json
    check_json '.waits[] | select(.object == $id) | .holder | .pid == $pid and .state == "alive"' \
        --arg id "${object[0]}" --argjson pid "$(ipc_value 0 owner)"
    check_json '.waits[] | select(.object == $id) | .holder | .pid == $pid and .state == "alive"' \
        --arg id "${object[1]}" --argjson pid "$(ipc_value 1 owner)"
}

# The table of locks does not say who waits for one of an open file description.
test_waiters_of_every_sort_of_lock() {
    local type n=0
    for type in flock posix ofd; do
        start_ipc lock:type=$type,name=/tmp/$type,waiters=2
        run shmoo waits --json
        check_status 0
        check_json '[.waits[] | select(.object == $id) | .tid | tostring] | join(",") == $pids' \
            --arg id "${object[n]}" --arg pids "$(ipc_value $n waiters)"
        check_json '[.waits[] | select(.object == $id) | .holder.pid] | unique == [$pid]' \
            --arg id "${object[n]}" --argjson pid "$(ipc_value $n owner)"
        n=$((n + 1))
    done
}

# A lock that is not in the way is not waited for.
test_ofd_waiter_waits_for_the_bytes_it_asks_for() {
    need python3
    start_ipc lock:type=ofd,name=/tmp/bytes,start=100,length=10,waiters=1
    exec 7<>/tmp/bytes
    run python3 -c 'import fcntl, struct; fcntl.fcntl(7, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 10, 0))'
    check_status 0
    run shmoo waits --json
    check_json '[.waits[] | select(.comm == "make_ipc") | .object] == [$id]' --arg id "${object[0]}"
}

inode() { stat -c %i "$1"; }

# A file system in memory numbers its files one after another, each from the same start.
test_ofd_locks_of_two_file_systems_are_told_apart() {
    start_ipc lock:type=ofd,name=/tmp/lock,waiters=1
    while touch /dev/shm/before && [ "$(inode /dev/shm/before)" -lt "$(($(inode /tmp/lock) - 1))" ]; do rm /dev/shm/before; done
    start_ipc lock:type=ofd,name=/dev/shm/lock,waiters=1
    check_equal "inode" "$(inode /tmp/lock)" "$(inode /dev/shm/lock)"
    run shmoo waits --json
    local n
    for n in 0 1; do
        check_json '[.waits[] | select(.object == $id) | "\(.tid) \(.holder.pid)"] == [$pids]' \
            --arg id "${object[n]}" --arg pids "$(ipc_value $n waiters) $(ipc_value $n owner)"
    done
}

test_for_shows_only_what_did_not_move() {
    start_ipc sysv-sem:waiters=1
    mkfifo /tmp/moving
    while sleep 0.01; do echo; done 1<>/tmp/moving &
    while read -r; do :; done </tmp/moving &
    run shmoo waits --for 500ms --json
    kill %?sleep %?read
    check_status 0
    check_json '[.waits[].object | select(startswith("pipe") | not)] == [$id]' --arg id "${object[0]}"
    run shmoo waits --for nonsense
    check_status 2
    check_equal errors "shmoo: --for: 'nonsense' is no duration like 5s or 1m" "$errors"
}
