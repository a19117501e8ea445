"""Servers of Stratum V2: a small pool of our own, a template provider before a node, and the reference pool."""
import json
import os
import socket

from nodes import HERE, PEERS, free_port, wait_for
from pools import Process

AUTHORITY = "00" * 31 + "07"


class Server(Process):
    """One of ours, in JavaScript."""
    script = None

    def __init__(self, folder, name, **settings):
        super().__init__(folder, name)
        self.port = free_port()
        self.settings = dict(settings, port=self.port, authority=AUTHORITY)
        self.starts = 0

    def start(self):
        self.starts += 1
        self.run(["node", os.path.join(HERE, self.script), json.dumps(self.settings)],
                 cwd=os.path.join(PEERS, "curves"))
        wait_for(self.script + " is ready", lambda: self.output().count("ready ") >= self.starts)
        return self

    @property
    def key(self):
        return self.output().split("ready ", 1)[1].split()[0]


class OwnPool(Server):
    """Over a chain that it makes up."""
    script = "sv2_pool.js"
    user = "bob.w1"

    def __init__(self, folder, name="own", **settings):
        super().__init__(folder, name, **settings)

    @property
    def url(self):
        return f"stratum2+tcp://127.0.0.1:{self.port}/{self.key}"

    def lines(self, start):
        return [line for line in self.output().splitlines() if line.startswith(start)]


class Templates(Server):
    script = "sv2_templates.js"

    def __init__(self, folder, node, name="templates"):
        super().__init__(folder, name, node={"port": node.port, "user": node.user, "password": node.password})

    @property
    def url(self):
        return f"template+tcp://127.0.0.1:{self.port}/{self.key}"

    def blocks(self, answer="accepted"):
        return [line for line in self.output().splitlines() if line.startswith("block ") and line.endswith(answer)]


class SriPool(Process):
    """The reference pool, before a template provider."""
    key = "9auqWEzQDVyd2oe1JVGFLMLHZtCo2FFqZwtKA5gd9xbuEu7PH72"
    secret = "mkDLTBBRxdBv998612qipDYoTK3YUrqLe8uWw7gu3iXbSrn2n"
    user = "bob.w1"

    def __init__(self, folder, templates, address, shares_per_minute, batch=10):
        super().__init__(folder, "sri")
        self.port = free_port()
        self.config = os.path.join(folder, "sri.toml")
        self.starts = 0
        with open(self.config, "w") as out:
            out.write(f"""authority_public_key = "{self.key}"
authority_secret_key = "{self.secret}"
cert_validity_sec = 3600
listen_address = "127.0.0.1:{self.port}"
coinbase_reward_script = "addr({address})"
server_id = 1
pool_signature = "test"
shares_per_minute = {float(shares_per_minute)}
share_batch_size = {batch}
[template_provider_type.Sv2Tp]
address = "127.0.0.1:{templates.port}"
public_key = "{templates.key}"
""")

    @property
    def url(self):
        return f"stratum2+tcp://127.0.0.1:{self.port}/{self.key}"

    def start(self):
        self.starts += 1
        self.run([os.path.join(PEERS, "sri", "bin", "pool_sv2"), "-c", self.config], env=dict(os.environ, RUST_LOG="info"))
        wait_for("the reference pool listens", lambda: self.output().count("Starting downstream server") >= self.starts)
        return self


class Translator(Process):
    """The reference translator: a pool of Stratum V1 to lode, a miner of Stratum V2 to the pool above."""

    def __init__(self, folder, pool, shares_per_minute):
        super().__init__(folder, "translator")
        self.port = free_port()
        self.user = pool.user
        self.config = os.path.join(folder, "translator.toml")
        with open(self.config, "w") as out:
            out.write(f"""downstream_address = "127.0.0.1"
downstream_port = {self.port}
max_supported_version = 2
min_supported_version = 2
downstream_extranonce2_size = 4
aggregate_channels = false
supported_extensions = []
[downstream_difficulty_config]
min_individual_miner_hashrate = 1_000_000.0
shares_per_minute = {float(shares_per_minute)}
enable_vardiff = true
job_keepalive_interval_secs = 60
[[upstreams]]
address = "127.0.0.1"
port = {pool.port}
authority_pubkey = "{pool.key}"
user_identity = "{pool.user}"
""")

    @property
    def url(self):
        return f"stratum+tcp://127.0.0.1:{self.port}"

    def start(self):
        self.run([os.path.join(PEERS, "sri", "bin", "translator_sv2"), "-c", self.config], env=dict(os.environ, RUST_LOG="info"))
        wait_for("the translator listens", self.listens)
        return self

    def listens(self):
        assert self.process.poll() is None, self.output()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
