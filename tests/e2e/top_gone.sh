# top_gone.sh - the dashboard when what is selected or looked at goes away, or another one takes its name.

test_bytes_of_what_is_gone() {
    start_ipc posix-shm:name=/stays
    head -c 64 /dev/zero >/dev/shm/old
    top_start 80x24 -d 0.2
    screen_wait "posix-shm:/old"
    screen_keys / old Enter x
    screen_wait "00000000"
    rm /dev/shm/old
    screen_wait "it is gone"
    screen_keys z
    screen_wait_gone "posix-shm:/old"
    top_selected posix-shm:/stays
}

test_an_event_is_not_about_a_successor() {
    touch /dev/shm/name
    top_start 80x24 -d 0.2 --kinds posix-shm
    screen_wait "posix-shm:/name"
    rm /dev/shm/name
    screen_keys 5
    screen_wait "vanished posix-shm:/name"
    touch /dev/shm/name
    screen_wait "appeared posix-shm:/name"
    screen_keys Home F9
    screen_wait "Remove?"
    screen_keys n Down F9
    screen_wait "no object is selected"
    screen_keys Enter
    screen_wait "EVENT           vanished"
    rm /dev/shm/name
}

test_what_is_about_no_object_has_details_too() {
    top_start 80x24 -d 0.3 --kinds posix-shm
    screen_keys 6 Enter
    screen_wait "nothing is selected"
    screen_keys 4 / semmns Enter
    screen_wait "RAISE           sysctl kernel.sem=\"SEMMSL SEMMNS SEMOPM SEMMNI\""
}
