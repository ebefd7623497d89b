#!/bin/bash
# demo.sh - a small world of real IPC objects, some of them in trouble, in private namespaces, and shmoo's view of it:
# the dashboard when there is a terminal and `shmoo top` is built in, the list otherwise.
set -eu
cd "$(dirname "$0")/.."

if [ -z "${SHMOO_DEMO:-}" ]; then
    SHMOO_DEMO=yes exec build/tests/sandbox --source "$PWD" /tmp/shmoo/tests/demo.sh
fi

shmoo=/tmp/shmoo/build/shmoo
touch /tmp/world
/tmp/shmoo/build/tests/make_ipc/make_ipc --hold world </dev/null >/tmp/world 2>/tmp/world.errors &
world=$!
trap 'kill "$world" 2>/dev/null; wait "$world" || :' EXIT
until grep -qx ready /tmp/world; do
    kill -0 "$world"
    sleep 0.05
done

if [ -t 0 ] && [ -t 1 ] && grep -q '^COMMAND(top)' /tmp/shmoo/inspector/cmds.def; then
    "$shmoo" top --kinds all
else
    echo "\$ shmoo list"
    "$shmoo" list
    echo
    echo "\$ shmoo list pipe fifo unix eventfd futex lock file-shm signal"
    "$shmoo" list pipe fifo unix eventfd futex lock file-shm signal
fi
