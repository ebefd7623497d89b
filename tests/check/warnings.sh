# warnings.sh - everything compiles without a warning, with both compilers.
set -u
for compiler in gcc clang; do
    if make -s -j2 CC="$compiler" BUILD="build/strict-$compiler" CFLAGS="-O2 -g -Werror" all test-programs; then
        echo "ok no warnings with $compiler"
    else
        echo "FAIL no warnings with $compiler: see above"
    fi
done
