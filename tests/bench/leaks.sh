#!/bin/bash
# leaks.sh - what `shmoo leaks -- CMD` costs over CMD, beside unshare(1) and what CI jobs write by hand with ipcs(1), in one
# run: medians of alternating runs in private namespaces. Prints a table, and which promised limits were missed.
set -eu
. "$(dirname "$0")/bench.bash"
needs shmoo libshmoo-inject.so tests/bench/pair tests/targets/leave
. "$(dirname "$0")/world.bash"
ROUNDS=${ROUNDS:-41}
PATH=$BUILD:$PATH
limit=10 missed=0

cat >by_hand <<'END'
#!/bin/sh
look() { ipcs; ls -A /dev/shm /dev/mqueue; }
before=$(look)
"$@"
[ "$before" = "$(look)" ] || echo leaked
END
chmod +x by_hand

# Runs alternate, and the first command is what the others are compared with.
over() {
    local median low high peak command first='' extra
    printf '%10s %10s %10s %10s  %s\n' 'median ms' lowest highest 'over CMD' command
    while IFS=$'\t' read -r median low high peak command; do
        first=${first:-$median}
        extra=$(awk -v a="$median" -v b="$first" 'BEGIN { printf "%.2f", a - b }')
        printf '%10s %10s %10s %10s  %s\n' "$median" "$low" "$high" "$extra" "$command"
        case $command in
        'exec shmoo leaks'*) ;;
        *) continue ;;
        esac
        awk -v v="$extra" -v l=$limit 'BEGIN { exit v > l }' && continue
        echo "MISSED '$command': $extra ms over the command, limit $limit ms"
        missed=1
    done < <("$BUILD/tests/bench/pair" "$ROUNDS" "$@")
}

echo "A command that leaves nothing"
over 'exec true' 'exec shmoo leaks -- true' 'exec shmoo leaks --no-attribute -- true' 'exec shmoo leaks --shared -- true' \
    'exec unshare -Uipmr true' 'exec ./by_hand true'

echo
echo "A command that leaves a segment, which is looked up in the sources and removed"
segment="$BUILD/tests/targets/leave segment"
over "exec $segment" "exec shmoo leaks -- $segment" "exec shmoo leaks --no-attribute -- $segment" "exec unshare -Uipmr $segment" \
    "exec ./by_hand $segment"
ipcrm --all=shm
exit $missed
