#!/usr/bin/env python3
"""Twenty lodes, each in a network namespace and under a host name of its own, with one configuration for all, at a real
pool (foundation-stratum) before a real node (Bitcoin Knots, testnet4), watched by a real Prometheus with the shipped
alerts. The pool, the node and five lodes are killed in turn; each time everything must be back within 60 s, no
acknowledged share lost, the alerts must fire and end.

  sudo tests/farm/farm.py path/to/lode [--lodes 20] [--haste 10]

Needs root, iproute2 and Prometheus; the pool and the node come by tests/integration/install_peers.sh. Leaves nothing
behind. --haste divides the times that alerts wait for (`for:`), so that a run takes minutes."""
import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
from nodes import PEERS, Knots, install, wait_for  # noqa: E402
from pools import Pool  # noqa: E402

SHARE = os.path.join(HERE, "..", "..", "share")
HUB, NETWORK = "lodefarm", "10.77.0."
POOL, PROMETHEUS, WATCH = 3333, 9090, 8080
TOKEN = "correct-horse-battery"
BACK_WITHIN = 60


def sh(*words, check=True):
    return subprocess.run(words, check=check, capture_output=True, text=True).stdout


def inside(namespace, *words):
    return ["ip", "netns", "exec", namespace, *words]


class Network:
    """A bridge in a namespace of its own, and one namespace for each lode. The machine's own network stays as it is."""

    def __init__(self, lodes):
        self.names = [f"{HUB}-{i:02}" for i in range(lodes)]
        self.remove()
        self.add(HUB)
        sh(*inside(HUB, "ip", "link", "add", "bridge", "type", "bridge"))
        sh(*inside(HUB, "ip", "addr", "add", NETWORK + "1/24", "dev", "bridge"))
        sh(*inside(HUB, "ip", "link", "set", "bridge", "up"))
        for i, name in enumerate(self.names):
            self.add(name)
            sh("ip", "link", "add", f"v{i:02}", "netns", HUB, "type", "veth", "peer", "name", "eth0", "netns", name)
            sh(*inside(HUB, "ip", "link", "set", f"v{i:02}", "master", "bridge", "up"))
            sh(*inside(name, "ip", "addr", "add", self.address(i) + "/24", "dev", "eth0"))
            sh(*inside(name, "ip", "link", "set", "eth0", "up"))

    @staticmethod
    def add(name):
        sh("ip", "netns", "add", name)
        sh(*inside(name, "ip", "link", "set", "lo", "up"))

    @staticmethod
    def address(i):
        return NETWORK + str(10 + i)

    def remove(self):
        for name in [*self.names, HUB]:
            sh("ip", "netns", "del", name, check=False)


class Machine:
    """A lode in its namespace, restarted a second after it ends, as systemd does with Restart=always, RestartSec=1."""

    def __init__(self, lode, folder, config, index, namespace):
        self.name = f"rig{index:02}"
        self.out_path = os.path.join(folder, self.name + ".json")
        self.err_path = os.path.join(folder, self.name + ".log")
        command = f'hostname {self.name}; while :; do "$@"; sleep 1; done'
        self.words = inside(namespace, "unshare", "-u", "nice", "-n", "19", "sh", "-c", command, "sh", lode, "mine", "-c",
                            config, "--data-dir", os.path.join(folder, self.name))
        self.program = os.path.basename(lode)[:15]
        self.process = None

    def start(self):
        with open(self.out_path, "ab") as out, open(self.err_path, "ab") as err:
            self.process = subprocess.Popen(self.words, stdout=out, stderr=err, start_new_session=True)

    def lode(self):
        """The process id of the lode that runs now."""
        for word in sh("pgrep", "-s", str(self.process.pid), "-x", self.program, check=False).split():
            return int(word)
        return None

    def kill(self):
        os.kill(self.lode(), signal.SIGKILL)

    def stop(self):
        """Asks it to end; gone() tells when it has."""
        if not self.process or self.process.poll() is not None:
            return
        for word in sh("pgrep", "-s", str(self.process.pid), "-x", "sh", check=False).split():
            os.kill(int(word), signal.SIGKILL)  # nobody restarts it now
        lode = self.lode()
        if lode:
            os.kill(lode, signal.SIGTERM)

    def gone(self):
        return not self.process or self.lode() is None

    def events(self, kind):
        found = []
        with open(self.out_path, errors="replace") as out:
            for line in out:
                if line.startswith('{"') and f'"event":"{kind}"' in line:
                    try:
                        found.append(json.loads(line))
                    except ValueError:
                        pass  # cut off by a kill
        return found

    def accepted(self):
        return [event["hash"] for event in self.events("share") if event["result"] == "accepted"]


class Prometheus:
    def __init__(self, folder, targets, haste):
        with open(os.path.join(SHARE, "prometheus", "alerts.yml")) as file:
            rules = file.read()

        def shorter(match):
            seconds = int(match.group(1)) * {"m": 60, "h": 3600, "d": 86400}[match.group(2)]
            return f"for: {max(1, round(seconds / haste))}s"

        with open(os.path.join(folder, "alerts.yml"), "w") as file:
            file.write(re.sub(r"for: (\d+)([mhd])\b", shorter, rules))
        with open(os.path.join(folder, "targets.json"), "w") as file:
            json.dump(targets, file)
        config = {"global": {"scrape_interval": "2s", "evaluation_interval": "1s"}, "rule_files": ["alerts.yml"],
                  "scrape_configs": [
                      {"job_name": "lode", "authorization": {"credentials": TOKEN},
                       "file_sd_configs": [{"files": ["targets.json"]}]},
                      {"job_name": "prometheus", "static_configs": [{"targets": [f"{NETWORK}1:{PROMETHEUS}"]}]}]}
        with open(os.path.join(folder, "prometheus.yml"), "w") as file:
            json.dump(config, file)
        with open(os.path.join(folder, "prometheus.log"), "w") as log:
            self.process = subprocess.Popen(
                inside(HUB, "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
                       f"--web.listen-address={NETWORK}1:{PROMETHEUS}"), stdout=log, stderr=log)

    def ask(self, path, **query):
        address = f"http://{NETWORK}1:{PROMETHEUS}/api/v1/{path}?" + urllib.parse.urlencode(query)
        try:
            return json.loads(sh(*inside(HUB, "curl", "-s", "--max-time", "10", address), check=False))["data"]
        except (ValueError, KeyError):
            return None

    def value(self, expression):
        data = self.ask("query", query=expression)
        return float(data["result"][0]["value"][1]) if data and data["result"] else None

    def firing(self):
        data = self.ask("alerts")
        alerts = data["alerts"] if data else []
        return collections.Counter(a["labels"]["alertname"] for a in alerts if a["state"] == "firing")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


class Farm:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.network = Network(options.lodes)
        self.node = Knots(folder)
        self.node.address = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"
        self.pool = Pool(folder, self.node, options.difficulty)
        self.pool.port = POOL
        self.pool.settings.update(port=POOL, tls=0, host=NETWORK + "1", address=self.node.address, bech32="tb")
        self.in_hub()
        config = os.path.join(folder, "lode.json")
        with open(config, "w") as file:
            json.dump({"pools": [{"url": f"stratum+tcp://{NETWORK}1:{POOL}", "user": self.node.address + ".${HOSTNAME}",
                                  "pass": "x"}],
                       "devices": "cpu", "threads": 1, "format": "json", "http": f"0.0.0.0:{WATCH}", "http-token": TOKEN}, file)
        sh(options.lode, "config", "check", config)
        self.machines = [Machine(options.lode, folder, config, i, name) for i, name in enumerate(self.network.names)]
        self.rows = []

    def in_hub(self):
        """The node and the pool run in the hub, and are spoken to from there."""
        def within(command):
            return lambda *words: inside(HUB, *command(*words))
        self.node.command = within(lambda: ["-testnet4" if word == "-regtest" else word for word in Knots.command(self.node)])
        self.node.meet_peers = lambda: None  # its port cannot be reached from here, and no peer is needed
        self.node.rpc = lambda method, *parameters, timeout=60: self.rpc(method, *parameters)
        run = self.pool.run
        self.pool.run = lambda command, **more: run(inside(HUB, *command), **more)

    def rpc(self, method, *parameters):
        body = json.dumps({"id": 1, "method": method, "params": parameters})
        answer = sh(*inside(HUB, "curl", "-s", "-u", f"{self.node.user}:{self.node.password}", "--data", body,
                            f"http://127.0.0.1:{self.node.port}/"), check=False)
        if not answer:
            raise OSError("no answer")
        return json.loads(answer)["result"]

    def start(self):
        self.node.start()
        self.pool.start()
        for machine in self.machines:
            machine.start()
        targets = [{"targets": [f"{self.network.address(i)}:{WATCH}"], "labels": {"rig": machine.name}}
                   for i, machine in enumerate(self.machines)]
        self.prometheus = Prometheus(self.folder, targets, self.options.haste)
        wait_for("every lode is ready", lambda: self.ready() == len(self.machines), 120)
        wait_for("a share of every lode", lambda: all(m.accepted() for m in self.machines), 300)

    def ready(self):
        return self.prometheus.value("sum(lode_ready)") or 0

    def fault(self, name, alert, count, begin, end):
        """begin() breaks something until the alert fires, end() repairs it; then everything must come back."""
        before = [len(machine.accepted()) for machine in self.machines]
        begin()
        started = time.monotonic()
        wait_for(f"{alert} fires", lambda: self.prometheus.firing()[alert] >= count, 600)
        fired = time.monotonic() - started
        before = [len(machine.accepted()) for machine in self.machines]
        end()
        repaired = time.monotonic()
        wait_for("every lode is ready again", lambda: self.ready() == len(self.machines), BACK_WITHIN)
        ready = time.monotonic() - repaired
        wait_for("the alert ends", lambda: not self.prometheus.firing()[alert], 120)
        over = time.monotonic() - repaired
        wait_for("a new share of every lode",
                 lambda: all(len(m.accepted()) > n for m, n in zip(self.machines, before)), 300)
        self.rows.append((name, alert, count, fired, ready, over, time.monotonic() - repaired))
        print("%-12s %-14s x%-3d fired after %5.1f s; repaired: all ready in %4.1f s, alert over in %4.1f s, "
              "a share of each in %5.1f s" % self.rows[-1], flush=True)

    def faults(self):
        everybody = len(self.machines)
        self.fault("pool", "LodeNotMining", everybody, self.pool.stop, self.pool.start)
        self.node_fault()
        five = self.machines[:5]

        def stop_five():
            for machine in five:
                os.killpg(machine.process.pid, signal.SIGSTOP)  # nobody restarts it before the alert
                machine.kill()

        def restart_five():
            for machine in five:
                os.killpg(machine.process.pid, signal.SIGCONT)
        self.fault("five lodes", "LodeDown", 5, stop_five, restart_five)

    def node_fault(self):
        """The pool goes on with its last template, and so does the farm: nothing is to be noticed but new blocks."""
        before = [len(machine.accepted()) for machine in self.machines]
        self.node.process.kill()
        self.node.process.wait()
        time.sleep(30 / self.options.haste * 10)
        meanwhile = sum(len(m.accepted()) for m in self.machines) - sum(before)
        ready = self.ready()
        self.node.start()
        repaired = time.monotonic()
        before = [len(machine.accepted()) for machine in self.machines]
        wait_for("every lode is ready", lambda: self.ready() == len(self.machines), BACK_WITHIN)
        wait_for("a new share of every lode", lambda: all(len(m.accepted()) > n for m, n in zip(self.machines, before)), 300)
        print(f"node         killed for 30 s: {ready:.0f} of {len(self.machines)} lodes ready, {meanwhile} shares accepted "
              f"meanwhile; back: a share of each in {time.monotonic() - repaired:.1f} s", flush=True)

    def count(self):
        """What lode was told against what the pool has."""
        logged = collections.defaultdict(set)
        for line in self.pool.shares("valid"):
            words = line.split()
            logged[words[words.index("worker") + 1].rsplit(".", 1)[1]].add(words[words.index("hash") + 1])
        acknowledged = missing = 0
        for machine in self.machines:
            mine = machine.accepted()
            acknowledged += len(mine)
            missing += len([h for h in mine if h not in logged[machine.name]])
        unknown = sum(event["result"] == "unknown" for m in self.machines for event in m.events("share"))
        refused = sum(event["result"] == "rejected" for m in self.machines for event in m.events("share"))
        at_pool = sum(map(len, logged.values()))
        print(f"shares       the pool counted {at_pool} of {len(logged)} workers; lode was told of {acknowledged}, of which the "
              f"pool lacks {missing}; without an answer {unknown}, refused {refused}")
        assert missing == 0, "acknowledged shares are missing at the pool"
        assert len(logged) == len(self.machines), sorted(logged)

    def figures(self, seconds):
        """For arithmetic: what one lode costs the pool, the network and Prometheus."""
        def bytes_of(namespace):
            counters = sh(*inside(namespace, "cat", "/sys/class/net/eth0/statistics/rx_bytes",
                                  "/sys/class/net/eth0/statistics/tx_bytes")).split()
            return sum(map(int, counters))
        before = [bytes_of(name) for name in self.network.names]
        shares = sum(len(m.accepted()) for m in self.machines)
        time.sleep(seconds)
        moved = sum(bytes_of(name) - b for name, b in zip(self.network.names, before)) / seconds / len(self.machines)
        shares = (sum(len(m.accepted()) for m in self.machines) - shares) / seconds / len(self.machines)
        page = len(sh(*inside(HUB, "curl", "-s", "-H", f"Authorization: Bearer {TOKEN}",
                              f"http://{self.network.address(0)}:{WATCH}/metrics")))
        series = self.prometheus.value('avg(scrape_samples_scraped{job="lode"})')
        sockets = len([line for line in sh(*inside(HUB, "ss", "-Htn", "state", "established", f"( sport = :{POOL} )")).splitlines()])
        print(f"figures      {sockets} connections at the pool; a lode moves {moved:.0f} bytes/s with a scrape every 2 s and "
              f"{shares:.3f} shares/s; /metrics has {page} bytes and {series:.0f} samples")
        rss = [int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{m.lode()}/status").read()).group(1)) for m in self.machines]
        print(f"memory       lode {sum(rss) / len(rss) / 1024:.1f} MiB (of {min(rss) / 1024:.1f} to {max(rss) / 1024:.1f}); "
              f"Prometheus {self.prometheus.value('process_resident_memory_bytes') / 2**20:.0f} MiB for "
              f"{self.prometheus.value('prometheus_tsdb_head_series'):.0f} series")

    def stop(self):
        for machine in self.machines:
            machine.stop()
        wait_for("every lode has ended", lambda: all(machine.gone() for machine in self.machines), 120)
        if hasattr(self, "prometheus"):
            self.prometheus.stop()
        self.pool.stop()
        self.node.stop()
        self.network.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lode", type=os.path.abspath)
    parser.add_argument("--lodes", type=int, default=20)
    parser.add_argument("--haste", type=float, default=10)
    parser.add_argument("--difficulty", type=float, default=0.0001)
    parser.add_argument("--measure", type=float, default=60, help="seconds for which traffic is counted")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("network namespaces need root")
    for tool in ("ip", "prometheus", "curl", "pgrep", "ss"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing")
    for peer in ("knots", "pool"):
        install(peer)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        farm = Farm(options, folder)
        try:
            farm.start()
            farm.figures(options.measure)
            farm.faults()
        finally:
            farm.stop()
        farm.count()
    print("ok")


if __name__ == "__main__":
    main()
