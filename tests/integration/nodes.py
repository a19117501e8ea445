"""Real nodes on loopback for the integration tests: started on free ports, spoken to, stopped again."""
import atexit
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get("LODE_PEERS") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "lode", "peers")


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def install(peer):
    done = subprocess.run([os.path.join(HERE, "install_peers.sh"), peer], capture_output=True, text=True)
    if done.returncode == 77:
        skip(done.stderr.strip())
    if done.returncode != 0:
        sys.exit(done.stderr)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class RpcError(Exception):
    pass


class Node:
    """A process and its JSON-RPC. stop() and start() restart it on its own data and port."""
    user, password = "u", "p"

    def __init__(self, folder):
        self.dir = os.path.join(folder, "node")
        os.makedirs(self.dir)
        self.port = free_port()
        self.peer_port = None
        self.process = None
        atexit.register(self.stop)

    @property
    def url(self):
        return f"http://{self.user}:{self.password}@127.0.0.1:{self.port}"

    def start(self, wait=True):
        with open(os.path.join(self.dir, "output.log"), "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment())
        if wait:
            wait_for("the node answers", self.ready)

    def ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the node ended with {self.process.returncode}: {self.dir}/output.log")
        try:
            self.meet_peers()
            return self.rpc("getblockcount") is not None
        except (OSError, RpcError):
            return False

    def meet_peers(self):
        """Raises OSError while it does not listen to peers: some nodes answer calls before."""
        if self.peer_port:
            socket.create_connection(("127.0.0.1", self.peer_port), 5).close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(60)

    def rpc(self, method, *params, timeout=60):
        body = json.dumps({"id": 1, "method": method, "params": params}).encode()
        credentials = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", body,
                                         {"Authorization": "Basic " + credentials})
        try:
            answer = urllib.request.urlopen(request, timeout=timeout).read()
        except urllib.error.HTTPError as failed:
            answer = failed.read()
        answer = json.loads(answer or b'{"error":"no answer"}')
        if answer.get("error"):
            raise RpcError(answer["error"])
        return answer["result"]

    def height(self):
        return self.rpc("getblockcount")

    def environment(self):
        return os.environ


class Knots(Node):
    address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP 173's example key
    # u:p as bitcoind's rpcauth: salt and HMAC-SHA256(salt, "p")
    auth = "u:6c6f6465$ebb5382ac124769f674478b36c2c523c0d130c04b250067198ded5f627d9b6df"

    def __init__(self, folder, chain="regtest", extra=(), challenge="51"):  # OP_TRUE
        super().__init__(folder)
        self.chain = chain
        self.challenge = challenge
        self.extra = list(extra)
        self.peer_port = free_port()
        if chain != "regtest":
            self.address = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"

    @property
    def cookie(self):
        return os.path.join(self.dir, self.chain, ".cookie")

    def command(self):
        chain = ["-regtest"] if self.chain == "regtest" else ["-signet", "-signetchallenge=" + self.challenge]
        return [os.path.join(PEERS, "knots", "bitcoind"), *chain, "-datadir=" + self.dir, "-server", "-listen=1",
                "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1", f"-rpcport={self.port}", "-rpcauth=" + self.auth,
                f"-bind=127.0.0.1:{self.peer_port}", "-connect=0", "-dnsseed=0", "-fixedseeds=0", "-disablewallet",
                "-printtoconsole=0", *self.extra]


class Bcoin(Node):
    address = "RLNcgZpJgK6Uh3zXgkm2z7As5nJJVt6HXr"  # P2PKH with bcoin's version byte 0x3c
    user, password = "x", "k"

    def command(self):
        return ["node", os.path.join(PEERS, "bcoin", "node_modules", "bcoin", "bin", "node"), "--prefix=" + self.dir,
                "--network=regtest", "--memory=true", "--no-wallet=true", "--workers=false", "--listen=false",
                "--http-host=127.0.0.1", f"--http-port={self.port}", "--api-key=k"]

    def environment(self):
        return dict(os.environ, NODE_BACKEND="js")


class Lode:
    """`lode mine` with JSON output."""

    def command(self, program, folder, arguments):
        return [program, "mine", "--format", "json", "--data-dir", os.path.join(folder, "data"), "-d", "cpu", *arguments]

    def __init__(self, program, folder, *arguments):
        self.arguments = self.command(program, folder, map(str, arguments))
        self.out_path = os.path.join(folder, f"lode-{time.monotonic_ns()}.json")
        self.err_path = self.out_path.replace(".json", ".log")
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.process = subprocess.Popen(self.arguments, stdout=out, stderr=err)
        atexit.register(self.end)

    def wait(self, seconds=120):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"lode did not end within {seconds} s:\n{self.errors()}")
        if self.process.returncode != 0:
            raise AssertionError(f"lode ended with {self.process.returncode}:\n{self.errors()}")
        return self

    def kill(self):
        self.process.kill()  # SIGKILL
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def events(self, kind):
        found = []
        with open(self.out_path) as lines:
            for line in lines:
                if line.endswith("\n"):
                    event = json.loads(line)
                    if event["event"] == kind:
                        found.append(event)
        return found

    def errors(self):
        with open(self.err_path) as text:
            return text.read()

    def summary(self):
        return self.events("summary")[-1]


class Folder:
    """A temporary folder, kept where the test failed."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="lode-integration-")
        return self.path

    def __exit__(self, kind, *_):
        if kind is None:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            print("logs:", self.path)
