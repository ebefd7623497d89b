# report_html.sh - the page of a sweep, in a real Chromium without a screen. See ../lib.sh.
# not with sanitizers: what is tested here is the page, and the report that writes it is in report.sh
fixture=/tmp/shmoo/tests/fixtures/sweep.json

# in_browser RESULT TEST: a function of report_html.py on the page of a result.
in_browser() {
    need chromium chromedriver python3
    shmoo report --fail-on none --html page.html "$1" >/dev/null
    python3 /tmp/shmoo/tests/e2e/report_html.py page.html "$2"
}

test_opens_without_errors_or_requests() { in_browser "$fixture" opens_quietly; }

test_arrow_keys_move() { in_browser "$fixture" keys_move; }

test_each_cell_leads_to_its_details() { in_browser "$fixture" cells_lead_to_details; }

test_filters_work() { in_browser "$fixture" filters_work; }

test_a_trial_can_be_linked() { in_browser "$fixture" links_to_a_trial; }

test_a_narrow_screen() { in_browser "$fixture" shows_cell_and_details_on_a_narrow_screen; }

test_places_called_the_same() {
    jq -c 'def frame($name; $line): {module: "/big", offset: "0x1", function: $name, file: "a.c", line: $line};
        .sites[0] as $site | .results[0] as $trial | .findings = [] |
        .sites = [["first", 3], ["second", 3], ["first", 4]] |
        .sites |= map(. as [$caller, $line] | $site + {call: "mmap", stack: [frame("put"; $line), frame($caller; 9)]}) |
        .results = [range(3) | $trial + {trial: (. + 1), site: .}]' "$fixture" >alike.json
    in_browser alike.json tells_places_called_the_same_apart
}

test_a_sweep_without_findings() {
    jq -c '.results |= map(.verdict = "handled") | .findings = []' "$fixture" >sound.json
    in_browser sound.json says_none
}

test_5000_cells() {
    jq -nc '["EPERM","ENOENT","EINTR","EIO","EBADF","EAGAIN","ENOMEM","EACCES","EFAULT","EBUSY","EEXIST","ENODEV","ENOTDIR",
             "EISDIR","EINVAL","ENFILE","EMFILE","EFBIG","ENOSPC","EROFS","EMLINK","EDOM","ERANGE","EDEADLK","EPIPE"] as $errors |
        {schema: 1, command: ["./big"], engine: "preload", seed: 1, shard: {index: 1, count: 1}, planned: 5000, complete: true,
         clean: {status: 0, duration: 0.1}, notes: [], sites: [range(100) | {call: "mmap", stack_hash: "0x1", occurrences: 1,
            stack: [{module: "/big", offset: "0x1", function: "function_\(.)", file: "src/file.c", line: .}]}],
         results: [range(5000) | {trial: (. + 1), site: (. / 50 | floor), mode: ["once", "on"][. % 2], occurrence: 1,
            error: $errors[. / 2 % 25 | floor], verdict: ["crash", "handled"][. % 2], status: 1, duration: 0.01, reason: "made up"}]}' >big.json
    in_browser big.json has_5000_cells
}
