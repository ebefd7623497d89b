"""browser.py - a page in a real Chromium without a screen, driven over WebDriver on loopback.

Used by end-to-end tests: `with Browser() as page: page.open(path)`. Keys and clicks are real input events.
"""
import http.client
import json
import os
import socket
import subprocess
import tempfile
import time

KEYS = {"Up": "\ue013", "Down": "\ue015", "Left": "\ue012", "Right": "\ue014", "Home": "\ue011", "End": "\ue010",
        "PageDown": "\ue00f", "Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Control": "\ue009"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that WebDriver (W3C) puts an element under
PATIENCE = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="browser.", dir="/tmp")
        self.port = free_port()
        environment = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_RUNTIME_DIR=self.folder)
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], env=environment, start_new_session=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = ""
        try:
            self.session = "/session/" + self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        # The test's own sandbox has what Chromium's needs or not; the page is ours.
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-breakpad", "--window-size=1400,900",
                     f"--user-data-dir={self.folder}/profile", "--no-first-run", "--disable-background-networking"]
        capabilities = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]
            except ConnectionRefusedError:
                if time.monotonic() > end or self.driver.poll() is not None:
                    raise
                time.sleep(0.05)

    def __exit__(self, *_):
        if self.session:
            self.call("DELETE", "")
        self.driver.terminate()
        self.driver.wait()
        subprocess.run(["pkill", "-KILL", "-s", str(self.driver.pid)], check=False)

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, self.session + path, None if body is None and method != "POST" else json.dumps(body or {}),
                           {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{path}: {answer['error']}: {answer.get('message')}")
        return answer

    def open(self, path):
        self.call("POST", "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self.call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, *names):
        """Presses keys in turn; the modifier of "Control+Home" is held."""
        for name in names:
            keys = [KEYS.get(key, key) for key in name.split("+")]
            actions = [{"type": "keyDown", "value": key} for key in keys]
            actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
            self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def logs(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def complaints(self):
        """What the console got, and every request but the one for the page itself. (chrome: is the new tab's own.)"""
        console = [entry["message"] for entry in self.logs("browser") if not entry["message"].startswith("chrome:")]
        requests = []
        for entry in self.logs("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                requests.append(message["params"]["request"]["url"])
        return console, [url for url in requests if not url.startswith(("file:", "data:", "chrome:"))]
