# format.sh - all C sources look as clang-format 14 writes them; other versions write some things differently.
set -u
formatter=$(command -v clang-format-14 || command -v clang-format) || {
    echo "skip format: clang-format is not installed"
    exit 0
}
case $("$formatter" --version) in
*"version 14."*) ;;
*)
    echo "skip format: $("$formatter" --version), not version 14"
    exit 0
    ;;
esac
if find common probes inject inspector tests -name '*.[ch]' -print0 | xargs -0 "$formatter" --dry-run -Werror 2>&1; then
    echo "ok format"
else
    echo "FAIL format: run clang-format -i on these files"
fi
