# layers.sh - who may use whom: each layer links with the layers below it and its libraries, and with nothing else;
# kinds do not use each other; the libraries neither print nor exit; the shim needs libc only; pure files stay pure.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

objects_of() { find "$1" -maxdepth 2 -name '*.c' ! -name '*.bpf.c' -printf "$BUILD/%p\n" 2>/dev/null | sed 's/c$/o/'; }
undefined() { nm -u "$@" | sed -n 's/^ *U //p' | sort -u; }
defined() { nm --defined-only --extern-only "$@" | sed -n 's/^[0-9a-f]* [A-Z] //p' | sort -u; }

# verdict NAME FINDINGS...: nothing found is fine.
verdict() {
    local name=$1
    shift
    if [ -z "$*" ]; then
        echo "ok $name"
    else
        printf '%s\n' "$@"
        echo "FAIL $name: $(head -n 3 <<<"$*" | tr '\n' ' ')"
    fi
}

# --- each layer with what is below it ---

below=()
links() {
    local layer=$1
    shift
    mapfile -t -O "${#below[@]}" below < <(objects_of "$layer")
    verdict "$layer links with lower layers only" \
        "$(gcc -shared -Wl,-z,defs -o "$work/$layer.so" "${below[@]}" "$@" 2>&1 | grep 'undefined reference' | sort -u)"
}
links common
links probes -lpthread
links inject -lpthread -lseccomp -ljansson
links inspector -lpthread -lseccomp -ljansson -lsmartcols -lncursesw -ltinfo

# --- kinds share through sources ---

found=$({ nm -A --defined-only --extern-only "$BUILD"/probes/kind_*.o; nm -A -u "$BUILD"/probes/kind_*.o; } |
    awk '{ sub(/:.*/, "", $1) } $2 == "U" && ($3 in owner) { print $1 " uses " owner[$3] ": " $3 } $2 != "U" { owner[$NF] = $1 }')
verdict "kinds do not use each other" "$found"

# --- libraries return errors; commands say them ---

silent=$({ objects_of common | grep -v '/cli\.o$'; objects_of probes; } | while read -r object; do
    undefined "$object" | grep -xE 'stdout|stderr|_*(v?printf|puts|putchar|perror|printf_chk|vprintf_chk)|_?exit|abort|cli_.*|v?(err|warn)x?' |
        sed "s|^|$object uses |"
done)
verdict "libraries neither print nor exit" "$silent"

# --- decisions, findings and differences depend on their arguments alone ---

impure='(clock_)?gettime(ofday)?|time|_*localtime(_r)?|(secure_)?getenv|environ|random|rand|getpid|open(at)?|fopen|read|write|stdout|stderr|syscall|ioctl'
found=$(for object in "$BUILD"/inject/decide.o "$BUILD"/inspector/{rule_*,delta}.o; do
    [ -e "$object" ] || continue
    undefined "$object" | grep -xE "$impure" | sed "s|^|$object uses |"
    size -A "$object" | awk -v object="$object" '$1 ~ /^\.(data|bss|tdata|tbss)$/ && $2 > 0 { print object " has variables in " $1 }'
done)
verdict "pure files are pure" "$found"

# --- the shim ---

shim=$BUILD/libshmoo-inject.so
if [ -e "$shim" ]; then
    verdict "the shim needs libc only" "$(readelf -d "$shim" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc\.so|ld-linux)')"
    # Of its own files: the unwinder of libgcc can register tables, which takes memory, but nobody calls that.
    verdict "the shim neither allocates nor uses stdio" \
        "$(for object in "$BUILD"/inject/shim/*.o "$BUILD"/inject/shim/shared/*.o; do
            undefined "$object" | grep -xE 'malloc|calloc|realloc|free|f?printf|f(open|write|puts)|stderr|stdout' |
                sed "s|^|$object uses |"
        done)"
fi
