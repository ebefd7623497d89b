# inject_programs.sh - real programs behave the same under the shim, also with every call watched.
# not with sanitizers: what runs is other people's programs and the shim, which never has any.
export XDG_RUNTIME_DIR=/tmp/work

# under COMMAND...: with the shim loaded and armed, every call watched by a rule that never fires.
under() { "$SHMOO" inject -q -e 'all:delay=0s:prob=0%' -- "$@"; }

test_stress_ng_ipc_stressors() {
    need stress-ng
    local stressor
    for stressor in shm shm-sysv mq msg sem sem-sysv memfd pipe fifo sigq; do
        run under timeout 60 stress-ng --temp-path /tmp/work --$stressor 1 --$stressor-ops 200 --verify --timeout 20
        [ "$status" -eq 0 ] || { show_run; fail "$stressor: status $status"; }
    done
}

test_rt_tests() {
    need pmqtest ptsematest
    need_root # for real-time scheduling
    run under pmqtest -q -l 200 -i 100
    check_status 0
    run under ptsematest -q -l 200 -i 100
    check_status 0
}

test_python_suites() {
    local module
    need python3
    for module in test_mmap test_posix test_signal; do
        /usr/bin/python3 -c "import test.$module" 2>/dev/null || skip "no test suite of python3"
        run /usr/bin/python3 -m test -q $module
        local alone=$status
        run under /usr/bin/python3 -m test -q $module
        [ "$status" -eq "$alone" ] || { show_run; fail "$module: status $status under the shim, $alone alone"; }
    done
    run under timeout 120 /usr/bin/python3 -m test -q test_multiprocessing_spawn -m '*SharedMemory*'
    check_status 0
}

test_postgres() {
    local bin
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
    [ -n "$bin" ] || need postgres
    [ "$(id -u)" -ne 0 ] || skip "PostgreSQL does not run as root"
    "$bin/initdb" -D data -A trust >/dev/null
    under "$bin/postgres" -D data -k /tmp/work -c listen_addresses= 2>pg.log &
    local pid=$!
    eventually "$bin/pg_isready" -q -h /tmp/work
    "$bin/pgbench" -h /tmp/work -i -q postgres >/dev/null 2>&1
    "$bin/pgbench" -h /tmp/work -c 4 -t 50 postgres >bench.log 2>&1 || { cat bench.log; fail pgbench; }
    grep -q "200/200" bench.log || fail "$(cat bench.log)"
    "$bin/pg_ctl" -D data -w stop >/dev/null
    wait "$pid"
}
