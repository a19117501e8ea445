"""lode's HTTP server on its local chain, as its clients see it.
  status.py api|clients|page|moments|fleet|flood|prometheus path/to/lode
With LODE_SCREENSHOTS=DIRECTORY the pages of the case "moments" are kept there as pictures.
"""
import atexit
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from browser import Browser, browser_missing
from nodes import HERE, PEERS, free_port, install, skip, wait_for
from schema import check

TOKEN = "correct-horse-battery"
DOCUMENT = os.path.join(HERE, "..", "..", "share", "openapi", "openapi.json")


class Lode:
    def __init__(self, folder, *options):
        self.log = open(os.path.join(folder, "lode.log"), "w+")
        self.process = subprocess.Popen(
            [sys.argv[2], "mine", "-d", "cpu", "-t", "1", "--http", "0", "--http-token", TOKEN, "--format", "json",
             "--time-limit", "280", "--data-dir", os.path.join(folder, "data"), *options], stdout=subprocess.DEVNULL, stderr=self.log)
        atexit.register(self.stop)
        wait_for("the server says where it is", lambda: "status page at " in self.said())
        self.url = re.search(r"http://[\d.]+:\d+", self.said()).group()

    def said(self):
        with open(self.log.name) as log:
            return log.read()

    def ask(self, path, method="GET", token=None, **headers):
        if token:
            headers["Authorization"] = "Bearer " + token
        request = urllib.request.Request(self.url + path, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read().decode()

    def json(self, path):
        status, headers, body = self.ask(path)
        assert (status, headers["Content-Type"]) == (200, "application/json"), (path, status, body)
        return json.loads(body)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def found(lode, blocks):
    wait_for(f"{blocks} blocks", lambda: lode.json("/api/v1/status")["blocks_found"] >= blocks, 120)


def api(folder):
    lode = Lode(folder)
    with open(DOCUMENT) as file:
        document = json.load(file)
    found(lode, 22)  # beyond the first retarget
    wait_for("a point of the history", lambda: lode.json("/api/v1/history")["time"])
    for path, methods in document["paths"].items():
        if "get" not in methods or path == "/api/v1/events":
            continue
        status, headers, body = lode.ask(path)
        (kind, content), = methods["get"]["responses"][str(status)]["content"].items()
        assert headers["Content-Type"].startswith(kind), (path, headers["Content-Type"])
        if kind == "application/json":
            check(json.loads(body), content["schema"], document, path)
    chain = lode.json("/api/v1/chain")
    # The answer to the last one, and with it whose it is, may follow the job on top of it.
    block = [b for b in chain["blocks"] if b["ours"]][-1]
    assert int(block["hash"], 16) <= int(chain["target"], 16) * 4 and block["best"], block
    assert chain["retargets"], "no retarget seen"
    assert json.loads(lode.ask("/openapi.json")[2]) == document
    for path in ("/nothing", "/../../etc/passwd", "/api/v1/status/"):
        assert lode.ask(path)[0] == 404, path
    assert lode.ask("/metrics", Host="evil.example")[0] == 421
    assert lode.ask("/api/v1/status", method="DELETE")[0] == 405
    for action in ("pause", "resume", "stop"):
        assert lode.ask("/api/v1/" + action, method="POST")[0] == 401
        assert lode.ask("/api/v1/" + action, method="POST", token=TOKEN + "x")[0] == 403
    assert lode.ask("/readyz")[0] == 200

    assert lode.ask("/api/v1/pause", method="POST", token=TOKEN)[0] == 202
    wait_for("it is paused", lambda: lode.ask("/readyz")[::2] == (503, "paused\n"))
    assert lode.ask("/healthz")[0] == 200
    assert lode.ask("/api/v1/resume", method="POST", token=TOKEN)[0] == 202
    wait_for("it mines again", lambda: lode.ask("/readyz")[0] == 200)
    taken = subprocess.run([sys.argv[2], "mine", "--http", lode.url.rsplit(":", 1)[1], "--data-dir", folder + "/other"],
                           capture_output=True, text=True)
    assert taken.returncode == 1 and taken.stderr.count("\n") == 1 and "Address already in use" in taken.stderr, taken
    assert lode.ask("/api/v1/stop", method="POST", token=TOKEN)[0] == 202
    assert lode.process.wait(20) == 0
    assert TOKEN not in lode.said()


def clients(folder):
    """What programs written for XMRig and AxeOS read, by the types in their documentation."""
    lode = Lode(folder)
    found(lode, 3)
    wait_for("answers to blocks", lambda: lode.json("/2/summary")["results"]["shares_good"] >= 3)
    wait_for("hashes are counted", lambda: lode.json("/2/summary")["results"]["hashes_total"] > 0)
    number, text = (int, float), str
    for path in ("/1/summary", "/2/summary"):
        summary = lode.json(path)
        for place, kind in (
                ("id", text), ("worker_id", text), ("uptime", int), ("version", text), ("kind", text), ("ua", text), ("paused", bool),
                ("hashrate.total", list), ("hashrate.threads", list), ("results.diff_current", number), ("results.shares_good", int),
                ("results.shares_total", int), ("results.avg_time", int), ("results.avg_time_ms", int), ("results.hashes_total", int),
                ("results.best", list), ("results.error_log", list), ("connection.pool", text), ("connection.uptime", int),
                ("connection.uptime_ms", int), ("connection.ping", int), ("connection.failures", int), ("connection.diff", number),
                ("connection.accepted", int), ("connection.rejected", int)):
            value = summary
            for key in place.split("."):
                value = value[key]
            assert isinstance(value, kind), (path, place, value)
        assert summary["kind"] == "miner" and len(summary["hashrate"]["total"]) == 3 and len(summary["results"]["best"]) == 10
        assert summary["results"]["shares_total"] >= summary["results"]["shares_good"] == summary["connection"]["accepted"]
    backends = lode.json("/2/backends")
    assert [b["type"] for b in backends if b["enabled"]] == ["cpu"] and len(backends[0]["threads"]) == 1

    wait_for("a rate", lambda: lode.json("/api/system/info")["hashRate"] > 0)
    info, status = lode.json("/api/system/info"), lode.json("/api/v1/status")
    for key, kind in {
            "ASICModel": text, "deviceModel": text, "hostname": text, "macAddr": text, "version": text, "uptimeSeconds": int,
            "hashRate": number, "hashRate_1m": number, "hashRate_10m": number, "hashRate_1h": number, "expectedHashrate": number,
            "power": number, "temp": number, "fanrpm": number, "sharesAccepted": int, "sharesRejected": int,
            "sharesRejectedReasons": list, "bestDiff": number, "bestSessionDiff": number, "poolDifficulty": number,
            "responseTime": number, "stratumURL": text, "stratumPort": int, "stratumUser": text, "isUsingFallbackStratum": int,
            "blockHeight": int, "networkDifficulty": number, "blockFound": int, "miningPaused": bool}.items():
        assert isinstance(info[key], kind), (key, info[key])
    ratio = info["hashRate"] * 1e9 / (status["hashes"] / status["uptime_s"])
    assert 0.05 < ratio < 20, f"not GH/s: {info['hashRate']}"
    assert re.fullmatch("([0-9a-f]{2}:){5}[0-9a-f]{2}", info["macAddr"])
    assert lode.json("/api/system/asic")["asicCount"] == 1
    statistics = lode.json("/api/system/statistics")
    assert all(len(row) == len(statistics["labels"]) for row in statistics["statistics"]) and statistics["statistics"]
    lode.stop()


def page(folder):
    missing = browser_missing()
    if missing:
        skip(missing)
    lode = Lode(folder)
    browser = Browser(folder)
    try:
        browser.size(1280, 900)
        browser.open(lode.url + "/")
        wait_for("it mines", lambda: browser.text("state") == "mining")
        before = int(browser.text("blocks"))
        wait_for("a block appears", lambda: int(browser.text("blocks")) > before)
        wait_for("the chain is drawn", lambda: browser.run("return document.querySelectorAll('#chain-picture .ours').length") > 2)
        wait_for("rates are drawn", lambda: browser.run("return document.querySelectorAll('#rate-chart polyline').length") == 1)
        zeros = browser.run("return document.querySelector('#block-table .zeros').textContent")
        assert re.fullmatch("0{5,}", zeros), zeros
        # What others say is text.
        browser.run("""const s = structuredClone(state); s.devices[0].name = s.job.id = s.source.source = '<img src=x onerror=boom()>';
          s.shares.reasons = [{result: 'rejected', reason: '<script>boom()</script><b>x</b>', count: 1}]; showStatus(s);""")
        assert browser.run("return document.querySelectorAll('img, main script, main b').length") == 0
        assert "<b>x</b>" in browser.run("return document.getElementById('reason-table').textContent")
        for theme, ground in (("light", "rgb(246, 245, 242)"), ("dark", "rgb(22, 21, 15)")):
            browser.theme(theme)
            assert browser.run("return getComputedStyle(document.body).backgroundColor") == ground, theme
        for width in (360, 768, 1920):
            browser.size(width, 900)
            assert browser.run("return document.documentElement.scrollWidth") <= width, f"wider than {width}"
        browser.run(f"const t = document.getElementById('token'); t.value = '{TOKEN}'; t.dispatchEvent(new Event('change'));")
        browser.run("document.querySelector('[data-action=pause]').click()")
        wait_for("it is paused", lambda: browser.text("state") == "paused")
        assert browser.console() == [], browser.console()
        lode.stop()
        wait_for("the page says that lode is gone", lambda: browser.text("state") == "lode does not answer")
    finally:
        browser.close()
        lode.stop()


def pictures(browser, name):
    """What the page looks like, kept for people to look at."""
    directory = os.environ.get("LODE_SCREENSHOTS")
    if not directory:
        return
    os.makedirs(directory, exist_ok=True)
    for theme in ("light", "dark"):
        browser.theme(theme)
        for width in (360, 1920):
            browser.size(width, 1080)
            time.sleep(0.5)  # it redraws
            browser.screenshot(os.path.join(directory, f"{name}-{theme}-{width}.png"))
    browser.theme("light")
    browser.size(1280, 900)


def moments(folder):
    """The local chain as the page shows it: the first block, a retarget, a reorganisation."""
    missing = browser_missing()
    if missing:
        skip(missing)
    port = free_port()
    lode = Lode(folder, "--peer", f"127.0.0.1:{port}")
    browser = Browser(folder)
    other = None
    try:
        browser.size(1280, 900)
        browser.open(lode.url + "/")
        wait_for("the first block is drawn", lambda: browser.run("return document.querySelectorAll('#chain-picture .ours').length") > 0)
        pictures(browser, "first-block")
        wait_for("a retarget is told", lambda: "retarget: difficulty" in browser.text("chain-events"), 90)
        pictures(browser, "retarget")
        # Another lode goes on from here by itself, for longer.
        shutil.copytree(os.path.join(folder, "data"), os.path.join(folder, "other", "data"))
        height = lode.json("/api/v1/chain")["height"]
        other = Lode(os.path.join(folder, "other"))
        wait_for("this one has two more blocks", lambda: lode.json("/api/v1/chain")["height"] >= height + 2)
        assert lode.ask("/api/v1/pause", method="POST", token=TOKEN)[0] == 202
        wait_for("the other has more", lambda: other.json("/api/v1/chain")["height"] > lode.json("/api/v1/chain")["height"] + 2)
        other.stop()
        other = Lode(os.path.join(folder, "other"), "--listen", f"127.0.0.1:{port}")
        # Or its chain grows until the branch is no longer among the last blocks, which are all that is drawn.
        assert other.ask("/api/v1/pause", method="POST", token=TOKEN)[0] == 202
        wait_for("the reorganisation is told", lambda: "reorganisation" in browser.text("chain-events"), 90)
        wait_for("the branch that was left is drawn", lambda: browser.run("return document.querySelectorAll('#chain-picture .left').length") > 0)
        assert lode.ask("/api/v1/resume", method="POST", token=TOKEN)[0] == 202
        wait_for("it mines again", lambda: browser.text("state") == "mining")
        pictures(browser, "reorganisation")
        assert browser.console() == [], browser.console()
    finally:
        browser.close()
        lode.stop()
        if other:
            other.stop()


def fleet(folder):
    """Three lodes and an address where nothing is, in the table of one of them."""
    missing = browser_missing()
    if missing:
        skip(missing)
    lodes = []
    for name in "ab":
        os.makedirs(os.path.join(folder, name))
        lodes.append(Lode(os.path.join(folder, name)))
    listed = os.path.join(folder, "fleet.json")
    with open(listed, "w") as file:
        json.dump([lodes[0].url, {"address": lodes[1].url, "name": "<b>attic</b>"}, f"127.0.0.1:{free_port()}"], file)
    lodes.append(Lode(folder, "--http-fleet", listed))
    browser = Browser(folder)
    try:
        browser.size(1280, 900)
        browser.open(lodes[2].url + "/")
        rows = "return [...document.querySelectorAll('#fleet-table tbody tr')].map((r) => r.cells[%d].textContent)"
        wait_for("three are shown to mine", lambda: browser.run(rows % 1).count("mining") == 3)
        assert sum("refused" in state for state in browser.run(rows % 1)) == 1, browser.run(rows % 1)
        assert "<b>attic</b>" in browser.run(rows % 0)
        total = browser.run("return [...document.querySelectorAll('#fleet-table tfoot td')].map((c) => c.textContent)")
        assert total[1] == "3 of 4 answer", total
        browser.run("document.querySelectorAll('#fleet-table th button')[2].click()")
        assert browser.run("return document.querySelectorAll('#fleet-table th')[2].ariaSort") == "descending"
        unknown = browser.run(rows % 2)
        assert unknown[-1] == "–" and "–" not in unknown[:-1], unknown
        rates = browser.run("return fleet.machines.map((m) => m.report?.hashrate ?? 0)")
        wait_for("the total is that of the rates", lambda: browser.run(
            "return document.querySelector('#fleet-table tfoot').rows[0].cells[2].textContent === rateText(fleet.machines.reduce((a, m) => a + (m.report?.hashrate || 0), 0))"))
        assert sum(rate > 0 for rate in rates) == 3, rates
        pictures(browser, "fleet")
        lodes[0].stop()
        wait_for("one is gone", lambda: browser.run(rows % 1).count("mining") == 2, 40)
        browser.size(360, 900)
        assert browser.run("return document.documentElement.scrollWidth") <= 360
        assert browser.console() == [], browser.console()
    finally:
        browser.close()
        for lode in lodes:
            lode.stop()


def flood(folder):
    """10,000 connections, slow readers, a body of 1 GB, paths that lead elsewhere: bounded, and mining goes on."""
    lode = Lode(folder)
    found(lode, 1)
    host, port = "127.0.0.1", int(lode.url.rsplit(":", 1)[1])
    get = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def connection(data=b""):
        s = socket.create_connection((host, port), 20)
        s.sendall(data)
        return s

    def count(what):
        return len(os.listdir(f"/proc/{lode.process.pid}/{what}"))

    def resident():
        with open(f"/proc/{lode.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    before = resident()
    most = 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 12_000), hard))
    at_once = min(2_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    held = []
    for i in range(10_000):
        if len(held) >= at_once:
            held.pop(0).close()
        held.append(connection(get % b"/api/v1/history" if i % 2 else b"GET / HT"))
        if i % 500 == 0:
            most = max(most, count("fd"))
    for s in held:
        s.close()
    assert most < 256 + 64, f"{most} descriptors"
    wait_for("it answers again", lambda: lode.ask("/healthz")[0] == 200)

    slow = [connection(get % b"/api/v1/events") for _ in range(100)]
    for s in slow:
        s.recv(1)
    lazy = [connection((get % b"/page.js") * 200) for _ in range(50)]  # 3 MB of answers each, never read
    big = connection(b"POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
    assert big.recv(100).startswith(b"HTTP/1.1 413")
    sent = 0
    try:
        while sent < 1_000_000_000:
            sent += big.send(bytes(1 << 20))
    except OSError:
        pass
    assert sent < 100_000_000, f"{sent} bytes were taken"
    chunks = connection(b"POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        for _ in range(1_000):
            chunks.sendall(b"400\r\n" + bytes(1024) + b"\r\n")
    except OSError:
        pass
    for path in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/page.js/../../../etc/passwd",
                 "/api/v1/../../etc/passwd", "/" + "../" * 500 + "etc/passwd"):
        with connection(get % path.encode()) as s:
            assert s.recv(100).startswith(b"HTTP/1.1 404"), path
    assert lode.ask("/metrics")[0] == 200
    blocks = lode.json("/api/v1/status")["blocks_found"]
    found(lode, blocks + 1)
    after = resident()
    print(f"{most} descriptors at most; resident {before:.0f} MB before, {after:.0f} MB with the slow readers; {sent >> 20} MiB of the body taken")
    assert after < before + 100, after
    for s in slow + lazy:
        s.close()
    assert lode.stop() == 0


def prometheus(folder):
    """Debian's Prometheus on three lodes: every expression of the dashboard has an answer, and the alerts are as tested."""
    install("prometheus")
    tools = os.path.join(PEERS, "prometheus", "root", "usr", "bin", "")
    share = os.path.join(HERE, "..", "..", "share")
    subprocess.run([tools + "promtool", "test", "rules", os.path.join(HERE, "alerts_test.yml")], check=True)
    lodes = []
    for name in "abc":
        os.makedirs(os.path.join(folder, name))
        lodes.append(Lode(os.path.join(folder, name)))
    for lode in lodes:
        found(lode, 1)
    text = lodes[0].ask("/metrics")[2]
    subprocess.run([tools + "promtool", "check", "metrics"], input=text, text=True, check=True)
    with open(os.path.join(folder, "prometheus.yml"), "w") as file:
        targets = [lode.url.removeprefix("http://") for lode in lodes]
        json.dump({"global": {"scrape_interval": "1s"}, "rule_files": [os.path.abspath(os.path.join(share, "prometheus", "alerts.yml"))],
                   "scrape_configs": [{"job_name": "lode", "static_configs": [{"targets": targets}]}]}, file)
    port = free_port()
    with open(os.path.join(folder, "prometheus.log"), "w") as log:
        server = subprocess.Popen([tools + "prometheus", f"--config.file={file.name}", f"--storage.tsdb.path={folder}/tsdb",
                                   f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)

    def query(expression):
        address = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return json.load(answer)["data"]["result"]
        except OSError:
            return []

    try:
        wait_for("all three are scraped", lambda: [r["value"][1] for r in query('count(up{job="lode"} == 1)')] == ["3"])
        wait_for("a rate", lambda: query("sum(rate(lode_hashes_total[10s])) > 0"))
        with open(os.path.join(share, "grafana", "lode.json")) as file:
            expressions = [t["expr"] for panel in json.load(file)["panels"] for t in panel["targets"]]
        for expression in expressions:
            asked = expression.replace("$instance", ".*").replace("$__rate_interval", "1m")
            wait_for(f"an answer to {asked}", lambda: query(asked), 20)
        print(len(expressions), "expressions have answers")
    finally:
        server.terminate()
        server.wait(20)
        for lode in lodes:
            lode.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        globals()[sys.argv[1]](directory)
    print("ok")
