# sweep_robust.sh - sweeps of programs that are known to be sound, and of suites that make failing calls on purpose:
# what is found in them is known and true, and there is nothing else.
# not with sanitizers: what runs is other people's programs; sweeps themselves are in sweep.sh

. "$TESTS/postgresql.sh"

# sweep CALLS ERRORS COMMAND...: those errors once at each place, the result as JSON in $output.
sweep() {
    run shmoo sweep --json --only once --calls "$1" --errors "$2" -- "${@:3}"
    check_json '.complete and .trials > 0'
}

findings() { json '.findings[] | "\(.verdict) \(.call) \(.error): \(.reason)"' | sort -u; }

# fails_with CALL ERROR: there was such a trial.
fails_with() {
    check_json '.sites as $sites | [.results[] | select(.error == $error and $sites[.site].call == $call)] | length > 0' \
        --arg call "$1" --arg error "$2"
}

# Its locks are of its files, and its index is a file it maps: both are between processes. A folder for each trial.
test_sqlite_with_a_write_ahead_log() {
    need sqlite3
    local statements="PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1); SELECT * FROM t"
    sweep fcntl,mmap,ftruncate EAGAIN,ENOMEM,ENOSPC \
        sh -c "cd \"\$(mktemp -d -p \"\$PWD\")\" && exec sqlite3 -batch t.db '$statements'"
    fails_with fcntl EAGAIN
    fails_with mmap ENOMEM
    fails_with ftruncate ENOSPC
    check_equal findings "" "$(findings)"
}

# The segment is there before the process that watches over segments is asked to, and nobody knows it by name yet.
test_python_leaves_a_segment_that_nobody_watches() {
    need /usr/bin/python3
    cat >share.py <<'END'
from multiprocessing import shared_memory
block = shared_memory.SharedMemory(create=True, size=4096)
block.buf[0] = 7
print(block.buf[0])
block.close()
block.unlink()
END
    sweep shm_open,ftruncate,mmap,pipe2,shm_unlink EMFILE,ENOSPC,ENOMEM /usr/bin/python3 share.py
    fails_with shm_open EMFILE
    fails_with ftruncate ENOSPC
    fails_with mmap ENOMEM
    check_json '[.findings[] | "\(.verdict) \(.call) \(.error) \(.reason | sub("psm_.*"; "psm_"))"] == ["leak pipe2 EMFILE leaves posix-shm:/psm_"]'
}

test_python_pool() {
    need /usr/bin/python3
    cat >pool.py <<'END'
import multiprocessing

def square(number):
    return number * number

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    with multiprocessing.Pool(1) as pool:
        print(pool.map(square, [2, 3]))
END
    sweep sem_open EMFILE,EACCES /usr/bin/python3 pool.py
    check_equal findings "" "$(findings)"
}

# Each stressor gives its system calls wrong arguments, removes what is gone, and is interrupted by an alarm. What is
# found is the first mapping, which all share: when it fails, the message about that goes through it.
test_stress_ng_is_not_called_defective_for_what_it_does_on_purpose() {
    need stress-ng
    local stressor call error
    while read -r stressor call error; do
        run shmoo sweep --json --only once --calls "$call,mmap" --errors "$error,ENOMEM" -- \
            stress-ng --temp-path /tmp/work --"$stressor" 1 --"$stressor"-ops 2 --timeout 1
        check_json '.complete'
        fails_with "$call" "$error"
        check_equal "findings with $stressor" "crash mmap ENOMEM: ended by SIGSEGV" "$(findings)"
    done <<'END'
shm shm_open EMFILE
mq mq_open ENOSPC
sem-sysv semget ENOSPC
END
}

test_postgresql_starts_or_says_why_not() {
    need pg_ctl
    bin=$(postgres_bin)
    as_server mkdir /tmp/work/db
    as_server "$bin/initdb" -D /tmp/work/db/data -A trust --no-sync >/tmp/work/initdb 2>&1 || fail "$(cat /tmp/work/initdb)"
    # As a single process it has all its shared memory and semaphores, and ends by itself.
    cd /tmp/work/db
    echo "select 6 * 7;" >question
    chmod 644 question
    run as_server "$SHMOO" sweep --json -j 1 --stdin question --only once --calls shmget,shmat,shm_open,sem_init,shmctl,mmap \
        --errors ENOSPC,EEXIST,EACCES,ENOMEM,EMFILE -- "$bin/postgres" --single -D /tmp/work/db/data -c fsync=off postgres
    check_json '.complete'
    fails_with shmget ENOSPC
    fails_with mmap ENOMEM
    check_equal findings "" "$(findings)"
}
