# kinds.sh - shmoo lists what make_ipc made, of every kind, with exactly the processes that use it and in which role.

# users_are ROLE KEY: the processes that object 0 of `shmoo list --json` has in that role are those make_ipc named.
users_are() {
    local listed made
    listed=$(json '.objects[] | select(.object == $id) | .users[] | select(.role == $role) | .pid' \
        --arg id "${object[0]}" --arg role "$1" | sort -n | paste -s -d ,)
    made=$(ipc_value 0 "$2" | tr ',' '\n' | sort -n | paste -s -d ,)
    [ -n "$made" ] || fail "make_ipc made no $2 for ${object[0]}"
    check_equal "$1 of ${object[0]}" "$made" "$listed"
}

# check_kind SPEC [ROLE KEY]...
check_kind() {
    local kind=${1%%:*}
    start_ipc "$1"
    shift
    run shmoo list --json "$kind"
    check_status 0
    check_json '[.objects[].kind] | unique == [$kind]' --arg kind "$kind"
    check_json '[.objects[] | select(.object == $id)] | length == 1' --arg id "${object[0]}"
    while [ $# -gt 0 ]; do
        users_are "$1" "$2"
        shift 2
    done
    stop_ipc
}

test_sysv() {
    check_kind sysv-shm:users=2,split mapped users
    check_kind sysv-shm:users=1,removed mapped users
    check_kind sysv-shm:users=1,readonly mapped users
    check_kind sysv-sem:waiters=2 waiting waiters
    check_kind sysv-sem:values=3,zero=1 waiting zero
    check_kind sysv-msg:full,senders=2 waiting senders
    check_kind sysv-msg:messages=2,receivers=1 waiting receivers
}

test_posix() {
    check_kind posix-shm:users=2 mapped users
    check_kind posix-shm:name=/a/b/c,users=1,open=1 mapped users open open
    check_kind posix-shm:name=/gone,unlinked,users=1 mapped users
    check_kind 'posix-shm:name=/x (deleted)' # lives
    check_kind 'posix-shm:name=/a#1@b\x0a\x1b[2J\xff,users=1' mapped users
    check_kind posix-sem:users=2 mapped users
    check_kind posix-sem:waiters=2 waiting waiters
    check_kind posix-sem:name=/gone,unlinked,users=1 mapped users
    check_kind posix-mq:users=2 open users
    check_kind posix-mq:full,senders=1 waiting senders open senders
    check_kind posix-mq:receivers=1 waiting receivers
    check_kind posix-mq:name=/gone,unlinked,users=1 open users
}

test_memory_without_names() {
    check_kind memfd:users=2 mapped users open users
    check_kind memfd:mapped=1 mapped mapped
    check_kind memfd:open=1 open open
    check_kind anon-shm:users=3 mapped users
    check_kind file-shm:users=2 mapped users
    check_kind file-shm:name=/tmp/gone,unlinked,users=1 mapped users
}

test_pipes_and_sockets() {
    check_kind pipe:readers=2,writers=0 open readers
    check_kind pipe:reading=1 waiting reading
    check_kind pipe:full,writing=1,both,readers=0 waiting writing
    check_kind fifo:readers=1,writers=0 open readers
    check_kind fifo:reading=1 waiting reading
    check_kind fifo:opening=read waiting waiters
    check_kind fifo:opening=write waiting waiters
    check_kind unix open users
    check_kind unix:reading waiting reading open reading
    check_kind unix:type=seqpacket,name=@server open users
    check_kind unix:name=/tmp/server,accepting waiting accepting
}

test_events_and_locks() {
    check_kind eventfd:users=2 open users
    check_kind eventfd:reading=1 waiting reading
    check_kind eventfd:value=5,writing=1 waiting writing
    check_kind futex:waiters=2 waiting waiters
    check_kind futex:type=vector,waiters=1 waiting waiters
    check_kind futex:type=mutex,owner=alive,waiters=1 waiting waiters
    check_kind lock:type=flock,waiters=1 holding owner waiting waiters
    check_kind lock:type=posix,start=5,length=10,waiters=1 holding owner waiting waiters
    check_kind lock:type=ofd,waiters=1 holding owner
    check_kind signal:pending=2 holding users
}
