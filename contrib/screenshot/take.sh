#!/bin/bash
# take.sh - the picture in README: the dashboard on the demo world with a deadlock selected and a file that grows, in a
# terminal of 112x40, as SVG on stdout. `make screenshot` refreshes contrib/screenshot.svg with it.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${SHMOO_DEMO:-}" ]; then
    SHMOO_DEMO=yes exec build/tests/sandbox --source "$PWD" /tmp/shmoo/contrib/screenshot/take.sh
fi
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/tmp/none
screen() { tmux -S /tmp/picture -f /dev/null "$@"; }
shows() { until screen capture-pane -p -t picture | grep -q "$1"; do sleep 0.1; done; }
. tests/demo_world.sh
start_world "$PWD"
# Something that grows.
while sleep 0.1; do head -c 100K /dev/zero; done >>/dev/shm/capture &
worlds+=($!)
trap 'screen kill-server 2>/dev/null || :; end_world' EXIT

screen new-session -d -s picture -x 112 -y 40 "TERM=screen-256color build/shmoo top -d 1"
shows 'posix-mq:/jobs'
screen send-keys -t picture / billing Enter Enter
shows '1 deadlock'
# New rows are highlighted for a moment.
sleep 6
screen capture-pane -eNp -t picture | LC_ALL=C awk -f contrib/screenshot/ansi2svg.awk
