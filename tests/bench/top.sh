#!/bin/bash
# top.sh - what an idle dashboard costs beside htop at the same interval: 1000 processes and 3000 objects, both in a
# terminal of the same size, one after the other, as cpu seconds per minute of user and system time.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo tests/bench/load
needs_installed htop tmux
. "$(dirname "$0")/world.bash"
PROCESSES=${PROCESSES:-1000} OBJECTS=${OBJECTS:-3000} INTERVAL=${INTERVAL:-1.5} TIME=${TIME:-30}
export XDG_CONFIG_HOME=/mnt/config HOME=/mnt

load "$PROCESSES" "$OBJECTS"

in_tmux() { tmux -S /mnt/tmux -f /dev/null "$@"; }
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

# measure COMMAND...: cpu seconds per minute, once it has settled.
measure() {
    local pid before after
    in_tmux new-session -d -s "$1" -x 100 -y 30 "exec ${*:2}"
    sleep 4
    pid=$(in_tmux display-message -p -t "$1" '#{pane_pid}')
    before=$(ticks "$pid")
    sleep "$TIME"
    after=$(ticks "$pid")
    in_tmux kill-session -t "$1"
    awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$TIME" 'BEGIN { printf "%.2f\n", t / hz * 60 / s }'
}

in_tmux new-session -d -s keep "cat"
ours=$(measure shmoo "$BUILD/shmoo" top -d "$INTERVAL")
theirs=$(measure htop htop -d "$(awk -v i="$INTERVAL" 'BEGIN { print i * 10 }')")
in_tmux kill-server
exec 3>&-
wait
printf '%-40s %8s\n' "cpu seconds per minute, every $INTERVAL s" "" "shmoo top" "$ours" htop "$theirs"
awk -v a="$ours" -v b="$theirs" 'BEGIN { exit !(a > b) }' || exit 0
echo "MISSED shmoo top costs more than htop"
exit 1
