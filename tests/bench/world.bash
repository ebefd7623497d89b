# world.bash - sourced after bench.bash by benches that need a machine of their own: runs them again in private namespaces with an
# empty /dev/shm, /dev/mqueue and working directory.
if [ -z "${SHMOO_BENCH:-}" ]; then
    SHMOO_BENCH=yes BUILD=$BUILD exec unshare --ipc --pid --mount --fork --mount-proc $([ "$(id -u)" -eq 0 ] || echo --user --map-root-user) "$0"
fi
mount -t tmpfs shm /dev/shm
mount -t tmpfs tmp /mnt
mkdir -p /dev/mqueue
mount -t mqueue mqueue /dev/mqueue
cd /mnt

# load PROCESSES OBJECTS: starts the machine to be measured, which lives as long as descriptor 3 is open.
load() {
    echo 100000 >/proc/sys/fs/mqueue/queues_max
    # POSIX queues count against it; so many do not fit into the usual 800 KiB.
    prlimit --pid $$ --msgqueue=unlimited 2>/dev/null || true
    rm -f control said
    mkfifo control
    "$BUILD/tests/bench/load" "$1" "$2" <control >said 2>errors &
    load_pid=$!
    exec 3>control
    until grep -q ready said; do
        kill -0 $load_pid 2>/dev/null || { cat errors; exit 1; }
        sleep 0.1
    done
}
