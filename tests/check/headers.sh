# headers.sh - each header compiles alone, without warnings, with both compilers.
set -u
for compiler in gcc clang; do
    if make --no-print-directory CC="$compiler" check-headers; then
        echo "ok headers alone with $compiler"
    else
        echo "FAIL headers alone with $compiler: see above"
    fi
done
