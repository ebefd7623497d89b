# postgresql.sh - a running PostgreSQL from the distribution's package: what it shares, and who holds it.
# runs: once: the server refuses to run as root, so root becomes the ordinary user here anyway
# not with sanitizers: the server's start is slow enough

postgres_bin() {
    local folder
    for folder in /usr/lib/postgresql/*/bin; do
        [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ] && { echo "$folder"; return; }
    done
}

# as_server COMMAND...: as somebody the server accepts.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}

server_is_up() { as_server "$bin/pg_isready" -q -h /tmp/work/db; }

test_postgresql_is_listed_with_all_its_processes() {
    local bin job server count
    bin=$(postgres_bin)
    [ -n "$bin" ] || need /usr/lib/postgresql/bin/postgres
    as_server mkdir /tmp/work/db
    # Two segments: the small one of System V guards the data directory, the large one is anonymous.
    as_server "$bin/initdb" -D /tmp/work/db/data -A trust --no-sync >/tmp/work/initdb 2>&1 || fail "$(cat /tmp/work/initdb)"
    as_server "$bin/postgres" -D /tmp/work/db/data -c listen_addresses= -c unix_socket_directories=/tmp/work/db \
        -c fsync=off -c autovacuum=off >/tmp/work/db/log 2>&1 &
    job=$!
    eventually server_is_up
    server=$(head -n 1 /tmp/work/db/data/postmaster.pid)
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
