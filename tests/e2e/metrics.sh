# metrics.sh - `shmoo metrics`: numbers against those of the other commands, the file, the server, and Prometheus.

# sample NAME LABELS: its value in $output ("" when there is none); labels as they are written.
sample() { sed -n "s/^shmoo_$1${2:+{$2\}} //p" <<<"$output"; }

# parse FILE: what a strict parser of OpenMetrics by others finds, as JSON lines. need_parser: skips without it.
need_parser() {
    /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null && return
    [ "${CI:-}" != true ] || fail "python3-prometheus-client is not installed: tests/deps must name it"
    skip "python3-prometheus-client is not installed"
}
parse() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
with open(sys.argv[1], encoding="utf-8") as file:
    for family in text_string_to_metric_families(file.read()):
        for sample in family.samples:
            print(json.dumps({"name": sample.name, "labels": sample.labels, "value": sample.value}))
PYTHON
}

test_sums_are_those_of_list() {
    start_ipc sysv-shm:size=5000,users=2 sysv-shm:size=1M,touch=8K sysv-sem:values=0/2/3,waiters=2 \
        sysv-msg:messages=3,bytes=50 posix-shm:size=3M,touch=1M,users=1 posix-sem:users=1 \
        posix-mq:maximum=5,messages=4,receivers=0 memfd:size=1M
    shmoo list --json -o kind,owner,size,used,users,waiters,messages,fill,capacity,nsems,mapped >/tmp/list
    shmoo metrics >/tmp/metrics
    jq -r --arg owner "$(id -un)" '
        def sum(name; field): [.[] | .[field] | select(. != null)] | select(length > 0) | "shmoo_\(name) \(add)";
        .objects | map(.users |= (map(.pid) | unique | length)) | group_by([.kind, .owner])[]
        | "{kind=\"\(.[0].kind)\",uid=\"\(.[0].owner)\",owner=\"\($owner)\"}" as $labels
        | ["shmoo_objects \(length)", sum("size_bytes"; "size"), sum("used_bytes"; "used"), sum("users"; "users"),
           sum("waiters"; "waiters"), sum("messages"; "messages"), sum("fill_bytes"; "fill"),
           sum("capacity_bytes"; "capacity"), sum("semaphores"; "nsems"), sum("mapped_bytes"; "mapped")][]
        | sub(" "; $labels + " ")' /tmp/list | sort >/tmp/expected
    check_equal "kinds" 7 "$(grep -c '^shmoo_objects' /tmp/expected)"
    check_equal "not told" "" "$(grep -vxF -f /tmp/metrics /tmp/expected || :)"
    output=$(cat /tmp/metrics)
    check_equal "fullest queue" 0.80 "$(sample full_ratio "kind=\"posix-mq\",uid=\"$(id -u)\",owner=\"$(id -un)\"")"
}

test_limits_are_those_of_limits() {
    start_ipc sysv-shm:size=5000 sysv-sem:values=1/2/3 posix-shm:size=1M,touch=1M
    shmoo limits --json >/tmp/limits
    run shmoo metrics
    for limit in shmmni semmns msgmni queues_max; do
        check_equal "$limit" "$(jq -r --arg l $limit '.limits[] | select(.limit == $l) | "\(.use) \(.maximum)"' /tmp/limits)" \
            "$(sample limit_use "limit=\"$limit\"") $(sample limit_maximum "limit=\"$limit\"")"
    done
    check_equal "tmpfs" "$(jq -r '.limits[] | select(.limit == "tmpfs_size" and .place == "/dev/shm") | "\(.use) \(.maximum)"' /tmp/limits)" \
        "$(sample limit_use_bytes 'limit="tmpfs_size",place="\/dev\/shm"') $(sample limit_maximum_bytes 'limit="tmpfs_size",place="\/dev\/shm"')"
    check_equal "Shmem of segments" "$(jq -r .shmem.sysv /tmp/limits)" "$(sample shmem_bytes 'part="sysv"')"
}

test_trouble_is_counted() {
    run shmoo metrics
    check_equal "at first" "0 0" "$(sample deadlocks) $(sample findings 'rule="orphan",confidence="likely"')"
    start_ipc sysv-shm:size=5000,orphan
    "$BUILT/tests/targets/stall" semaphores >/tmp/stuck &
    stuck=$!
    trap 'kill "$stuck"; tidy_up' EXIT
    eventually two_wait
    run shmoo metrics
    check_status 0
    local owner
    owner="uid=\"$(id -u)\",owner=\"$(id -un)\""
    check_equal "deadlocks" "1 1" "$(sample deadlocks) $(sample findings 'rule="deadlock",confidence="certain"')"
    check_equal "stuck" 2 "$(sample stuck_threads "kind=\"sysv-sem\",$owner")"
    check_equal "orphans" "1 5000" "$(sample orphans "kind=\"sysv-shm\",$owner") $(sample orphan_size_bytes "kind=\"sysv-shm\",$owner")"
}
two_wait() { [ "$(shmoo waits --json | jq '[.waits[] | select(.comm == "stall")] | length')" -eq 2 ]; }

test_recording_has_the_same_sums() {
    start_ipc sysv-shm:size=5000,users=2 posix-mq:messages=2
    shmoo metrics | grep -E '^shmoo_(objects|size_bytes|users|messages)\{kind="(sysv|posix)' >/tmp/live
    shmoo record /tmp/work/recording >/dev/null
    shmoo metrics --root /tmp/work/recording | grep -E '^shmoo_(objects|size_bytes|users|messages)\{kind="(sysv|posix)' >/tmp/replayed
    cmp /tmp/live /tmp/replayed
}

test_text_is_valid() {
    need_parser
    start_ipc world
    shmoo metrics --per-object=all >/tmp/metrics
    check_equal "last line" "# EOF" "$(tail -n 1 /tmp/metrics)"
    [ "$(parse /tmp/metrics | wc -l)" -eq "$(grep -c '^shmoo' /tmp/metrics)" ] || fail "samples are lost"
    check_equal "twice the same" "" "$(sed -n 's/^\(shmoo_.*\) [^ ]*$/\1/p' /tmp/metrics | sort | uniq -d)"
    need promtool
    check_equal "promtool" "" "$(promtool check metrics </tmp/metrics 2>&1)"
}

# Identifiers start at 0 in each.
test_namespaces_are_told_apart() {
    need_root
    start_ipc sysv-shm:size=4096
    unshare --ipc "$MAKE_IPC" --hold sysv-shm:size=8192,users=1 </dev/null >/tmp/inside &
    inside=$!
    trap 'kill "$inside" 2>/dev/null || :; tidy_up' EXIT
    eventually grep -qx ready /tmp/inside
    shmoo metrics --all-namespaces --per-object=sysv-shm >/tmp/metrics
    check_equal "sizes" "4096 8192" "$(sed -n 's/^shmoo_object_size_bytes.* //p' /tmp/metrics | sort | xargs)"
    check_equal "twice the same" "" "$(sed -n 's/^\(shmoo_.*\) [^ ]*$/\1/p' /tmp/metrics | sort | uniq -d)"
    output=$(cat /tmp/metrics)
    check_equal "together" 12288 "$(sample size_bytes 'kind="sysv-shm",uid="0",owner="root"')"
    kill "$inside"
    wait "$inside" || :
}

test_hostile_names_stay_labels() {
    need_parser
    start_ipc 'posix-shm:name=/a"} 1\x0ashmoo_evil 2' 'posix-shm:name=/\xff\xfe\\n' 'posix-shm:name=/\x1b[2Jgrün'
    shmoo metrics --per-object=posix-shm >/tmp/metrics
    ! grep -q '^shmoo_evil' /tmp/metrics || fail "a name became a sample"
    iconv -f UTF-8 -t UTF-8 /tmp/metrics >/dev/null || fail "not UTF-8"
    check_equal "names" "$(shmoo list posix-shm --json | jq -r '.objects[].object' | sort)" \
        "$(parse /tmp/metrics | jq -r 'select(.name == "shmoo_object_size_bytes").labels.object' | sort)"
}

test_labels_are_bounded() {
    start_ipc sysv-shm:size=4096
    shmoo metrics | grep -c '^shmoo_.*kind="sysv-shm"' >/tmp/few
    start_ipc sysv-shm:size=4096,count=2000
    shmoo metrics >/tmp/metrics
    check_equal "samples" "$(cat /tmp/few)" "$(grep -c '^shmoo_.*kind="sysv-shm"' /tmp/metrics)"
    output=$(cat /tmp/metrics)
    check_equal "objects" 2001 "$(sample objects "kind=\"sysv-shm\",uid=\"$(id -u)\",owner=\"$(id -un)\"")"
    check_equal "one by one" 2001 "$(shmoo metrics --per-object=sysv-shm | grep -c '^shmoo_object_size_bytes')"
    check_equal "those of another kind" 0 "$(shmoo metrics --per-object=posix-shm | grep -c '^shmoo_object_size_bytes' || :)"
}

test_bad_input_is_one_line() {
    local arguments
    while read -r arguments; do
        # shellcheck disable=SC2086 # several words
        run shmoo metrics $arguments
        check_status 2
        check_equal "$arguments: output" "" "$output"
        check_equal "$arguments: lines" 1 "$(grep -c '^shmoo: .*: ' /tmp/errors)"
        check_equal "$arguments: all lines" 1 "$(wc -l </tmp/errors)"
    done <<'ARGUMENTS'
operand
--unknown
--per-object=nothing
--listen
--listen localhost
--listen localhost:9933
--listen 127.0.0.1:65536
--listen 127.0.0.1:
--listen ::1:9933
--listen [::1:9933
--listen 127.0.0.1:-1
--listen 192.0.2.1:9933
--listen 0 --textfile /tmp/work/file
--textfile /tmp/work
--textfile /tmp/work/
--textfile /nowhere/file
--textfile /dev/null/file
--root /tmp/work
ARGUMENTS
    check_equal "files" "" "$(find /tmp/work -mindepth 1)"
}

test_textfile_is_replaced_as_a_whole() {
    local folder=/tmp/work/metrics
    mkdir $folder
    (umask 077 && shmoo metrics --textfile $folder/shmoo.prom)
    check_equal "mode" 644 "$(stat -c %a $folder/shmoo.prom)"
    exec 7<$folder/shmoo.prom
    shmoo metrics --textfile $folder/shmoo.prom
    check_equal "last line of the old one" "# EOF" "$(tail -n 1 <&7)"
    [ "$(stat -L -c %i /proc/self/fd/7)" != "$(stat -c %i $folder/shmoo.prom)" ] || fail "written in place"
    exec 7<&-
    echo precious >/tmp/work/other
    ln -sf /tmp/work/other $folder/shmoo.prom
    shmoo metrics --textfile $folder/shmoo.prom
    check_equal "behind the link" precious "$(cat /tmp/work/other)"
    [ ! -L $folder/shmoo.prom ] || fail "still a link"
    (cd $folder && shmoo metrics --textfile shmoo.prom)
    check_equal "files" shmoo.prom "$(ls -A $folder)"
}

# As root, a file in the place of /dev/stdout or /dev/null would break the machine.
test_textfile_replaces_files_only() {
    local name
    mkfifo fifo
    ln -s /dev/null to-device
    ln -s /proc/self/fd/1 to-output
    for name in fifo to-device to-output; do
        run shmoo metrics --textfile $name
        check_status 2
        check_equal errors "shmoo: $name: no regular file, and not replaced by one" "$errors"
        [ ! -f $name ] || [ -L $name ] || fail "$name is replaced"
    done
    ! shmoo metrics --textfile to-output >file 2>&1 || fail "output is a file, and its name no name of it"
    [ -L to-output ] || fail "to-output is replaced"
}

test_textfile_is_never_seen_in_part() {
    local tries seen=0
    shmoo metrics --textfile /tmp/work/shmoo.prom
    (for ((tries = 0; tries < 30; tries++)); do shmoo metrics --textfile /tmp/work/shmoo.prom; done) &
    local writer=$!
    while kill -0 $writer 2>/dev/null; do
        check_equal "last line" "# EOF" "$(tail -n 1 /tmp/work/shmoo.prom)"
        seen=$((seen + 1))
    done
    wait $writer
    [ $seen -gt 10 ] || fail "only $seen looks"
}

test_signal_leaves_no_new_file_behind() {
    need strace
    local strace
    strace -qq -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=2000000 "$SHMOO" metrics --textfile /tmp/work/shmoo.prom &
    strace=$!
    eventually is_there '.shmoo.prom.*'
    pkill -TERM -P $strace
    wait $strace || :
    check_equal "files" shmoo.prom "$(ls -A /tmp/work)"
    check_equal "last line" "# EOF" "$(tail -n 1 /tmp/work/shmoo.prom)"
}
is_there() { [ -n "$(find /tmp/work -name "$1")" ]; }

test_full_disk_leaves_the_old_file() {
    need_root
    mkdir /tmp/work/disk
    mount -t tmpfs -o size=4k tmpfs /tmp/work/disk
    echo old >/tmp/work/disk/shmoo.prom
    run shmoo metrics --textfile /tmp/work/disk/shmoo.prom
    check_status 2
    check_equal "errors" "shmoo: /tmp/work/disk/shmoo.prom: No space left on device" "$errors"
    check_equal "files" "shmoo.prom old" "$(ls -A /tmp/work/disk) $(cat /tmp/work/disk/shmoo.prom)"
    umount /tmp/work/disk
}

# --- the server ---

# start_server ARGUMENT...: sets $server and $url.
start_server() {
    "$SHMOO" metrics "$@" 2>/tmp/server &
    server=$!
    trap 'kill "$server" 2>/dev/null || :; tidy_up' EXIT
    eventually grep -q '^shmoo: listening: ' /tmp/server
    url=$(sed -n 's/^shmoo: listening: //p' /tmp/server)
}

# stop_server SIGNAL: it ends with status 0, having said nothing more.
stop_server() {
    kill -"$1" "$server"
    status=0
    wait "$server" || status=$?
    check_equal "status after SIG$1" 0 "$status"
    check_equal "lines said" 1 "$(wc -l </tmp/server)"
}

test_server_answers_one_page() {
    need curl
    start_ipc sysv-shm:size=5000
    start_server --listen 0
    check_contains "address" "http://127.0.0.1:" "$url"
    run curl -sf "$url"
    check_status 0
    check_equal "objects" 1 "$(sample objects "kind=\"sysv-shm\",uid=\"$(id -u)\",owner=\"$(id -un)\"")"
    check_equal "last line" "# EOF" "$(tail -n 1 <<<"$output")"
    check_equal "GET" "200 application/openmetrics-text; version=1.0.0; charset=utf-8" \
        "$(curl -s -o /dev/null -w '%{http_code} %{content_type}' "$url")"
    check_equal "older format" "200 text/plain; version=0.0.4; charset=utf-8" \
        "$(curl -s -o /dev/null -w '%{http_code} %{content_type}' -H 'Accept: text/plain;version=0.0.4;q=1,*/*;q=0.1' "$url")"
    check_equal "HEAD" 200 "$(curl -s -I -o /dev/null -w '%{http_code}' "$url")"
    check_equal "connections for two requests" 1 "$(curl -s -o /dev/null -o /dev/null -w '%{num_connects}\n' "$url" "$url" | awk '{ sum += $1 } END { print sum }')"
    check_equal "other page" 404 "$(curl -s -o /dev/null -w '%{http_code}' "${url%metrics}")"
    check_equal "file" 404 "$(curl -s --path-as-is -o /dev/null -w '%{http_code}' "$url/../../etc/passwd")"
    check_equal "POST" 405 "$(curl -s -o /dev/null -w '%{http_code}' -d data "$url")"
    check_equal "DELETE" 405 "$(curl -s -o /dev/null -w '%{http_code}' -X DELETE "$url")"
    check_equal "seccomp filter" 2 "$(sed -n 's/^Seccomp:\t//p' "/proc/$server/status")"
    stop_server TERM
}

test_server_looks_anew() {
    need curl
    start_server --listen 127.0.0.1:0 --per-object=posix-shm
    ! page_has 'shmoo_object_size_bytes{object="posix-shm:/ring"' || fail "there already"
    start_ipc posix-shm:name=/ring,size=1M
    eventually page_has 'shmoo_object_size_bytes{object="posix-shm:/ring"'
    stop_server INT
}
page_has() { curl -sf --max-time 20 "$url" | grep -F "$1" >/dev/null; }

test_server_says_why_it_cannot() {
    start_server --listen 0
    local place=${url#http://}
    run shmoo metrics --listen "${place%/metrics}"
    check_status 2
    check_equal "errors" "shmoo: ${place%/metrics}: Address already in use" "$errors"
    stop_server TERM
}

test_server_on_ipv6() {
    [ -e /proc/net/if_inet6 ] && grep -q '^0\{31\}1 ' /proc/net/if_inet6 || skip "no IPv6 here"
    need curl
    start_server --listen '[::1]:0'
    check_contains "address" "http://[::1]:" "$url"
    curl -gsf "$url" >/dev/null
    stop_server TERM
}

# connect COUNT: so many idle connections, as descriptors in $idle.
connect() {
    local fd count
    for ((count = 0; count < $1; count++)); do
        exec {fd}<>"/dev/tcp/127.0.0.1/$port"
        idle+=("$fd")
    done
}
disconnect() {
    local fd
    for fd in "${idle[@]}"; do exec {fd}>&-; done
    idle=()
}
sockets_of_server() { find "/proc/$server/fd" -lname 'socket:*' | wc -l; }
has_sockets() { [ "$(sockets_of_server)" -eq "$1" ]; }
start_server_with_port() {
    start_server --listen 0
    port=${url%/metrics}
    port=${port##*:}
    idle=()
}

test_server_outlives_nonsense() {
    need curl
    start_server_with_port
    for request in 'GET' $'\x16\x03\x01\xff' $'GET /metrics HTTP/9.9\r\n\r\n' $'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'; do
        connect 1
        printf '%s' "$request" >&"${idle[0]}"
        disconnect
    done
    connect 1
    { printf 'GET /metrics HTTP/1.1\r\nX: '; head -c 100000 /dev/zero | tr '\0' x; } >&"${idle[0]}" 2>/dev/null || :
    page_has '# EOF' || fail "no page after nonsense"
    stop_server TERM
}

# More than it keeps: those that say nothing make room for others.
test_server_closes_silent_connections() {
    need curl
    start_server_with_port
    local before
    before=$(sockets_of_server)
    connect 60
    eventually has_sockets $((before + 32))
    page_has '# EOF' || fail "no page beside silent ones"
    disconnect
    eventually has_sockets "$before"
    stop_server TERM
}

test_server_listens_after_many_that_go_at_once() {
    need curl
    start_server_with_port
    kill -STOP "$server"
    connect 60
    disconnect
    kill -CONT "$server"
    eventually page_has '# EOF'
    stop_server TERM
}

# serves_beside COUNT WAY...: starts hostile clients, and sees that others are served all the same.
serves_beside() {
    local look
    need curl python3
    start_server_with_port
    mkfifo /tmp/until
    python3 "$TESTS/e2e/hostile_clients.py" "$port" "$@" </tmp/until >/tmp/clients &
    clients=$!
    exec 9>/tmp/until
    trap 'kill "$server" "$clients" 2>/dev/null || :; tidy_up' EXIT
    eventually grep -q ready /tmp/clients
    for look in 1 2 3; do
        eventually page_has '# EOF'
    done
    [ "$(sockets_of_server)" -le 104 ] || fail "$(sockets_of_server) sockets"
    [[ $BUILT == */asan ]] || awk '/VmHWM/ { exit $2 > 65536 }' "/proc/$server/status" || fail "$(cat "/proc/$server/status")"
    exec 9>&-
    wait $clients
    stop_server TERM
}

# Each takes hours for a request.
test_server_serves_beside_slow_clients() { serves_beside 40 slow; }

# Put out, they come again at once.
test_server_serves_beside_hostile_clients() { serves_beside 100 silent slow greedy garbled endless; }

# --- Prometheus ---

# query EXPRESSION: the values of its samples, as "LABEL VALUE" lines of the label $2.
query() {
    curl -sf -G --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query |
        jq -r --arg name "$2" '.data.result[] | "\(.metric[$name]) \(.value[1])"'
}
scraped() { [ -n "$(query "$1" job)" ]; }

test_prometheus_scrapes_the_server() {
    need prometheus curl
    start_ipc sysv-shm:size=5000 sysv-shm:size=1M 'posix-shm:name=/\xff"x,size=8K'
    start_server --listen 0 --per-object=posix-shm
    cat >/tmp/work/prometheus.yml <<CONFIG
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: shmoo
    static_configs: [{targets: ['$(sed 's|http://||; s|/metrics||' <<<"$url")']}]
CONFIG
    GOMAXPROCS=2 prometheus --config.file=/tmp/work/prometheus.yml --storage.tsdb.path=/tmp/work/data \
        --web.listen-address=127.0.0.1:9090 --log.level=warn >/tmp/prometheus.log 2>&1 &
    prometheus=$!
    trap 'kill "$server" "$prometheus" 2>/dev/null || :; tidy_up' EXIT
    eventually scraped 'up == 1' || fail "$(cat /tmp/prometheus.log)"
    eventually scraped 'shmoo_objects{kind="sysv-shm"} == 2'
    check_equal "size" "sysv-shm $((5000 + 1048576))" "$(query 'sum by (kind) (shmoo_size_bytes{kind="sysv-shm"})' kind)"
    check_equal "object" 'posix-shm:/\xff"x 8192' "$(query shmoo_object_size_bytes object)"
    check_equal "type" gauge "$(curl -sf 'http://127.0.0.1:9090/api/v1/metadata?metric=shmoo_size_bytes' | jq -r '.data.shmoo_size_bytes[0].type')"
    kill "$prometheus"
    wait "$prometheus" || :
    stop_server TERM
}
