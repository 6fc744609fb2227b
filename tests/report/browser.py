"""A headless Chromium, driven over the WebDriver protocol with the standard library."""

import base64
import contextlib
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ENTER = "\ue007"


class Browser:
    """One browser window."""

    def __init__(self, base: str, session: str) -> None:
        self._base = f"{base}/session/{session}"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(f"{self._base}{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, address: str) -> None:
        self.logs("browser")
        self.logs("performance")
        self.call("POST", "/url", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def logs(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("POST", "/se/log", {"type": kind})
        return found

    def complaints(self) -> list[str]:
        """What the console says: errors, also refused loads and policy violations."""
        return [e["message"] for e in self.logs("browser") if e["level"] in ("SEVERE", "WARNING")]

    def requests(self) -> list[str]:
        """Addresses that were asked for since the page was opened."""
        messages = [json.loads(e["message"])["message"] for e in self.logs("performance")]
        return [
            m["params"]["request"]["url"]
            for m in messages
            if m["method"] == "Network.requestWillBeSent"
        ]

    def press(self, keys: str) -> None:
        actions = [
            action
            for key in keys
            for action in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})
        ]
        body = {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}
        self.call("POST", "/actions", body)

    def element(self, css: str) -> str:
        found = self.call("POST", "/element", {"using": "css selector", "value": css})
        return str(next(iter(found.values())))

    def click(self, css: str) -> None:
        self.call("POST", f"/element/{self.element(css)}/click")

    def type(self, css: str, words: str) -> None:
        self.call("POST", f"/element/{self.element(css)}/value", {"text": words})

    def text(self, css: str) -> str:
        return str(self.call("GET", f"/element/{self.element(css)}/text"))

    def wait_for(self, css: str, words: str) -> None:
        """Wait until an element says some words: a click may answer before its page is there."""
        until = time.monotonic() + 20
        said = ""
        while time.monotonic() < until:
            said = " ".join(self.texts(css))
            if words in said:
                return
            time.sleep(0.05)
        pytest.fail(f"{css} never said {words!r}, but {said!r}")

    def texts(self, css: str) -> list[str]:
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css
        )
        return found

    def address(self) -> str:
        return str(self.call("GET", "/url"))

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))


@contextlib.contextmanager
def started() -> Iterator[Browser]:
    """Start a browser, or skip the test with the reason."""
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or chromium is None:
        pytest.skip("chromium and chromedriver (Debian: chromium-driver) are not installed")
    with subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = 0
        for line in process.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                port = int(found[1])
                break
        base = f"http://127.0.0.1:{port}"
        options = {
            "binary": chromium,
            "args": [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1280,1600",
            ],
        }
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        body = json.dumps({"capabilities": {"alwaysMatch": wanted}}).encode()
        request = urllib.request.Request(f"{base}/session", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                session = json.load(answer)["value"]["sessionId"]
            browser = Browser(base, session)
            yield browser
            browser.call("DELETE", "")
        except urllib.error.HTTPError as error:
            pytest.fail(f"the browser refused: {error.read().decode()[:500]}")
        finally:
            process.terminate()
            process.stdout.close()
