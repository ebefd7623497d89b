# metrics_recipes.sh - what contrib has for Prometheus, Grafana, systemd and Kubernetes: that it is well-formed, names
# metrics that exist, and works as it says.
# runs: once

readonly CONTRIB=/tmp/shmoo/contrib

# Names of all metrics, also of single objects.
metric_names() {
    shmoo metrics --help | sed -n '/^Metrics:/,$s/^  \(shmoo_[a-z_]*\) .*/\1/p'
    shmoo metrics --per-object | sed -n 's/^# TYPE \(shmoo_object_[a-z_]*\) .*/\1/p'
}

# check_names WHAT <TEXT: every metric that the text names exists.
check_names() {
    local unknown
    unknown=$(grep -o 'shmoo_[a-z_]*' | sort -u | grep -vxF -f <(metric_names) || :)
    check_equal "$1: unknown metrics" "" "$unknown"
}

test_alerts_fire_when_they_should() {
    need promtool
    cd $CONTRIB/prometheus
    promtool check rules alerts.yml >/tmp/promtool || fail "$(cat /tmp/promtool)"
    promtool test rules alerts_test.yml >/tmp/promtool 2>&1 || fail "$(cat /tmp/promtool)"
    check_names alerts <alerts.yml
    check_equal "alerts without a test that they fire" "" "$(comm -23 <(sed -n 's/.*- alert: //p' alerts.yml | sort) \
        <(grep -B1 'exp_alerts' alerts_test.yml | sed -n 's/.*alertname: //p' | sort -u))"
}

# A test that cannot fail would say nothing: thresholds moved a little make it fail.
test_alert_tests_notice_changes() {
    need promtool
    local change
    cp $CONTRIB/prometheus/*.yml /tmp/work
    cd /tmp/work
    for change in 's/> 0.9$/> 0.85/' 's/> 0.95/> 0.89/' 's/confidence="certain"/confidence="likely"/' 's/> 50/> 100/' 's/== 0$/>= 0/'; do
        sed "$change" $CONTRIB/prometheus/alerts.yml >alerts.yml
        ! cmp -s alerts.yml $CONTRIB/prometheus/alerts.yml || fail "nothing to change: $change"
        ! promtool test rules alerts_test.yml >/dev/null 2>&1 || fail "not noticed: $change"
    done
}

test_dashboard_asks_for_what_there_is() {
    need promtool
    local dashboard=$CONTRIB/grafana/shmoo.json
    jq -e '.title and .uid and (.panels | length > 5) and ([.panels[].id] | unique | length) == (.panels | length)
        and all(.panels[]; .title and (.targets | length > 0) and all(.targets[]; .expr))' "$dashboard" >/dev/null || fail "no dashboard"
    jq -r '.panels[].targets[].expr' "$dashboard" | check_names dashboard
    jq '{groups: [{name: "panels", rules: [.panels[].targets[].expr | {record: "panel", expr: gsub("\\$instance"; ".+")}]}]}' \
        "$dashboard" >/tmp/work/panels.json
    promtool check rules /tmp/work/panels.json >/tmp/promtool 2>&1 || fail "$(cat /tmp/promtool)"
    check_equal "panels that overlap" "" "$(jq -r '[.panels[] | {title} + {id} + .gridPos] | .[] as $a | .[] | select(.id > $a.id
        and .x < $a.x + $a.w and $a.x < .x + .w and .y < $a.y + $a.h and $a.y < .y + .h) | "\($a.title) and \(.title)"' "$dashboard")"
}

# words FILE KEY: the command line of a unit's line.
words() { sed -n "s/^$2=//p" "$1"; }

test_units_are_sound() {
    need systemd-analyze
    local unit
    make -s -C /tmp/shmoo BUILD="$BUILD" PREFIX=/tmp/work/root install
    cd /tmp/work/root/lib/systemd/system
    check_equal "units" "shmoo-metrics-textfile.service shmoo-metrics-textfile.timer shmoo-metrics.service" "$(ls | xargs)"
    run systemd-analyze verify --man=no ./*.service ./*.timer
    check_status 0
    check_equal "complaints" "" "$errors$output"
    for unit in *.service; do
        run systemd-analyze security --offline=true --threshold=30 "./$unit"
        check_status 0
    done
}

# as_unit FILE COMMAND...: as somebody with the capabilities of the unit, and no others.
as_unit() {
    local list who=(--reuid 65534 --regid 65534 --clear-groups)
    list=$(words "$1" CapabilityBoundingSet | sed 's/CAP_/+/g; s/ /,/g' | tr '[:upper:]' '[:lower:]')
    [ -n "$(words "$1" AmbientCapabilities)" ] || who=()
    setpriv "${who[@]}" --inh-caps "-all,$list" --bounding-set "-all,$list" ${who[0]:+--ambient-caps "-all,$list"} --no-new-privs "${@:2}"
}

test_capabilities_of_the_units_are_enough() {
    need_other_users
    local unit others
    start_ipc --uid 1234 sysv-shm:users=1 sysv-sem:mode=600,values=1/2 posix-shm:mode=600,users=1 posix-sem:mode=600,users=1 posix-mq:mode=600,messages=1 memfd
    others='^shmoo_(users|semaphores|messages|size_bytes)\{kind="(sysv|posix|memfd).*uid="1234"'
    shmoo metrics >/tmp/metrics
    check_equal "as root" 6 "$(grep -c '^shmoo_objects{.*uid="1234"' /tmp/metrics || :)"
    for unit in $CONTRIB/systemd/*.service; do
        as_unit "$unit" "$SHMOO" metrics >/tmp/metrics.unit
        diff <(grep -E "$others" /tmp/metrics) <(grep -E "$others" /tmp/metrics.unit) || fail "$unit sees less"
        grep -qx 'shmoo_all_processes_visible 1' /tmp/metrics.unit || fail "$unit: not all processes are visible"
        ! grep '^shmoo_unreadable_processes{' /tmp/metrics.unit || fail "$unit: processes are unreadable"
    done
}

# server_works ARGUMENT...: the arguments of a recipe, those of a server at port 9933.
server_works() {
    "$SHMOO" "$@" 2>/tmp/server &
    server=$!
    trap 'kill "$server" 2>/dev/null || :; tidy_up' EXIT
    eventually curl -sf --max-time 20 -o /dev/null http://127.0.0.1:9933/metrics
    kill "$server"
    wait "$server"
}

test_commands_of_the_units_work() {
    need curl
    local service command
    read -ra command < <(words $CONTRIB/systemd/shmoo-metrics.service ExecStart)
    check_equal "program" /usr/local/bin/shmoo "${command[0]}"
    server_works "${command[@]:1}"
    service=$CONTRIB/systemd/shmoo-metrics-textfile.service
    read -ra command < <(words $service ExecStart)
    shmoo "${command[1]}" "${command[2]}" "/tmp/work/$(basename "${command[3]}")"
    check_equal "where it may write" "-$(dirname "${command[3]}")" "$(words $service ReadWritePaths)"
    check_equal "files" shmoo.prom "$(ls -A /tmp/work)"
}

test_daemon_set_is_sound() {
    need curl
    /usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
    /usr/bin/python3 -c 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))' \
        $CONTRIB/kubernetes/shmoo-metrics.yaml >/tmp/work/objects
    output=$(cat /tmp/work/objects)
    check_json '[.[].kind] == ["DaemonSet", "NetworkPolicy"]'
    check_json '.[0].spec | .selector.matchLabels == .template.metadata.labels'
    check_json '.[1].spec.podSelector.matchLabels == .[0].spec.template.metadata.labels'
    check_json '.[0].spec.template | .metadata.annotations["prometheus.io/port"] == (.spec.containers[0].ports[0].containerPort | tostring)'
    local command
    mapfile -t command < <(json '.[0].spec.template.spec.containers[0] | (.command + .args)[]')
    check_equal "program" shmoo "${command[0]}"
    server_works "${command[@]:1}"
}
