"""report_html.py PAGE TEST - what report_html.sh tests in a browser; fails by an assertion."""
import sys

sys.path.insert(0, "/tmp/shmoo/tests")
from browser import Browser

FOCUSED = "return document.activeElement.getAttribute('aria-label')"
DETAILS = "return document.getElementById('details').innerText"
SHOWN = "return document.getElementById('shown').textContent"
ROWS = "return [...document.querySelectorAll('#grid [role=rowheader]')].filter(n => n.checkVisibility()).map(n => n.textContent)"


def opens_quietly(page):
    assert page.run("return document.title") == "shmoo sweep: ./demo --name a\\x09b\\xff"
    assert page.run("return document.querySelectorAll('#findings li').length") == 6
    assert page.run("return document.querySelectorAll('[role=gridcell]').length") == 45
    assert page.run(SHOWN) == "10 of 10 cells"
    assert "ended by SIGSEGV" in page.run("return document.querySelector('#findings li').innerText")
    # The hostile name and reason are text, and no element came out of them.
    assert page.run("return document.querySelectorAll('script').length") == 3
    assert page.run("return performance.getEntriesByType('resource').length") == 0


def keys_move(page):
    page.run("document.querySelector('[role=gridcell][tabindex=\"0\"]').focus()")
    assert page.run(FOCUSED) == "shm_open in open_ring (src/ring.c:42), EACCES: handled"
    page.press("Right", "Right", "Right", "Down")
    assert page.run(FOCUSED) == "mmap in main (src/main.c:7), ENOMEM: crash"
    assert page.run("return document.querySelectorAll('[role=gridcell][tabindex=\"0\"]').length") == 1
    assert "shmoo replay" in page.run(DETAILS)
    page.press("Home", "Left", "Up", "Up")
    assert page.run(FOCUSED).endswith("EACCES: handled")
    page.press("Control+End", "Right", "Down")
    assert page.run(FOCUSED) == "with small-dev-shm, environment: crash"
    page.press("PageDown", "Enter")
    assert page.run("return document.activeElement.id") == "details"
    page.press("Escape")
    assert page.run(FOCUSED) == "with small-dev-shm, environment: crash"
    page.press("Control+Home", "Down", "Down")
    assert page.run(FOCUSED) == "sem_wait, EACCES: no trial"
    assert page.run(DETAILS) == "No trial."


def cells_lead_to_details(page):
    cells = page.run("return [...document.querySelectorAll('[role=gridcell][data-verdict]')].map(n => n.getAttribute('aria-label'))")
    assert len(cells) == 10
    for label in cells:
        page.click(f'[aria-label="{label}"]')
        verdict = label.rsplit(": ", 1)[1]
        assert page.run("return document.querySelector('#details .badge').textContent") == verdict, label
    page.click('[aria-label="mmap in main (src/main.c:7), ENOMEM: crash"]')
    details = page.run(DETAILS)
    for part in ("ended by SIGSEGV", "signal 11", "open_ring (src/ring.c:42)", "\\x1b[31m\\x00binary\\xff",
                 "shmoo replay", "mmap:error=ENOMEM:when=1"):
        assert part in details, (part, details)
    assert page.run("return location.hash") == "#trial-4"
    page.click("#findings li:nth-child(4) button")
    assert "EEXIST </script>" in page.run(DETAILS)
    page.run("document.querySelector('#details').querySelectorAll('button').forEach(b => b.click())")


def filters_work(page):
    page.click('#verdicts input[value="crash"]')
    assert page.run(SHOWN) == "7 of 10 cells"
    assert page.run("return [...document.querySelectorAll('#findings li')].filter(n => n.checkVisibility()).length") == 4
    assert "with small-dev-shm" not in page.run(ROWS)
    page.click('#verdicts input[value="crash"]')
    page.run("const call = document.getElementById('call'); call.value = 'mmap';"
             "call.dispatchEvent(new Event('input', {bubbles: true}))")
    assert page.run(ROWS) == ["mmap in main (src/main.c:7)"]
    assert page.run(SHOWN) == "3 of 10 cells"
    page.run("const call = document.getElementById('call'); call.value = '';"
             "call.dispatchEvent(new Event('input', {bubbles: true}))")
    page.type("#text", "sigbus")
    assert page.run(ROWS) == ["with small-dev-shm"]
    assert page.run("return document.querySelector('[role=gridcell][tabindex=\"0\"]').checkVisibility()")
    page.type("#text", "nothing has this")
    assert page.run(ROWS) == [] and page.run(SHOWN) == "0 of 10 cells"


def has_5000_cells(page):
    assert page.run("return document.querySelectorAll('[role=gridcell][data-verdict]').length") == 5000
    assert page.run("return document.querySelectorAll('*').length") < 6000
    page.run("document.querySelector('[role=gridcell][tabindex=\"0\"]').focus()")
    page.press("Control+End", "PageDown", "Up", "Left")
    assert page.run(FOCUSED) == "mmap in function_98 (src/file.c:98), ERANGE+: handled"
    page.type("#text", "function_42 ")
    assert page.run(ROWS) == ["mmap in function_42 (src/file.c:42)"]
    assert page.run(SHOWN) == "50 of 5000 cells"
    # Said, not judged: how long it takes depends on what else runs.
    spent = page.run("const start = performance.now(); applyFilters(); document.body.offsetHeight; return performance.now() - start")
    print(f"a filter of 5000 cells takes {spent:.1f} ms", file=sys.stderr)


def shows_cell_and_details_on_a_narrow_screen(page):
    page.call("POST", "/window/rect", {"width": 500, "height": 900})
    page.click('[aria-label="mmap in main (src/main.c:7), ENOMEM: crash"]')
    seen = ("const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.top < innerHeight && box.height > 0")
    assert page.run(seen, "[aria-selected=true]")
    assert page.run(seen, "#details h3")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    covered = page.run("const box = document.querySelector('[aria-selected=true]').getBoundingClientRect();"
                       "return document.elementFromPoint(box.left + 5, box.top + 5).getAttribute('aria-selected')")
    assert covered == "true"


def tells_places_called_the_same_apart(page):
    assert page.run(ROWS) == ["mmap in put (a.c:3) < first", "mmap in put (a.c:3) < second", "mmap in put (a.c:4)"]


def links_to_a_trial(page):
    page.open(sys.argv[1] + "#trial-6")
    page.call("POST", "/refresh")
    assert "killed after mmap" in page.run(DETAILS)


def says_none(page):
    assert page.run("return document.getElementById('findings').innerText").strip() == "None."
    page.type("#text", "x")


with Browser() as browser:
    browser.open(sys.argv[1])
    globals()[sys.argv[2]](browser)
    complaints = browser.complaints()
    assert complaints == ([], []), complaints
