# list.sh - `shmoo list` on real objects, checked against make_ipc, the kernel's own tables and a JSON parser.

test_every_usual_kind_is_listed_with_its_users() {
    local i
    start_ipc sysv-shm:users=2 sysv-sem:values=3/4 sysv-msg:messages=2 posix-shm:users=1 posix-sem posix-mq memfd anon-shm
    run shmoo list --json
    check_status 0
    check_equal "messages" "" "$(grep -v 'not shown' <<<"$errors")"
    for i in "${!object[@]}"; do
        check_json 'any(.objects[]; .object == $id)' --arg id "${object[i]}"
    done
    check_json '.schema == 1'
    check_json '[.objects[] | select(.object == $id).users[] | select(.role == "mapped")] | length == 2' --arg id "${object[0]}"
    check_json '.objects[] | select(.object == $id).semaphores | map(.value) == [3, 4]' --arg id "${object[1]}"
    check_json '.objects[] | select(.object == $id).messages == 2' --arg id "${object[2]}"
}

test_numbers_are_those_of_the_kernel() {
    start_ipc sysv-shm:size=12345,users=1,key=0x77,mode=640
    run shmoo list sysv-shm --raw --bytes --noheadings -o id,key,mode,size,nattch
    check_status 0
    check_equal "row" "$(awk 'FNR > 1 { printf "%d 0x%08x rw-r----- %d %d", $2, $1, $4, $7 }' /proc/sysvipc/shm)" "$output"
}

test_noisy_kinds_must_be_named() {
    start_ipc pipe eventfd
    run shmoo list -rno kind
    check_status 0
    check_lacks "usual kinds" pipe "$output"
    run shmoo list pipe -rno kind
    check_equal "named kind" pipe "$(sort -u <<<"$output")"
    run shmoo list --kinds all -rno kind
    check_contains "all kinds" pipe "$output"
    check_contains "all kinds" eventfd "$output"
    run shmoo list --kinds pipe,eventfd -rno kind
    check_equal "two kinds" "eventfd pipe" "$(sort -u <<<"$output" | xargs)"
}

test_waiters_and_dead_creators_are_named() {
    start_ipc sysv-sem:values=0,number=0,waiters=2
    run shmoo list sysv-sem --json
    check_json '[.objects[0].users[] | select(.role == "waiting" and .operation == "semtimedop" and .num == 0)] | length == 2'
    run shmoo list sysv-sem --filter 'waiters==2' -rno object
    check_equal "filtered" "${object[0]}" "$output"
    need ipcmk
    ipcmk -M 4096 >/dev/null
    run shmoo list sysv-shm --filter 'cpid_state==dead && users==0' -rno object,size
    check_equal "orphan" "sysv-shm:0 4K" "$output"
    ipcrm -m 0
}

test_filter_sort_user_and_pid_select() {
    local pid
    start_ipc posix-shm:name=/small,size=4K posix-shm:name=/large,size=8M,users=1 posix-shm:name=/middle,size=1M
    run shmoo list posix-shm --sort -size -rno name
    check_equal "largest first" "/large /middle /small" "$(xargs <<<"$output")"
    run shmoo list posix-shm --sort size -rno name
    check_equal "smallest first" "/small /middle /large" "$(xargs <<<"$output")"
    run shmoo list posix-shm --filter 'size>=1M && name!~/l*' -rno name
    check_equal "filtered" "/middle" "$output"
    run shmoo list posix-shm --filter 'name==/large' -rno pids
    pid=$output
    run shmoo list posix-shm --pid "$pid" -rno name
    check_equal "by pid" "/large" "$output"
    run shmoo list posix-shm --user "$(id -u)" -rno name
    check_equal "by user" 3 "$(wc -l <<<"$output")"
    run shmoo list posix-shm --user 4000000 -rno name
    check_equal "by another user" "" "$output"
}

test_mistakes_are_named() {
    run shmoo list sysv-shn
    check_status 2
    check_equal "kind" "shmoo: sysv-shn: no such kind (did you mean 'sysv-shm'?)" "$errors"
    run shmoo list --filter 'size>1 && siz>1M'
    check_status 2
    check_equal "filter" "shmoo: --filter: column 11: unknown column 'siz' (did you mean 'size'?)" "$errors"
    run shmoo list -o size,nmae
    check_status 2
    check_equal "column" "shmoo: -o: unknown column 'nmae' (did you mean 'name'?)" "$errors"
    run shmoo list --sort -sise
    check_status 2
    check_contains "sort" "did you mean 'size'?" "$errors"
    run shmoo list --user no-such-user
    check_status 2
    run shmoo list --pid 0
    check_status 2
    run shmoo list --root /nowhere
    check_status 2
    check_equal "output" "" "$output"
}

test_hostile_names_stay_one_row_an_object() {
    local name
    cd /dev/shm
    for name in $'line\nfeed' $'\e[2Jclear' $'not\xffutf8' 'x (deleted)' 'two  words' "quotes\"'" 'back\slash' $'bidi\u202e' \
        "$(printf 'n%.0s' {1..255})" 'sem.' sem.empty; do
        echo content >"$name"
    done
    : >sem.empty
    ln -s /etc/passwd link
    mkfifo fifo
    mkdir -p 'a folder'
    echo content >'a folder/below'
    run shmoo list posix-shm posix-sem -r -o object,size
    check_status 0
    check_equal "rows" 13 "$(wc -l <<<"$output")"
    check_equal "words" 26 "$(wc -w <<<"$output")"
    check_equal "unsafe bytes" "" "$(tr -d '\n -~' <<<"$output")"
    run shmoo list posix-shm posix-sem
    check_equal "table rows" 13 "$(wc -l <<<"$output")"
    run shmoo list posix-shm posix-sem --json
    check_json '.objects | length == 12'
    check_json 'any(.objects[]; .name == "/line\\x0afeed")'
    check_json 'any(.objects[]; .name == "/back\\\\slash")'
    check_json 'any(.objects[]; .name == "/x (deleted)" and .state == "live")'
    check_json 'all(.objects[]; .name != "/link" and .name != "/fifo")'
    run shmoo list posix-shm --filter 'name=="/line\x0afeed"' -rno object
    check_equal "the escape can be pasted" 'posix-shm:/line\x0afeed' "$output"
    rm -rf /dev/shm/*
}

test_text_fits_the_terminal_and_files_get_all() {
    local long
    need tmux
    long=/$(printf 'long%.0s' {1..50})
    start_ipc "posix-shm:name=$long,users=2"
    run shmoo list
    check_contains "not a terminal" "posix-shm:$long " "$output"
    screen_start 100x20 bash -c '"$1" list 2>/dev/null; read -r' - "$SHMOO"
    screen_wait OBJECT
    check_equal "rows on a terminal" 2 "$(screen_text | grep -c .)"
}

test_wide_characters_and_other_locales() {
    start_ipc posix-shm:name=/日本語
    run shmoo list posix-shm
    check_contains "UTF-8" "posix-shm:/日本語 " "$output"
    LC_ALL=C run shmoo list posix-shm
    check_contains "C" 'posix-shm:/\xe6\x97\xa5' "$output"
}

test_denied_values_are_called_denied() {
    need_other_users
    start_ipc sysv-sem:values=1,mode=600
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$SHMOO" list sysv-sem -rno blocked,nsems
    check_status 0
    check_equal "row" "denied 1" "$output"
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$SHMOO" list sysv-shm --json
    check_json '.coverage | any(.error == "EACCES" and .processes > 0)'
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$SHMOO" list sysv-shm
    check_contains "coverage" "shmoo: not shown: maps of " "$errors"
}

test_the_sandbox_is_on() {
    need strace
    # A leak checker does not work under strace.
    ASAN_OPTIONS=detect_leaks=0 run strace -f -o /tmp/trace "$SHMOO" list --kinds all
    check_status 0
    grep -q 'seccomp(SECCOMP_SET_MODE_FILTER' /tmp/trace
    # Names of users may be asked of a daemon (nscd); that it is refused is what the sandbox is for.
    check_equal "refused calls" "" "$(grep 'EPERM' /tmp/trace | grep -v 'socket(AF_UNIX' | sed -n '/seccomp/,$p')"
}

# No object, time stamp, last pid or count may change by being looked at.
test_looking_changes_nothing() {
    state() {
        cat /proc/sysvipc/*
        find /dev/shm /dev/mqueue -mindepth 1 -printf '%p %A@ %T@ %C@ %s %n\n'
    }
    local before after
    start_ipc sysv-shm:users=1 sysv-sem sysv-msg:messages=2 posix-shm:users=1 posix-sem posix-mq:messages=1 fifo pipe
    before=$(state)
    run shmoo list --kinds all --json
    check_status 0
    run shmoo list --kinds all
    after=$(state)
    check_equal "state" "$before" "$after"
}

test_other_namespaces_are_listed_when_asked() {
    local other
    need_root
    mkfifo /tmp/hold
    exec 8<>/tmp/hold
    unshare --ipc bash -c 'ipcmk -M 8192 >/dev/null; echo ready >/tmp/other; read -r' </tmp/hold &
    other=$!
    eventually test -s /tmp/other
    run shmoo list sysv-shm -rno size
    check_equal "own namespace" "" "$output"
    run shmoo list sysv-shm -a -rn -o size,namespace
    check_status 0
    check_contains "other namespace" "8K " "$output"
    check_lacks "other namespace" "$(stat -Lc %i /proc/self/ns/ipc)" "$output"
    run shmoo list sysv-shm -a
    check_contains "columns" "NAMESPACE CONTAINER" "$output"
    run shmoo list sysv-shm -a --json
    check_json '[.objects[].size] == [8192]'
    echo >&8
    wait "$other"
}
