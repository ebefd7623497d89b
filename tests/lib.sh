# lib.sh - what an end-to-end test can use; sourced before each file of tests/e2e. See tests/README.md.
# A test runs alone in its own sandbox, so it may make and break what it likes. A command that fails ends it.
set -eEu
trap 'echo "failed: ${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND" >&2' ERR

readonly SKIPPED=77
readonly TESTS=/tmp/shmoo/tests BUILT=/tmp/shmoo/$BUILD
readonly SHMOO=$BUILT/shmoo MAKE_IPC=$BUILT/tests/make_ipc/make_ipc

status=0 output='' errors=''
ipc=() object=() ipc_pids=() ipc_pid=''

shmoo() { "$SHMOO" "$@"; }

# --- outcomes ---

fail() {
    echo "fail: $*" >&2
    exit 1
}

skip() {
    echo "skip: $*" >&2
    exit "$SKIPPED"
}

# need PROGRAM...: skips the test when one is not installed. tests/deps lists them all, so CI has no excuse.
need() {
    local program
    for program; do
        command -v "$program" >/dev/null && continue
        [ "${CI:-}" != true ] || fail "$program is not installed: tests/deps must name its package"
        skip "$program is not installed"
    done
}

# Root of the machine, not only of a user namespace (where no second user exists either).
is_real_root() { [ "$(id -u)" -eq 0 ] && awk '{ exit $3 < 65536 }' /proc/self/uid_map; }
need_root() { [ "$(id -u)" -eq 0 ] || skip "needs root"; }
need_other_users() { is_real_root || skip "needs root of the machine, who alone can become other users"; }

# Before a command: as an ordinary user who owns nothing. as_nobody COMMAND...: does it.
readonly NOBODY=(setpriv --reuid 65534 --regid 65534 --clear-groups)
as_nobody() { "${NOBODY[@]}" "$@"; }

# --- running and comparing ---

# run COMMAND...: sets $status, $output and $errors, and never ends the test.
run() {
    status=0
    output=$("$@" 2>/tmp/errors) || status=$?
    errors=$(cat /tmp/errors)
}

show_run() { printf 'status: %s\noutput: %s\nerrors: %s\n' "$status" "$output" "$errors" >&2; }

check_status() {
    [ "$status" -eq "$1" ] && return
    show_run
    fail "status $status instead of $1"
}

# check_equal WHAT EXPECTED ACTUAL
check_equal() { [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"; }

# check_contains WHAT PART TEXT, check_lacks WHAT PART TEXT
check_contains() { [[ $3 == *"$2"* ]] || fail "$1: no '$2' in '$3'"; }
check_lacks() { [[ $3 != *"$2"* ]] || fail "$1: '$2' in '$3'"; }

# json FILTER [JQ OPTION...]: what jq makes of $output. check_json FILTER [JQ OPTION...]: it must be true.
json() { printf '%s\n' "$output" | jq -r "${@:2}" "$1"; }
check_json() {
    printf '%s\n' "$output" | jq -e "${@:2}" "$1" >/dev/null && return
    show_run
    fail "not true: $*"
}

# eventually COMMAND...: tries until it succeeds, for at most 30 seconds.
eventually() { keeps_trying "$@" || fail "never came true: $*"; }

keeps_trying() {
    local try
    for ((try = 0; try < 600; try++)); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}

# --- real objects ---

# start_ipc SPEC...: starts make_ipc and waits until everything it was asked for exists.
# ipc[N] is the line of the Nth object, object[N] its id as shmoo prints it; a second start_ipc adds to both.
start_ipc() {
    : >/tmp/ipc # an older one says "ready"
    "$MAKE_IPC" --hold "$@" </dev/null >/tmp/ipc 2>/tmp/ipc.errors &
    ipc_pid=$!
    ipc_pids+=("$ipc_pid")
    eventually ipc_is_done
    grep -qx ready /tmp/ipc || fail "$(cat /tmp/ipc.errors)"
    mapfile -t -O "${#ipc[@]}" ipc < <(grep -v '^ready$' /tmp/ipc)
    mapfile -t -O "${#object[@]}" object < <(sed -n 's/.*\tobject=\([^\t]*\).*/\1/p' /tmp/ipc)
}

ipc_is_done() { grep -qx ready /tmp/ipc || ! kill -0 "$ipc_pid"; }

# ipc_value N KEY: what make_ipc printed as KEY of object N ("" when it did not).
ipc_value() { printf '%s\n' "${ipc[$1]}" | tr '\t' '\n' | sed -n "s/^$2=//p"; }

# stop_ipc: ends all that start_ipc started, with everything they made.
stop_ipc() {
    local pid
    for pid in ${ipc_pids[@]+"${ipc_pids[@]}"}; do
        kill -TERM "$pid" 2>/dev/null || :
        wait "$pid" || :
    done
    ipc_pids=() ipc=() object=()
}

# --- a dashboard in a terminal ---

in_tmux() { tmux -S /tmp/tmux.socket -f /dev/null "$@"; }

# screen_start WIDTHxHEIGHT COMMAND...: the shell is named, since tmux runs a single word with $SHELL or else with the
# one in passwd(5), which is nologin for an ordinary user that only exists to own things.
screen_start() {
    in_tmux start-server \; set-option -g default-shell /bin/sh \; set-option -g remain-on-exit on \; \
        new-session -d -s screen -x "${1%x*}" -y "${1#*x}" "${@:2}"
}
screen_keys() { in_tmux send-keys -t screen "$@"; }
screen_resize() { in_tmux resize-window -t screen -x "${1%x*}" -y "${1#*x}"; }
screen_text() { in_tmux capture-pane -p -t screen; }
screen_has() { screen_text | grep -F -- "$1" >/dev/null; }
screen_lacks() { ! screen_has "$1"; }
screen_has_line() { screen_text | grep -E -- "$1" >/dev/null; }

# screen_wait TEXT: until the screen shows it; screen_wait_gone TEXT: until it does not; screen_wait_line REGEX: until a
# line matches. A screen may be seen while it is being drawn.
screen_wait() { keeps_trying screen_has "$1" || screen_fail "no '$1' on the screen"; }
screen_wait_line() { keeps_trying screen_has_line "$1" || screen_fail "no line like '$1' on the screen"; }
screen_wait_gone() { keeps_trying screen_lacks "$1" || screen_fail "'$1' stays on the screen"; }
screen_fail() {
    screen_text >&2
    fail "$@"
}
screen_stop() { in_tmux kill-server 2>/dev/null || :; }
screen_colours() { in_tmux capture-pane -e -p -t screen; }

# screen_place TEXT: sets $x and $y to where it is first shown, from 1. Only columns of ASCII before it are counted right.
screen_place() {
    local line
    line=$(screen_text | grep -nF -m 1 -- "$1")
    y=${line%%:*} line=${line#*:}
    line=${line%%"$1"*}
    x=$((${#line} + 1))
}

# row_of TEXT: on which line of the screen it is.
row_of() { screen_text | grep -nF -m 1 -- "$1" | cut -d: -f1; }
is_above() { [ "$(row_of "$1")" -lt "$(row_of "$2")" ]; }

# top_start WIDTHxHEIGHT [OPTION...]: starts the dashboard and waits until it shows what there is.
top_start() {
    screen_start "$1" "$SHMOO" top "${@:2}"
    screen_wait "F10Quit"
    screen_wait_gone "looking around"
}

# top_selected NAME: the row that is selected is that object's, as the title of its bytes says.
top_selected() {
    screen_keys x
    screen_wait "$1 (arrows"
    screen_keys z
    screen_wait_gone "(arrows"
}

# Whether it ended with that status. tmux does not always learn the status of what ended quickly; then it is empty.
top_ended_with() { [[ $(in_tmux display-message -p -t screen '#{pane_dead}:#{pane_dead_status}') =~ ^1:($1)?$ ]]; }
screen_is_gone() { ! pgrep -x 'tmux: server' >/dev/null; }
top_stop() {
    screen_stop
    eventually screen_is_gone
}

# --- the test ends ---

tidy_up() {
    stop_ipc
    screen_stop
}
trap tidy_up EXIT
