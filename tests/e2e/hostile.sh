# hostile.sh - names, files and processes that somebody made to confuse: one row an object, nothing that a terminal would
# obey, valid JSON, nothing followed and nothing opened that could be noticed.

# check_harmless WHAT TEXT: only printable UTF-8 and newlines.
check_harmless() {
    ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' <<<"$2" || fail "$1: control characters: $(cat -v <<<"$2")"
    iconv -f UTF-8 -t UTF-8 <<<"$2" >/dev/null || fail "$1: not UTF-8"
}

test_names_of_any_bytes_are_one_row_each() {
    local long
    long=$(printf 'n%.0s' {1..250})
    cd /dev/shm
    : >$'new\nline' >$'\e[2J\e]0;title\a' >$'\xff\xfe\xc3' >'x (deleted)' >"$long" >' spaces  everywhere ' >"quo'te\"s" \
        >$'c1\xc2\x9b31m' >$'bidi\xe2\x80\xaetxt' >'back\slash' >'tab	tab' >'a#1' >'b@0:1' >'-rf' >'%s%n'
    cd /tmp/work
    run shmoo list -n posix-shm
    check_status 0
    check_equal "rows" 15 "$(wc -l <<<"$output")"
    check_harmless "table" "$output"
    run shmoo list -n -r posix-shm
    check_equal "raw rows" 15 "$(wc -l <<<"$output")"
    check_harmless "raw" "$output"
    run shmoo list --json posix-shm
    check_harmless "JSON" "$output"
    check_json '[.objects[].object] | unique | length == 15'
    check_json '[.objects[].state] | unique == ["live"]'
    check_json '[.objects[].object | select(. == "posix-shm:/new\\x0aline" or . == "posix-shm:/x (deleted)" or . == "posix-shm:/a\\x231" or . == "posix-shm:/b\\x400:1")] | length == 4'
}

test_odd_files_in_dev_shm_are_left_alone() {
    echo secret >outside
    ln -s /tmp/work/outside /dev/shm/link
    ln -s /tmp/work/outside /dev/shm/sem.link
    ln -s / /dev/shm/root
    : >/dev/shm/sem.empty
    printf 12345 >/dev/shm/sem.short
    head -c 32 /dev/zero >/dev/shm/sem.zeros
    mkdir -p /dev/shm/sem.folder/below
    : >/dev/shm/sem.folder/below/sem.x
    mkfifo /dev/shm/pipe /dev/shm/sem.pipe
    # A writer that opens a FIFO waits for a reader; nobody may take us for one.
    (echo woken >/dev/shm/pipe) &
    local writer=$!
    eventually grep -q . "/proc/$writer/syscall"
    run shmoo list --json
    check_status 0
    check_json '[.objects[].object] == ["posix-shm:/sem.folder/below/sem.x", "posix-sem:/empty", "posix-sem:/short", "posix-sem:/zeros"]'
    check_json '.objects[] | select(.kind == "posix-sem") | .type == "unrecognised" and .value == null'
    run shmoo list --json fifo
    check_json '[.objects[] | select(.object == "fifo:/dev/shm/pipe").users[].role] == ["waiting"]'
    kill -0 "$writer"
    check_equal "what a reader gets" woken "$(cat /dev/shm/pipe)"
    wait "$writer"
}

# Whoever holds files of a server that died, or hangs in opening one, holds up nobody who looks.
test_servers_of_files_that_do_not_answer_are_not_waited_for() {
    need_root
    need python3
    local server holder opener
    mkdir silent
    mknod /dev/fuse c 10 229 2>/dev/null || skip "no FUSE here"
    python3 "$TESTS/e2e/silent_files.py" "$PWD/silent" >said 2>errors &
    server=$!
    eventually test -e silent/file -o -s errors
    [ ! -s errors ] || skip "no FUSE here: $(cat errors)"
    flock silent/file sleep 1000 &
    holder=$!
    eventually grep -q FLOCK /proc/locks
    kill -USR1 "$server"
    eventually grep -qx silent said
    (exec 3<silent/file) &
    opener=$!
    eventually grep -qx request_wait_answer "/proc/$opener/wchan"
    run timeout -k 1 60 "$SHMOO" list --kinds all --json
    check_status 0
    check_json '.objects | any(.kind == "lock" and (.path | endswith("/silent/file")))'
    kill -KILL "$server" "$opener"
    pkill -P "$holder"
    wait
}

test_processes_may_be_called_anything() {
    local comm number=0
    for comm in $'\e[31mred' $'a\nb' ') S 1 (' $'\xff\xfe'; do
        number=$((number + 1))
        start_ipc "posix-shm:name=/$number,users=1,comm=$(printf %s "$comm" | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g')"
    done
    run shmoo list -o +commands,pids
    check_status 0
    check_equal "rows" 5 "$(wc -l <<<"$output")"
    check_harmless "table" "$output"
    run shmoo list --json
    check_harmless "JSON" "$output"
    check_json '[.objects[].users[]] | length == 4'
    check_json '.objects | all(.users | length == 1)'
}

test_ten_thousand_objects_are_ten_thousand_rows() {
    (cd /dev/shm && seq -f 'object %.0f' 10000 | tr '\n' '\0' | xargs -0 touch)
    run shmoo list -n posix-shm
    check_status 0
    check_equal "rows" 10000 "$(wc -l <<<"$output")"
    run shmoo list --json
    check_json '.objects | length == 10000'
    check_json '[.objects[].object] | unique | length == 10000'
}

test_folders_too_deep_are_stated() {
    (cd /dev/shm && for ((i = 0; i < 30; i++)); do mkdir d && cd d || exit 1; done && : >bottom)
    : >/dev/shm/top
    run shmoo list --json
    check_status 0
    check_json '[.objects[].object] == ["posix-shm:/top"]'
    check_json '.coverage | any(.source == "shm files")'
}
