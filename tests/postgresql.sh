# postgresql.sh - a real PostgreSQL for end-to-end tests. It refuses to run as root, so root becomes somebody else.

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

# start_server [OPTION...]: sets $bin, $server (its pid) and $job (what to wait for).
start_server() {
    bin=$(postgres_bin)
    [ -n "$bin" ] || need /usr/lib/postgresql/bin/postgres
    as_server mkdir /tmp/work/db
    as_server "$bin/initdb" -D /tmp/work/db/data -A trust --no-sync >/tmp/work/initdb 2>&1 || fail "$(cat /tmp/work/initdb)"
    as_server "$bin/postgres" -D /tmp/work/db/data -c listen_addresses= -c unix_socket_directories=/tmp/work/db \
        -c fsync=off "$@" >/tmp/work/db/log 2>&1 &
    job=$!
    eventually server_is_up
    server=$(head -n 1 /tmp/work/db/data/postmaster.pid)
}

sql() { as_server "$bin/psql" -X -q -A -t -h /tmp/work/db postgres "$@"; }
