#!/bin/bash
# take.sh - the picture in README: the dashboard on the demo world, in a terminal of 110x34, as SVG on stdout.
# `make screenshot` refreshes contrib/screenshot.svg with it.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${SHMOO_DEMO:-}" ]; then
    SHMOO_DEMO=yes exec build/tests/sandbox --source "$PWD" /tmp/shmoo/contrib/screenshot/take.sh
fi
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/tmp/none
/tmp/shmoo/build/tests/make_ipc/make_ipc --hold world </dev/null >/tmp/world 2>/tmp/world.errors &
world=$!
screen() { tmux -S /tmp/picture -f /dev/null "$@"; }
trap 'screen kill-server 2>/dev/null || :; kill "$world" 2>/dev/null || :; wait "$world" || :' EXIT
until grep -qx ready /tmp/world; do
    kill -0 "$world"
    sleep 0.1
done
screen new-session -d -s picture -x 110 -y 34 "TERM=screen-256color /tmp/shmoo/build/shmoo top -d 1"
until screen capture-pane -p -t picture | grep -q 'posix-mq:/jobs'; do sleep 0.1; done
# New rows are highlighted for a moment.
sleep 6
screen send-keys -t picture Down Down
sleep 1
screen capture-pane -e -p -t picture | awk -f contrib/screenshot/ansi2svg.awk
