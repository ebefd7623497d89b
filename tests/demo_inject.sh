#!/bin/bash
# demo_inject.sh - three faults on a small real program: one it handles, one it ignores, one that crashes it.
set -u
SHMOO=$BUILD/shmoo
RING=$BUILD/tests/targets/ring

show() {
    local what=$1 rule=$2 status=0
    printf '\n== %s\n$ shmoo inject -e %s -- ring\n' "$what" "$rule"
    # The shell of its own swallows "Segmentation fault" of ours.
    "$SHMOO" inject -e "$rule" -- "$RING" 2>&1 || status=$?
    echo "exit status $status$([ $status -lt 128 ] || echo " (signal $(kill -l $((status - 128))))")"
}

echo '$ shmoo trace -c %shm,%map -- ring'
"$SHMOO" trace -c '%shm,%map' -- "$RING" 2>&1
show 'handled: an object left behind by a crashed run' shm_open:error=EEXIST:when=1
show 'ignored: nobody looks whether the object can be removed, so it stays behind' shm_unlink:error=EACCES
ls -l /dev/shm/shmoo-ring && rm -f /dev/shm/shmoo-ring
show 'crashing: the mapping was taken for granted' 'mmap:error=ENOMEM:flags=MAP_SHARED'
