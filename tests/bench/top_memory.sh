#!/bin/bash
# top_memory.sh - whether the dashboard's memory stays flat over FRAMES refreshes (10000 take a quarter of an hour): resident
# memory of all its processes, sampled every second, with the screen and as plain text, while nothing changes and while
# objects and processes come and go.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo tests/make_ipc/make_ipc
needs_installed tmux
. "$(dirname "$0")/world.bash"
FRAMES=${FRAMES:-2000} GROWTH_KB=1024
export XDG_CONFIG_HOME=/mnt/config HOME=/mnt
make_ipc=$BUILD/tests/make_ipc/make_ipc
missed=0

in_tmux() { tmux -S /mnt/tmux -f /dev/null "$@"; }

# Changes many times a second: what is made, by how many, and with which pids.
change() {
    for ((i = 0; ; i++)); do
        "$make_ipc" sysv-shm:size=64K,users=$((i % 3)) posix-mq:name=/comes-$((i % 7)),messages=$((i % 5)) \
            sysv-sem:values=0,waiters=$((i % 2)) pipe:fill=$((i % 900)) posix-shm:name=/goes-$i,orphan </dev/null >/dev/null
        sleep 0.02
    done
}

# resident PID: kilobytes of a process and its children; nothing when it is gone.
resident() {
    local pid pids
    pids="$1 $(cat "/proc/$1/task/$1/children" 2>/dev/null)" || return 0
    for pid in $pids; do
        cat "/proc/$pid/status" 2>/dev/null || :
    done | awk '$1 == "VmRSS:" { sum += $2 } END { if (sum) print sum }'
}

# sample NAME PID [KEY...]: kilobytes, a line each second until it ends; the keys are pressed by turns meanwhile.
sample() {
    local name=$1 pid=$2 kilobytes i
    for ((i = 0; ; i++)); do
        kilobytes=$(resident "$pid")
        [ "$kilobytes" ] || break
        echo "$kilobytes"
        [ $# -eq 2 ] || in_tmux send-keys -t "$name" "${@:3 + i % ($# - 2):1}" 2>/dev/null || :
        sleep 1
    done >"$name.samples"
}

# judge NAME: what it held after a tenth of the time, half of it, and at the end: the least of a twentieth of the samples,
# for a look takes megabytes more while it lasts.
judge() {
    awk -v name="$1" -v allowed="$GROWTH_KB" '
        function held(last,    i, least) {
            least = kb[last]
            for (i = last - int(NR / 20); i < last; i++)
                least = kb[i] < least ? kb[i] : least
            return least
        }
        { kb[NR] = $1; peak = $1 > peak ? $1 : peak }
        END {
            tenth = held(int(NR / 10) + 1); end = held(NR)
            printf "%-28s %8d %8d %8d %8d %8d\n", name, NR, tenth, held(int(NR / 2) + 1), end, peak
            exit NR < 3 || end - tenth > allowed
        }' "$1.samples" || { echo "MISSED $1: memory grows"; missed=1; }
}

# on_screen NAME [KEY...] and as_text NAME: one run, to its end.
on_screen() {
    in_tmux new-session -d -s "$1" -x 120 -y 40 "exec '$BUILD/shmoo' top -d 0.01 -n $FRAMES --kinds all"
    sample "$1" "$(in_tmux display-message -p -t "$1" '#{pane_pid}')" "${@:2}"
}
as_text() {
    "$BUILD/shmoo" top -b -d 0.01 -n "$FRAMES" --kinds all >/dev/null &
    sample "$1" $!
}

in_tmux new-session -d -s keep "cat"
"$make_ipc" --hold sysv-sem:count=20,values=1,owner=dead,waiters=2 sysv-msg:count=20,full,senders=1 posix-mq:name=/full,full \
    posix-shm:name=/ring,size=8M,users=160 pipe:count=50,fill=1000 unix:count=20 eventfd:count=20,value=3 </dev/null >said 2>errors &
world=$!
until grep -qx ready said; do
    kill -0 $world 2>/dev/null || { cat errors; exit 1; }
    sleep 0.1
done
# The limits are read anew for every refresh; the other screens put off what would show nothing new.
on_screen idle-screen 4 &
as_text idle-text
wait $!
change &
changing=$!
on_screen changing-objects t t Down &
as_text changing-text
wait $!
on_screen changing-all-screens Enter Tab
kill $changing $world
wait $changing $world 2>/dev/null || :
in_tmux kill-server

echo "resident memory in KiB over $FRAMES refreshes"
printf '%-28s %8s %8s %8s %8s %8s\n' run seconds "10 %" "50 %" "100 %" peak
for name in idle-screen idle-text changing-objects changing-text changing-all-screens; do
    judge $name
done
exit $missed
