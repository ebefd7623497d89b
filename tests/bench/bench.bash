# bench.bash - sourced first by all benches. BUILD is where the programs are.
BUILD=$(realpath -m "${BUILD:-build}")

# needs PROGRAM...: ends the bench when one of them is not in BUILD. needs_installed PROGRAM...: or not on the machine.
needs() {
    local program
    for program; do
        [ -x "$BUILD/$program" ] || give_up "$BUILD/$program is missing: make bench-programs"
    done
}
needs_installed() {
    local program
    for program; do
        command -v "$program" >/dev/null || give_up "$program is not installed"
    done
}
give_up() {
    echo "${0##*/}: $*" >&2
    exit 2
}
