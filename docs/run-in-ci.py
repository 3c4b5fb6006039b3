#!/usr/bin/env python3
"""Runs Preflight in a real browser, saves what it found as JUnit XML, and ends with 0 only when nothing is wrong.

    PREFLIGHT_KEY=… python3 run-in-ci.py PAGE JUNIT.xml --registry-url=https://registry.example.com --mlflow-path=/api/mlflow

PAGE is the address where the page is hosted. Every further option is a field of its form, by name: --registry-url,
--mlflow-path, --auth-url, --auth-scheme, --auth-header, --service-id. The key comes from the variable PREFLIGHT_KEY, and is
typed into the page's field; without it, give --auth-scheme=none. Needs nothing but Python and a WebDriver program on PATH:
chromedriver (default) or geckodriver (PREFLIGHT_DRIVER=geckodriver).
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

FILL = """
for (const [name, value] of Object.entries(arguments[0])) {
  const field = document.querySelector(`[name="${name}"]`);
  if (!field) throw new Error(`the page has no field ${name}`);
  field.value = value;
  field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
}
document.getElementById("run").click();
"""
STATE = "return document.documentElement.dataset.runState || ''"
VERDICT = """
const causes = [...document.querySelectorAll("[data-cause]")].map((it) => `${it.dataset.cause} (${it.dataset.confidence})`);
return [document.documentElement.dataset.verdict || "", causes, document.querySelector(".verdict h2")?.textContent || ""];
"""
EXPORT = "const done = arguments[1]; preflight.export(arguments[0]).then(done, (error) => done({ error: String(error) }));"


def main():
    if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    page, junit, fields = sys.argv[1], sys.argv[2], {}
    for option in sys.argv[3:]:
        name, found, value = option.removeprefix("--").partition("=")
        if not option.startswith("--") or not found:
            sys.exit(f"{option}: options look like --registry-url=https://registry.example.com")
        fields[name] = value
    if os.environ.get("PREFLIGHT_KEY"):
        fields["api-key"] = os.environ["PREFLIGHT_KEY"]
    name = os.environ.get("PREFLIGHT_DRIVER", "chromedriver")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen([name, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return run(f"http://127.0.0.1:{port}", page, junit, fields)
    finally:
        driver.terminate()
        driver.wait()


def run(driver, page, junit, fields):
    arguments = os.environ.get("PREFLIGHT_BROWSER_ARGUMENTS", "--headless").split()
    options = {"goog:chromeOptions": {"args": arguments}, "moz:firefoxOptions": {"args": arguments}}
    if os.environ.get("PREFLIGHT_BROWSER"):
        for each in options.values():
            each["binary"] = os.environ["PREFLIGHT_BROWSER"]
    wanted = "moz:firefoxOptions" if "gecko" in os.environ.get("PREFLIGHT_DRIVER", "") else "goog:chromeOptions"
    wait_until(20, lambda: call(f"{driver}/status")["ready"], "the WebDriver program does not start")
    capabilities = {"capabilities": {"alwaysMatch": {wanted: options[wanted]}}}
    session = f"{driver}/session/{call(f'{driver}/session', capabilities)['sessionId']}"

    def script(source, *arguments, kind="sync"):
        return call(f"{session}/execute/{kind}", {"script": source, "args": list(arguments)})

    try:
        call(f"{session}/url", {"url": page})
        wait_until(30, lambda: script(STATE) == "idle", "the page does not take input")
        script(FILL, fields)
        wait_until(120, lambda: script(STATE) in ("finished", "stopped", "failed"), "the run does not end")
        verdict, causes, sentence = script(VERDICT)
        exported = script(EXPORT, "junit", kind="async")
    finally:
        call(session, method="DELETE")
    if not isinstance(exported, str):
        sys.exit(f"the page could not write JUnit XML: {exported}")
    with open(junit, "w", encoding="utf-8") as file:
        file.write(exported)
    print(sentence)
    for cause in causes:
        print("-", cause)
    return 0 if verdict == "healthy" else 1


def call(address, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"content-type": "application/json"}, method=method)
    # A proxy of this machine has no part in this.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        sys.exit(f"WebDriver: {json.load(error)['value']['message']}")


def wait_until(seconds, is_so, otherwise):
    end = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        if time.monotonic() > end:
            sys.exit(otherwise)
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
