"""A real pool, and what may lie between it and lode."""
import atexit
import glob
import json
import os
import signal
import subprocess

from nodes import HERE, PEERS, Bcoin, Knots, free_port, wait_for


class Testnet4(Knots):
    """Blocks at difficulty 1: shares are shares, and nothing goes stale by itself."""

    def __init__(self, folder):
        super().__init__(folder)
        self.address = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"

    def command(self):
        return ["-testnet4" if word == "-regtest" else word for word in super().command()]


class Process:
    """One that logs to a file; output() is what it said so far."""

    def __init__(self, folder, name):
        self.log_path = os.path.join(folder, name + ".log")
        self.process = None
        atexit.register(self.stop)

    def run(self, command, **more):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **more)

    def output(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    def stop(self, how=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)


class Pool(Process):
    def __init__(self, folder, node, difficulty, name="pool", **settings):
        super().__init__(folder, name)
        self.port, self.tls_port = free_port(), free_port()
        bcoin = isinstance(node, Bcoin)
        self.user = node.address + ".w1"
        self.settings = dict(
            settings, port=self.port, tls=self.tls_port, difficulty=difficulty, address=node.address,
            node={"port": node.port, "user": node.user, "password": node.password},
            bech32="rb" if bcoin else node.address[:node.address.index("1")],
            pubKeyHash=0x3c if bcoin else 0x6f, scriptHash=0x26 if bcoin else 0xc4)
        self.starts = 0

    @property
    def url(self):
        return f"stratum+tcp://127.0.0.1:{self.port}"

    @property
    def tls_url(self):
        return f"stratum+ssl://127.0.0.1:{self.tls_port}"

    @property
    def certificate(self):
        return os.path.join(PEERS, "pool", "certificates", "cert.pem")

    def start(self):
        self.starts += 1
        self.run(["node", os.path.join(HERE, "pool.js"), json.dumps(self.settings)], cwd=os.path.join(PEERS, "pool"))
        wait_for("the pool is ready", lambda: self.output().count("\nready") >= self.starts)
        return self

    def shares(self, kind):
        return [line for line in self.output().splitlines() if line.startswith("share " + kind)]


class Socks(Process):
    """microsocks, with a password or without."""

    def __init__(self, folder, user=None, password=None):
        super().__init__(folder, "socks")
        self.port = free_port()
        login = ["-u", user, "-P", password] if user else []
        self.run([os.path.join(PEERS, "tools/root/usr/bin/microsocks"), "-i", "127.0.0.1", "-p", str(self.port), *login])


class Stunnel(Process):
    """TLS in front of a pool that speaks none."""

    def __init__(self, folder, pool):
        super().__init__(folder, "stunnel")
        self.port = free_port()
        certificates = os.path.dirname(pool.certificate)
        config = os.path.join(folder, "stunnel.conf")
        with open(config, "w") as out:
            out.write(f"foreground = yes\npid =\n[pool]\naccept = 127.0.0.1:{self.port}\nconnect = 127.0.0.1:{pool.port}\n"
                      f"cert = {certificates}/cert.pem\nkey = {certificates}/key.pem\n")
        root = os.path.join(PEERS, "tools/root")
        libraries = {os.path.dirname(path) for path in glob.glob(root + "/**/libwrap.so*", recursive=True)}
        self.run([root + "/usr/bin/stunnel4", config], env=dict(os.environ, LD_LIBRARY_PATH=":".join(libraries)))
        wait_for("stunnel listens", lambda: "Configuration successful" in self.output())
