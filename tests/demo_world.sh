# demo_world.sh - sourced: the world that `make demo` and the picture in README show. Its objects are those of `make_ipc world`,
# some of them in trouble, and two processes that wait for each other.

# start_world TREE: until all of it is there. It ends with the script, or with end_world.
start_world() {
    local tests=$1/build/tests
    worlds=()
    trap end_world EXIT
    start_part "$tests/make_ipc/make_ipc" --hold world
    ln -sf "$tests/targets/stall" /tmp/billing # which gives its processes a name
    start_part /tmp/billing semaphores
}

start_part() {
    local said=/tmp/world.${#worlds[@]}
    : >"$said"
    "$@" </dev/null >"$said" 2>"$said.errors" &
    worlds+=($!)
    until grep -qx ready "$said"; do
        kill -0 "${worlds[-1]}"
        sleep 0.05
    done
}

end_world() {
    kill "${worlds[@]}" 2>/dev/null
    wait "${worlds[@]}" 2>/dev/null || :
}
