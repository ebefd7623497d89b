# postgresql_crash.sh - PostgreSQL at rest, where nothing is wrong, and killed, where what stays can be told and removed.
# not with sanitizers: the server's start is slow enough
. "$TESTS/postgresql.sh"

# objects_left: labels of what PostgreSQL shares by name.
objects_left() { shmoo list --raw -n -o object sysv-shm posix-shm; }

# users_of OBJECT: their pids, each once.
users_of() { shmoo show --json "$1" | jq -c '[.objects[].users[].pid] | unique'; }

# sessions_are WHERE NUMBER: as pg_stat_activity tells them.
sessions_are() { [ "$(sql -c "select count(*) from pg_stat_activity where $1")" -eq "$2" ]; }

# One session holds a lock and does nothing, another waits for it, a third has nothing to do.
start_sessions() {
    sql -c 'create table t (n int)'
    mkfifo /tmp/work/busy /tmp/work/idle
    sql </tmp/work/busy >/dev/null 2>&1 &
    exec 8>/tmp/work/busy
    echo 'begin; lock table t;' >&8
    sql </tmp/work/idle >/dev/null 2>&1 &
    exec 9>/tmp/work/idle
    echo 'select 1;' >&9
    eventually sessions_are "state = 'idle in transaction'" 1
    sql -c 'select * from t' >/dev/null 2>&1 &
    eventually sessions_are "wait_event_type = 'Lock'" 1
    eventually sessions_are "state = 'idle'" 1
}

test_nothing_is_wrong_with_a_server_at_rest() {
    local id
    start_server
    start_sessions
    run shmoo waits --json
    check_status 0
    check_json '.findings == []'
    check_json '[.waits[] | select(.comm == "postgres") | .stuck] | length > 0 and all(. == "open")'
    run shmoo waits --for 1s --json
    check_status 0
    check_json '.findings == []'
    run shmoo leaks --json
    check_status 0
    check_json '.objects == []'
    mapfile -t all < <(shmoo list --kinds all --raw -n -o object --filter 'commands =~ "postgres"')
    [ "${#all[@]}" -gt 10 ] || fail "only ${#all[@]} objects of the server"
    run shmoo show --notify --json "${all[@]}"
    check_status 0
    check_json '.findings == []'
    run shmoo rm --orphans --yes
    check_status 0
    check_equal "removed" "" "$output"
    kill -INT "$server"
    exec 8>&- 9>&-
    wait
}

server_is_blocked() { shmoo waits --json | jq -e --argjson pid "$1" '.waits[] | select(.pid == $pid and .object == "fifo:/tmp/work/db/fifo")'; }
only_backend_lives() { [ "$(pgrep -x postgres)" = "$backend" ]; }
nobody_lives() { ! pgrep -x postgres; }

# kill_postmaster: with a backend that does not notice, since it opens a FIFO that nobody writes to. Sets $backend.
kill_postmaster() {
    as_server mkfifo /tmp/work/db/fifo
    sql -c "select pg_backend_pid()" -c "select pg_read_file('/tmp/work/db/fifo')" >/tmp/work/backend 2>/dev/null &
    eventually grep -q . /tmp/work/backend
    backend=$(cat /tmp/work/backend)
    eventually server_is_blocked "$backend"
    kill -KILL "$server"
    wait "$job" || :
    eventually only_backend_lives
}

test_what_a_killed_server_leaves_is_removed_once_nobody_uses_it() {
    local left segment file backend
    start_server
    kill_postmaster
    mapfile -t left < <(objects_left)
    segment=$(printf '%s\n' "${left[@]}" | grep '^sysv-shm:')
    file=$(printf '%s\n' "${left[@]}" | grep -m 1 '^posix-shm:/PostgreSQL\.')
    for id in "${left[@]}"; do check_equal "users of $id" "[$backend]" "$(users_of "$id")"; done
    run shmoo show --json "$segment"
    check_json '.objects[0] | .nattch == 1 and .cpid == $server and .cpid_state == "dead"' --argjson server "$server"
    run shmoo show "$segment"
    check_contains "user" "$backend" "$output"
    run shmoo leaks --json
    check_json '.objects == []'
    run shmoo rm "${left[@]}"
    check_status 1
    check_equal "removed" "" "$output"
    for id in "$segment" "$file"; do
        check_contains "refused" "shmoo: $id: not removed: in use by 1 process: $backend (postgres)" "$errors"
    done
    check_equal "still there" "${left[*]}" "$(objects_left | paste -sd ' ')"
    kill -KILL "$backend"
    eventually nobody_lives
    run shmoo show --json "$segment"
    check_json '.objects[0] | .users == [] and .nattch == 0'
    check_json '.findings | map(.rule) == ["orphan"]'
    run shmoo leaks --json
    check_json '.objects | map(.object) | sort == ($left | sort)' --argjson left "$(printf '%s\n' "${left[@]}" | jq -Rsc 'split("\n")[:-1]')"
    run shmoo rm "${left[@]}"
    check_status 0
    check_equal "removed" "${#left[@]}" "$(grep -c '^removed ' <<<"$output")"
    run shmoo list --json
    check_json '.objects == []'
    wait
}
