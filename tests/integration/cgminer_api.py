#!/usr/bin/env python3
"""The cgminer API of a lode on its local chain: cgminer_api.py CASE LODE. Exit status 77 where a client cannot be had."""
import json
import os
import socket
import subprocess
import sys

from nodes import HERE, PEERS, Folder, Lode, free_port, install, wait_for

LODE = sys.argv[2]


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(request)
        answer = b""
        while part := client.recv(65536):
            answer += part
    return answer


def mine(folder, *more):
    port = free_port()
    lode = Lode(LODE, folder, "-t", 1, "--api", port, *more)
    wait_for("a hash rate", lambda: rates(lode))
    wait_for("a block", lambda: lode.events("block"))
    return lode, port


def rates(lode):
    return [event["total"] for event in lode.events("hashrate") if event["total"] > 0]


def blocks(lode):
    return len([event for event in lode.events("block") if event["result"] == "accepted"])


def read(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    return json.loads(done.stdout)


def pyasic(folder):
    install("pyasic")
    lode, port = mine(folder)
    before = blocks(lode)
    seen = read([os.path.join(PEERS, "pyasic", "bin", "python"), os.path.join(HERE, "read_pyasic.py"), str(port)])
    after = blocks(lode)
    assert 0.1 * min(rates(lode)) < seen["hashrate"] < 10 * max(rates(lode)), (seen, rates(lode))
    assert 1 <= seen["uptime"] < 100
    assert seen["api"] == "3.7"
    assert seen["version"] in subprocess.run([LODE, "--version"], capture_output=True, text=True).stdout
    assert before <= seen["pools"][0]["accepted"] <= after
    assert seen["pools"][0]["alive"] and seen["pools"][0]["rejected"] == 0
    assert seen["configured"] == ["local"]
    assert {"summary", "devs", "pools"} <= set(seen["joined"])


def npm(folder):
    install("npm_clients")
    lode, port = mine(folder)
    seen = read(["node", os.path.join(HERE, "read_npm.js"), os.path.join(PEERS, "npm_clients"), str(port)])
    for client in seen.values():
        assert client["summary"]["MHS av"] > 0
        assert client["summary"]["Accepted"] <= blocks(lode)
        assert client["refused"] and "Access denied" in client["refused"], client
    assert seen["cgminer-api"]["version"]["API"] == "3.7"
    assert seen["cgminer-api"]["check"]["Exists"] == "Y"
    assert seen["cgminer-api"]["pools"][0]["URL"] == "local"
    assert seen["miner-rpc"]["pga"]["Name"] == "CPU"
    assert seen["miner-rpc"]["devs"][0]["Status"] == "Alive"
    assert seen["miner-rpc"]["pools"][0]["URL"] == "local"
    assert seen["miner-rpc"]["coin"]["Network Difficulty"] > 0


def busy(folder):
    """One error and exit code 1 where the port is taken; and what W: may do."""
    lode, port = mine(folder, "--api-allow", "W:127.0.0.1")
    second = subprocess.run([LODE, "mine", "--data-dir", os.path.join(folder, "second"), "--api", str(port)],
                            capture_output=True, text=True, timeout=60)
    assert second.returncode == 1, second
    assert second.stderr.count("\n") == 1 and "Address already in use" in second.stderr, second.stderr

    pid = lode.process.pid
    assert ask(port, b'{"command":"restart"}') == b'{"STATUS":"RESTART","id":1}\0'
    wait_for("the program to be itself again", lambda: restarted(port))
    assert lode.process.poll() is None and lode.process.pid == pid
    assert ask(port, b"quit\n") == b"BYE\0"
    lode.wait()


def restarted(port):
    try:
        return json.loads(ask(port, b'{"command":"summary"}')[:-1])["SUMMARY"][0]["Elapsed"] < 3
    except (OSError, ValueError):
        return False


def flood(folder):
    """Clients of every bad kind, 10,000 in all; the miner goes on, and answers once they are gone."""
    lode, port = mine(folder)
    before = blocks(lode)
    held = []
    for i in range(10_000):
        client = socket.create_connection(("127.0.0.1", port), 20)
        try:
            client.sendall([b"", b"{" * 4095, b"summary+" * 500, b"\0\xff\n", b"x" * 100000][i % 5])
        except OSError:
            pass  # one that was refused
        held.append(client)
        if len(held) > 200:
            held.pop(0).close()
    wait_for("more blocks", lambda: blocks(lode) > before)
    for client in held:
        client.close()
    wait_for("an answer", lambda: ask(port, b"version\n").startswith(b"STATUS=S"))
    lode.end()
    assert lode.process.returncode == 0


if __name__ == "__main__":
    with Folder() as place:
        {"pyasic": pyasic, "npm": npm, "busy": busy, "flood": flood}[sys.argv[1]](place)
