# top_scale.sh - the dashboard when there is much to see, when looking takes for ever, and when it may see less.
export XDG_RUNTIME_DIR=/tmp/work

# Whether the collector is in a call that takes an hour.
collector_hangs() { "$SHMOO" rules --json slow | jq -e '.rules[0].fired == 1' >/dev/null; }

test_keys_are_answered_while_a_scan_runs() {
    start_ipc sysv-sem:values=3 posix-shm:name=/first
    screen_start 100x30 "$SHMOO" inject -q --name slow -e 'semctl:delay=1h:thread=!main:when=30' -- "$SHMOO" top -d 0.1
    screen_wait "posix-shm:/first"
    eventually collector_hangs
    start_ipc posix-shm:name=/second
    screen_keys 2
    screen_wait "COMMAND"
    screen_keys F1
    screen_wait "Keys (arrows"
    screen_keys Escape 1 / first Enter Enter
    screen_wait "State"
    screen_lacks "posix-shm:/second" || screen_fail "the scan did not hang"
    screen_keys q
    eventually top_ended_with 0
}

test_five_thousand_objects() {
    start_ipc posix-shm:name=/many,count=5000
    top_start 100x30 -d 0.3
    screen_wait "5000"
    screen_keys End
    screen_wait "posix-shm:/many-4999"
    screen_keys / many-2500 Enter
    screen_wait "posix-shm:/many-2500"
    top_selected "posix-shm:/many-2500"
    start_ipc posix-shm:name=/early,size=4K
    screen_keys PPage NPage Up Down
    top_selected "posix-shm:/many-2500"
    screen_keys '\' C-u 'name=~"*/many-42*"' Enter
    screen_wait_gone "posix-shm:/many-2500"
    screen_wait "posix-shm:/many-42"
}

# How many processes cannot be looked into, as the screen and as a list says.
hidden_on_screen() { screen_text | sed -n 's/.*: \([0-9]*\) process.* could not be looked into.*/\1/p'; }
hidden_in_list() { ${ordinary[@]+"${ordinary[@]}"} "$SHMOO" list --json 2>/dev/null | jq '[.coverage[].processes // 0] | max // 0'; }
loss_is_told() {
    local hidden
    hidden=$(hidden_in_list)
    [ "$hidden" -gt 0 ] && [ "$(hidden_on_screen)" = "$hidden" ]
}

# A process whose program may not be read is nobody's to look into from its exec on, see PR_SET_DUMPABLE.
test_rights_are_lost_while_it_runs() {
    local ordinary=()
    # Root sees everything, so it is somebody else that looks.
    if [ "$(id -u)" -eq 0 ]; then
        need_other_users
        ordinary=("${NOBODY[@]}")
    fi
    cp "$(command -v sleep)" /tmp/work/secret
    chmod 0111 /tmp/work/secret
    mkfifo -m 0666 /tmp/work/go
    start_ipc posix-shm:name=/seen,mode=644
    ${ordinary[@]+"${ordinary[@]}"} sh -c 'exec 3</dev/shm/seen; read -r line </tmp/work/go; exec /tmp/work/secret 1000' &
    ipc_pids+=($!)
    screen_start 120x30 ${ordinary[@]+"${ordinary[@]}"} "$SHMOO" top -d 0.2
    screen_wait "posix-shm:/seen"
    screen_wait ":sh"
    echo >/tmp/work/go
    screen_wait_gone ":sh"
    eventually loss_is_told
    screen_has "posix-shm:/seen"
    screen_keys / seen Enter Enter
    screen_wait "State"
}
