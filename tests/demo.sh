#!/bin/bash
# demo.sh - a small world of real IPC objects, some of them in trouble, in private namespaces, and shmoo's view of it:
# the dashboard when there is a terminal, the list otherwise.
set -eu
cd "$(dirname "$0")/.."

if [ -z "${SHMOO_DEMO:-}" ]; then
    SHMOO_DEMO=yes exec build/tests/sandbox --source "$PWD" /tmp/shmoo/tests/demo.sh
fi

shmoo=/tmp/shmoo/build/shmoo
. /tmp/shmoo/tests/demo_world.sh
start_world /tmp/shmoo

if [ -t 0 ] && [ -t 1 ]; then
    "$shmoo" top --kinds all
else
    echo "\$ shmoo list"
    "$shmoo" list
    echo
    echo "\$ shmoo list pipe fifo unix eventfd futex lock file-shm signal"
    "$shmoo" list pipe fifo unix eventfd futex lock file-shm signal
fi
