# python_shared_memory.sh - multiprocessing.shared_memory and its friends, from the distribution's Python.

python_has_multiprocessing() { /usr/bin/python3 -c 'import multiprocessing.shared_memory' 2>/dev/null; }

test_shared_memory_of_python_is_listed_with_its_processes() {
    need /usr/bin/python3
    python_has_multiprocessing || skip "python3 lacks multiprocessing.shared_memory"
    cat >share.py <<'END'
import multiprocessing as mp, os, sys
from multiprocessing import shared_memory

def attach(name, ready, done):
    block = shared_memory.SharedMemory(name)
    ready.release()
    done.acquire()
    block.close()

if __name__ == "__main__":
    mp.set_start_method("fork")
    block = shared_memory.SharedMemory("frames", create=True, size=1 << 20)
    block.buf[:4096] = b"x" * 4096
    ready, done = mp.Semaphore(0), mp.Semaphore(0)
    child = mp.Process(target=attach, args=("frames", ready, done))
    child.start()
    ready.acquire()
    print(os.getpid(), child.pid, flush=True)
    sys.stdin.read()
    done.release()
    child.join()
    block.close()
    block.unlink()
END
    mkfifo input
    /usr/bin/python3 share.py <input >pids 2>python.errors &
    local python=$! child
    exec 7>input
    eventually test -s pids
    child=$(cut -d' ' -f2 pids)
    eventually waits_for_done "$child"
    run shmoo list --json
    check_status 0
    check_json '.objects[] | select(.object == "posix-shm:/frames") | .size == 1048576 and .used == 4096'
    check_json '.objects[] | select(.object == "posix-shm:/frames") | [.users[] | select(.role == "mapped").pid] | sort == ([$parent, $child] | sort)' \
        --argjson parent "$python" --argjson child "$child"
    # Its semaphores are named, and unlinked at once: deleted, but held by both.
    check_json '[.objects[] | select(.kind == "posix-sem" and .state == "deleted")] | length >= 2'
    check_json 'any(.objects[] | select(.kind == "posix-sem").users[]; .pid == $child and .role == "waiting")' --argjson child "$child"
    exec 7>&-
    wait "$python" || fail "$(cat python.errors)"
    run shmoo list --json
    check_json '.objects == []'
}

waits_for_done() {
    run shmoo list posix-sem --json
    json '.objects[].users[] | select(.role == "waiting").pid' | grep -qx "$1"
}
