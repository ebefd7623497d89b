# show.sh - `shmoo show`: what it says of each kind, contents without a trace, and objects that are not there.

# line LABEL: what `show` said after it, blanks squeezed.
line() { sed -n "s/^  $1 \{2,\}//p" <<<"$output"; }

test_segment_with_users_and_verdicts() {
    start_ipc sysv-shm:key=0x4d,size=64K,touch=8K,mode=640,users=2
    run shmoo show "${object[0]}"
    check_status 0
    check_equal "heading" "${object[0]}" "$(head -n 1 <<<"$output")"
    check_equal "key" 0x0000004d "$(line Key)"
    check_equal "size" "64K (65536 bytes)" "$(line Size)"
    check_equal "used" "8K (8192 bytes)" "$(line Used)"
    check_equal "owner" "$(id -un) ($(id -u))" "$(line Owner)"
    check_equal "mode" "rw-r----- (0640)" "$(line Mode)"
    check_contains "attached" "2 (seen: 2 by 2 processes)" "$(line Attachments)"
    check_equal "creator" "$(ipc_value 0 creator) alive: make_ipc" "$(line 'Created by')"
    check_equal "users" 2 "$(line Process | grep -c "make_ipc --hold .*($(id -un))")"
    check_contains "edge" "mapped 64K rw-" "$output"
}

test_what_was_not_seen_is_not_said_to_be_absent() {
    need_root
    run shmoo show sysv-shm:123
    check_status 2
    check_equal "all was read" "shmoo: sysv-shm:123: no such object" "$errors"
    mkdir empty
    mount --bind empty /proc/sysvipc
    run shmoo show sysv-shm:123
    umount /proc/sysvipc
    check_status 2
    check_contains "nothing was read" "shmoo: sysv-shm:123: not found, but not all was to be seen" "$errors"
    check_contains "nothing was read" "shmoo: not shown: sysvipc of proc/sysvipc/shm" "$errors"
    need_other_users
    start_ipc posix-shm:users=1,unlinked
    run as_nobody "$SHMOO" show "${object[0]}"
    check_contains "a file that only a process holds" "not found, but" "$errors"
    run as_nobody "$SHMOO" show memfd:1
    check_contains "a memfd" "memfd:1: not found, but" "$errors"
    run as_nobody "$SHMOO" show sysv-shm:123 posix-shm:/none
    check_contains "tables are open to all" "sysv-shm:123: no such object" "$errors"
    check_contains "so is the folder" "posix-shm:/none: no such object" "$errors"
}

test_dead_creator_is_told() {
    start_ipc sysv-shm:orphan=1
    run shmoo show "${object[0]}"
    check_equal "creator" "$(ipc_value 0 creator) dead" "$(line 'Created by')"
}

test_every_semaphore_is_shown() {
    start_ipc sysv-sem:values=3/0/7,number=1,waiters=2
    run shmoo show "${object[0]}"
    check_equal "counted" 2 "$(line 'Waiters counted')"
    check_contains "first" "value 3, last used by $(ipc_value 0 creator) alive: make_ipc" "$(line 0)"
    check_contains "awaited" "value 0, 2 wait for more" "$(line 1)"
    check_contains "last" "value 7" "$(line 2)"
    check_equal "waiters" 2 "$(grep -c 'waiting in semtimedop for semaphore 1, -1, thread' <<<"$output")"
}

test_queues_pipes_and_sockets() {
    start_ipc posix-mq:maximum=5,size=64,messages=2 pipe:capacity=4K,fill=11,both=1 unix:fill=6
    run shmoo show "${object[0]}"
    check_equal "messages" "2 of 5, 64B" "$(line Messages) of $(line 'Messages allowed'), $(line 'Largest message')"
    run shmoo show "${object[1]}"
    check_equal "fill" "11B of 4K (4096 bytes)" "$(line Queued) of $(line Capacity)"
    check_equal "ends" "2 processes, 2 processes" "$(line Readers), $(line Writers)"
    run shmoo show "${object[2]}"
    check_equal "queued" "6B" "$(line Queued)"
    check_contains "peer" "unix:" "$(line Peer)"
    check_contains "users of the peer" "Peer's users" "$output"
}

test_one_process_is_not_called_processes() {
    start_ipc pipe:fill=1 sysv-shm:users=1
    run shmoo show "${object[@]}"
    check_status 0
    check_equal "ends" "1 process, 1 process" "$(line Readers), $(line Writers)"
    check_equal "attached" "1 (seen: 1 by 1 process)" "$(line Attachments)"
}

test_notification_is_read_only_when_asked_for() {
    start_ipc posix-mq:notify=1
    run shmoo show "${object[0]}"
    check_equal "not asked" "" "$(line 'Registered to notify')"
    run shmoo show --notify "${object[0]}"
    check_contains "asked" ": make_ipc" "$(line 'Registered to notify')"
    check_contains "edge" "notify when a message arrives" "$output"
}

test_json_is_that_of_list() {
    start_ipc sysv-shm:users=2 posix-shm:name=/a sysv-sem:values=1/2
    run shmoo show --json "${object[@]}"
    check_status 0
    check_json '.schema == 1 and (.objects | length) == 3'
    json '.objects | sort_by(.object) | del(.[].users[].command)' >/tmp/shown
    check_json 'any(.objects[].users[]; .command | index("--hold"))'
    run shmoo list --json
    json '.objects | sort_by(.object)' >/tmp/listed
    cmp /tmp/shown /tmp/listed
}

test_missing_objects_fail_and_others_are_shown() {
    start_ipc posix-shm:name=/here
    run shmoo show sysv-shm:7 "${object[0]}" posix-shm:/gone nonsense strange:1
    check_status 2
    check_contains "shown" "posix-shm:/here" "$output"
    check_contains "errors" "shmoo: sysv-shm:7: no such object" "$errors"
    check_contains "errors" "shmoo: posix-shm:/gone: no such object" "$errors"
    check_contains "errors" "shmoo: nonsense: not an object" "$errors"
    check_contains "errors" "shmoo: strange:1: not an object" "$errors"
    run shmoo show
    check_status 2
    run shmoo show --hex=1-0 "${object[0]}"
    check_status 2
    run shmoo show --hex --json "${object[0]}"
    check_status 2
}

test_hostile_names_are_escaped() {
    start_ipc 'posix-shm:name=/a\x1b[31m\x0ab'
    run shmoo show "${object[0]}"
    check_status 0
    check_equal "controls" "" "$(tr -d '\n[:print:]' <<<"$output")"
    check_equal "name" '/a\x1b[31m\x0ab' "$(line Name)"
}

test_pid_is_that_of_ps() {
    start_ipc sysv-shm:users=1
    local pid
    pid=$(ipc_value 0 users)
    run shmoo show "$pid"
    check_status 0
    check_equal "heading" "process $pid" "$(head -n 1 <<<"$output")"
}

# --- contents ---

test_hex_of_memory() {
    printf 'shared bytes' >/dev/shm/text
    start_ipc memfd:size=64K,touch=8K sysv-shm:size=16K,touch=16K,users=1 file-shm:name=/tmp/work/map,size=8K,touch=8K
    run shmoo show --hex posix-shm:/text
    check_contains "text" "00000000  73 68 61 72 65 64 20 62  79 74 65 73              |shared bytes|" "$output"
    run shmoo show --hex=0xffe+3 "${object[0]}"
    check_contains "bytes of a memfd" "78 78  |              xx|" "$output"
    check_contains "next line" "00001000  78 " "$output"
    check_contains "rest" "61439 bytes more: --hex=0x1001-" "$output"
    run shmoo show --hex "${object[1]}"
    check_contains "attached segment" "|xxxxxxxxxxxxxxxx|" "$output"
    run shmoo show --hex=8190- "${object[2]}"
    check_contains "end of a file" "00001ffe                                             78 78  |              xx|" "$output"
    check_lacks "end of a file" "more" "$output"
    run shmoo show --hex=1M- "${object[2]}"
    check_contains "beyond the end" "nothing in this range" "$output"
    rm /dev/shm/text
}

# pages: resident and swapped bytes of segments, and what the processes have of shared memory.
pages() {
    awk 'FNR > 1 { print $15, $16 }' /proc/sysvipc/shm
    grep -h '^RssShmem' $(pgrep -x make_ipc | sed 's|.*|/proc/&/status|')
}

test_hex_never_makes_pages() {
    local before
    start_ipc sysv-shm:size=8M,users=1 anon-shm:size=8M
    before=$(pages)
    run shmoo show --hex=0- "${object[@]}"
    check_status 0
    check_equal "pages" "$before" "$(pages)"
}

test_hex_of_queues_and_pipes() {
    start_ipc sysv-msg:messages=2,bytes=20 pipe:fill=5,both=1 posix-mq:messages=1
    run shmoo show --hex "${object[0]}"
    check_contains "first message" "Message 0, type 1, 20 bytes" "$output"
    check_contains "second message" "Message 1, type 2, 20 bytes" "$output"
    check_contains "bytes" "|mmmmmmmmmmmmmmmm|" "$output"
    run shmoo show --hex "${object[1]}"
    check_equal "bytes of a pipe" 1 "$(grep -c '^00000000 .*|.....|$' <<<"$output")"
    run shmoo show --hex "${object[2]}"
    check_contains "why not" "not shown: a POSIX queue can only be read by taking its messages out" "$output"
    run shmoo list sysv-msg posix-mq pipe --json
    check_json '[.objects[] | select(.kind == "sysv-msg" or .kind == "posix-mq") | .messages] == [2, 1]'
    check_json 'any(.objects[]; .object == $id and .fill == 5)' --arg id "${object[1]}"
}

test_unattached_segment_says_why_not() {
    start_ipc sysv-shm:size=4K,touch=4K
    run shmoo show --hex "${object[0]}"
    check_status 0
    check_contains "why not" "not shown: no process that could be asked is attached" "$output"
}

# --- nothing changes ---

# state: all that somebody could notice: times, pids, counts, sizes, positions and blocked threads.
state() {
    local pid
    cat /proc/sysvipc/*
    awk 'FNR > 1 { print $2 }' /proc/sysvipc/sem | xargs -rn 1 ipcs -s -i
    find /dev/shm /dev/mqueue /tmp/work ! -type d -print0 | sort -z | xargs -0r stat -c '%n %i %s %b %h %a %u %g %x %y %z'
    for pid in $(pgrep -x make_ipc); do
        cat "/proc/$pid/task/"*/syscall "/proc/$pid/fdinfo/"*
        ls -l "/proc/$pid/fd" | awk '{ print $1, $9, $11 }'
        stat -Lc '%i %s %b %h %x %y %z' "/proc/$pid/fd/"*
        grep -c . "/proc/$pid/maps"
    done
    # The numbers are those of the whole machine, and OFD locks have no pid to tell other sandboxes' ones by.
    sed '/OFDLCK/d; s/^[0-9]*: //' /proc/locks
}

test_looking_changes_nothing() {
    local before pid
    need ipcs
    start_ipc world pipe:fill=100,both=1 posix-shm:name=/plain,touch=4K
    before=$(state)
    run shmoo list --kinds all
    check_status 0
    run shmoo list --kinds all --json
    mapfile -t labels < <(json '.objects[].object')
    [ "${#labels[@]}" -gt 20 ] || fail "only ${#labels[@]} objects"
    run shmoo show "${labels[@]}"
    run shmoo show --hex "${labels[@]}"
    check_contains "contents" "Contents" "$output"
    for pid in $(pgrep -x make_ipc); do
        run shmoo ps "$pid"
        check_status 0
    done
    run shmoo ps
    run shmoo limits
    check_status 0
    diff <(echo "$before") <(state)
}

test_state_notices_a_plain_read() {
    local before
    start_ipc posix-shm:name=/plain,touch=4K
    before=$(state)
    cat /dev/shm/plain >/dev/null
    [ "$before" != "$(state)" ] || fail "reading a file was not noticed"
}
