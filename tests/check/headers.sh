# headers.sh - each header compiles alone, without warnings.
set -u
if make --no-print-directory -s -j2 check-headers; then
    echo "ok headers alone"
else
    echo "FAIL headers alone: see above"
fi
