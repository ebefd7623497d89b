# top_look.sh - how the dashboard looks: colours, highlights, sparklines, rates, wide characters, narrow screens.

# start_coloured [OPTION...]: with 256 colours.
start_coloured() {
    screen_start 100x30 env -u NO_COLOR TERM=xterm-256color "$SHMOO" top "$@"
    screen_wait "F10Quit"
}

# Whether some line matches the extended regular expression, escape sequences of colours included.
has_colour() { screen_colours | grep -E -- "$1" >/dev/null; }
lacks_colour() { ! has_colour "$1"; }

readonly NEW='38;5;(114|157)m[^p]*' CHANGED='38;5;222m[^p]*' GONE='38;5;(95|181)m[^p]*'

test_new_rows_stand_out_for_a_moment() {
    start_coloured -d 0.2
    screen_wait "nothing to show"
    start_ipc posix-shm:name=/comet
    screen_wait "posix-shm:/comet"
    has_colour "${NEW}posix-shm:/comet" || fail "$(screen_colours)"
    eventually lacks_colour "${NEW}posix-shm:/comet"
    screen_has "posix-shm:/comet"
}

test_changed_cells_stand_out_for_a_moment() {
    start_ipc posix-shm:name=/grows,size=4K posix-shm:name=/other
    start_coloured -d 0.2 --filter 'name=="/grows"'
    screen_wait "posix-shm:/grows"
    truncate -s 12K /dev/shm/grows
    screen_wait "12K"
    has_colour "${CHANGED}12K" || fail "$(screen_colours)"
    eventually lacks_colour "${CHANGED}12K"
    screen_has "12K"
}

test_eight_colours_and_none() {
    start_ipc posix-mq:name=/full,full
    screen_start 100x30 env -u NO_COLOR TERM=xterm "$SHMOO" top -d 0.3
    screen_wait "1 full queue"
    has_colour $'\e''\[([0-9]+;)*3[0-7]m'
    lacks_colour '38;5;'
    top_stop
    for command in 'env NO_COLOR=1 TERM=xterm-256color' 'env TERM=vt100'; do
        screen_start 100x30 $command "$SHMOO" top -d 0.3
        screen_wait "1 full queue"
        lacks_colour '38;5;'
        lacks_colour $'\e''\[([0-9]+;)*[34][0-7]m'
        has_colour $'\e''\[([0-9]+;)*[17]m'
        top_stop
    done
    screen_start 100x30 env -u NO_COLOR TERM=xterm-256color "$SHMOO" top -d 0.3 --no-color
    screen_wait "1 full queue"
    lacks_colour '38;5;'
}

test_meters_show_the_fullest_limit() {
    need_root
    start_ipc sysv-msg:key=1 sysv-msg:key=2 sysv-msg:key=3
    echo 4 >/proc/sys/kernel/msgmni 2>/dev/null || skip "limits cannot be set here"
    top_start 100x30 -d 0.3
    screen_wait "msgmni"
    screen_wait_line 'msgmni +\[\|{10,}.*75%\]'
}

test_history_and_rates_of_what_grows() {
    touch /dev/shm/grows
    while :; do
        head -c 4096 /dev/zero
        sleep 0.1
    done >>/dev/shm/grows &
    local writer=$!
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/grows"
    screen_keys Enter
    screen_wait "Growing by"
    screen_wait "bytes/s"
    screen_wait "Bytes lately    "
    screen_wait "▁"
    screen_wait "█"
    kill "$writer"
    wait "$writer" || :
    screen_wait_gone "Growing by"
    rm /dev/shm/grows
}

# growth TEXT: the cells of a row of /grows from its state on.
growth() { screen_text | sed -n 's/.*posix-shm:\/grows .* live *\([^ ]*\) .*/\1/p'; }
grows() { [[ $(growth) == +*K ]]; }
rests() { [ "$(growth)" = 0B ]; }

test_growth_is_a_column_to_sort_by() {
    touch /dev/shm/{grows,rests}
    while :; do
        head -c 65536 /dev/zero
        sleep 0.1
    done >>/dev/shm/grows &
    local writer=$!
    start_ipc posix-mq:name=/jobs,messages=1
    top_start 140x30 -d 0.3
    screen_wait "posix-shm:/grows"
    screen_wait "BYTES/S"
    screen_wait "MSGS/S"
    eventually grows
    screen_keys F6
    screen_wait "Sort by"
    screen_keys B Enter
    screen_wait "BYTES/S▼"
    eventually is_above posix-shm:/grows posix-shm:/rests
    screen_keys I
    screen_wait "BYTES/S▲"
    eventually is_above posix-shm:/rests posix-shm:/grows
    kill "$writer"
    wait "$writer" || :
    eventually rests
    rm /dev/shm/*
}

test_growth_is_chosen_kept_and_written_as_text() {
    export XDG_CONFIG_HOME=/tmp/work/config
    touch /dev/shm/grows
    top_start 80x24
    screen_keys c
    screen_wait "Columns ("
    screen_keys End
    screen_wait "* attach/s"
    screen_keys Enter
    screen_wait_gone "* attach/s"
    screen_keys Escape q
    eventually top_ended_with 0
    check_contains "settings" "bytes/s,msgs/s,processes" "$(cat /tmp/work/config/shmoo/top)"
    while :; do
        head -c 65536 /dev/zero
        sleep 0.05
    done >>/dev/shm/grows &
    local writer=$!
    run shmoo top -b -n 2 -d 0.5 --kinds posix-shm
    kill "$writer"
    wait "$writer" || :
    check_equal "growth of the first frame" "-" "$(growth_as_text 1)"
    [[ $(growth_as_text 2) == +[1-9]* ]] || fail "$output"
    rm /dev/shm/grows
}
# growth_as_text N: bytes/s of /grows in frame N.
growth_as_text() { grep -F posix-shm:/grows <<<"$output" | sed -n "$1s/.* live *\([^ ]*\) .*/\1/p"; }

# columns_of_size: where the size ends in each row of a file, in columns as wcwidth(3) counts them.
columns_of_size() { screen_text | sed -n 's/^\( *?posix-shm.*64K\).*/\1/p' | while IFS= read -r line; do wc -L <<<"$line"; done | sort -u; }

test_wide_and_combining_characters_keep_columns_straight() {
    local name
    for name in plain 日本語 $'e\u0301te\u0301' 'emoji-🦐' '한국어-키'; do truncate -s 64K "/dev/shm/$name"; done
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/plain"
    screen_wait "posix-shm:/日本語"
    screen_wait $'posix-shm:/e\u0301te\u0301'
    check_equal "rows" 5 "$(screen_text | grep -c 64K)"
    check_equal "places of the size" 1 "$(columns_of_size | wc -l)"
    rm /dev/shm/*
}

test_narrow_screens_show_where_one_is() {
    start_ipc posix-shm:name=/ring,size=64K
    screen_start 40x10 "$SHMOO" top -d 0.3
    screen_wait "posix-shm:/ring"
    screen_wait "64K"
    screen_keys 5
    screen_wait "Events"
    screen_wait "F10Quit"
    screen_keys 2
    screen_wait "Processes"
    screen_lacks "Events"
}

test_findings_before_the_rest_of_the_line() {
    start_ipc posix-mq:name=/full,full posix-shm:name=/orph,orphan
    local width
    for width in 100 60 50 46 40 34; do
        screen_start ${width}x24 "$SHMOO" top -d 0.3
        screen_wait "1 full queue"
        screen_text | grep -F findings | grep -v ', *$' || fail "a comma with nothing behind it"
        top_stop
    done
}

# order_is NAMES [COLOUR]: how posix-shm objects are listed, those that are gone too; and something that is coloured.
order_is() (
    check_equal "order" "$1" "$(screen_text | sed -n 's/.*posix-shm:\/\([a-z]*\).*/\1/p' | tr '\n' ' ')"
    [ -z "${2:-}" ] || has_colour "$2"
)

test_vanished_rows_fade_in_place() {
    touch /dev/shm/{a,b,c,d}
    start_coloured -d 0.2
    eventually order_is "a b c d "
    rm /dev/shm/b
    eventually order_is "a b c d " "${GONE}posix-shm:/b"
    eventually order_is "a c d "
}

test_vanished_rows_fade_in_the_tree() {
    touch /dev/shm/{a,b}
    start_ipc posix-mq:name=/stays
    start_coloured -d 0.2
    screen_keys t
    eventually order_is "a b "
    rm /dev/shm/{a,b}
    eventually order_is "a b " "${GONE}posix-shm:/b"
    screen_has "posix-shm (0)"
    screen_wait_gone "posix-shm"
    screen_has "posix-mq:/stays"
}

test_a_ghost_is_not_shown_where_a_filter_hides_it() {
    touch /dev/shm/a /dev/shm/b
    start_coloured -d 0.2 --filter 'name=="/a"'
    eventually order_is "a "
    rm /dev/shm/a /dev/shm/b
    eventually order_is "a " "${GONE}posix-shm:/a"
}
