# bench.sh - a bench says what is missing in one line and measures nothing.
set -u
for script in tests/bench/*.sh; do
    said=$(BUILD=/nowhere bash "$script" 2>&1)
    status=$?
    if [ $status -eq 2 ] && [[ $said =~ ^[a-z_]+\.sh:\ /nowhere/[^$'\n']*\ is\ missing:\ make\ bench-programs$ ]]; then
        echo "ok ${script##*/} without its programs"
    else
        echo "FAIL ${script##*/} without its programs: status $status: ${said//$'\n'/ }"
    fi
done
