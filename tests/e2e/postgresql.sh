# postgresql.sh - a running PostgreSQL from the distribution's package: what it shares, and who holds it.
# runs: once: the server refuses to run as root, so root becomes the ordinary user here anyway
# not with sanitizers: the server's start is slow enough

. "$TESTS/postgresql.sh"

test_postgresql_is_listed_with_all_its_processes() {
    local count
    # Two segments: the small one of System V guards the data directory, the large one is anonymous.
    start_server -c autovacuum=off
    run shmoo list --json
    check_status 0
    check_equal "errors" "" "$errors"
    check_json '[.objects[] | select(.kind == "sysv-shm")] | length == 1'
    check_json '.objects[] | select(.kind == "sysv-shm") | any(.users[]; .pid == $server and .role == "mapped")' --argjson server "$server"
    check_json '.objects[] | select(.kind == "sysv-shm") | .cpid == $server and .cpid_state == "alive"' --argjson server "$server"
    # Server, writers and the rest share the large one.
    count=$(pgrep -c -P "$server")
    check_json '[.objects[] | select(.kind == "anon-shm" and .size > 10000000)] | length == 1'
    check_json '.objects[] | select(.kind == "anon-shm" and .size > 10000000) | [.users[].pid] | unique | length == $count + 1' --argjson count "$count"
    check_json '[.objects[] | select(.kind == "posix-shm" and (.name | startswith("/PostgreSQL.")))] | length >= 1'
    kill -INT "$server"
    wait "$job" || :
    run shmoo list --json
    check_json '.objects == []'
}
