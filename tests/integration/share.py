#!/usr/bin/env python3
"""What is shipped for others' programs, held by those programs: share.py ansible|kubernetes|prometheus LODE."""
import json
import os
import shutil
import subprocess
import sys

from nodes import HERE, Folder, skip

LODE = sys.argv[2]
SHARE = os.path.join(HERE, "..", "..", "share")


def need(tool):
    if not shutil.which(tool):
        skip(f"{tool} is not installed")
    return tool


def run(*words, fails=False, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, **more)
    assert (done.returncode != 0) == fails, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def ansible(folder):
    """The role on this machine, without root and without systemd: what it writes, that it writes it once, and that it
    keeps a file that is wrong away."""
    playbook = need("ansible-playbook")
    config = os.path.join(folder, "etc", "lode.json")
    inventory = os.path.join(SHARE, "ansible", "inventory.yml")
    site = os.path.join(SHARE, "ansible", "site.yml")
    words = [playbook, "-i", inventory, site, "-c", "local", "-l", "rig-02.example", "-e", "lode_http_token=correct-horse-battery",
             "-e", f"lode_program={LODE} lode_config_path={config} lode_service=false ansible_become=false",
             "-e", f"ansible_python_interpreter={sys.executable}"]
    environment = dict(os.environ, ANSIBLE_LOCAL_TEMP=folder, ANSIBLE_REMOTE_TEMP=folder, ANSIBLE_NOCOLOR="1", LC_ALL="C.UTF-8")
    run(*words, "--syntax-check", env=environment)
    os.makedirs(os.path.dirname(config))
    run(*words, "--check", env=environment)
    assert not os.path.exists(config)
    assert "changed=1" in run(*words, env=environment)
    with open(config) as file:
        written = json.load(file)
    assert written["threads"] == 8 and written["pools"][0]["user"] == "ACCOUNT.${HOSTNAME}", written
    assert "changed=0" in run(*words, env=environment)
    run(*words, "-e", '{"lode_overrides": {"bloks": 1}}', env=environment, fails=True)
    with open(config) as file:
        assert json.load(file) == written


def kubernetes(folder):
    """lode takes the file in the ConfigMap with the variables that the DaemonSet sets; the schema, where there is one."""
    with open(os.path.join(SHARE, "kubernetes", "lode.yaml")) as file:
        text = file.read()
    begin = text.index("lode.json: |\n") + len("lode.json: |\n")
    config = os.path.join(folder, "lode.json")
    with open(config, "w") as file:
        file.write(text[begin:text.index("\n---", begin)])
    names = ("NODE_NAME", "POOL_PASSWORD", "HTTP_TOKEN")
    assert all(f"- name: {name}" in text for name in names)
    shown = run(LODE, "config", "check", config, env=dict(os.environ, **{name: f"a-value-of-{name}" for name in names}))
    assert "ACCOUNT.a-value-of-NODE_NAME" in shown and "POOL_PASSWORD" not in shown and "HTTP_TOKEN" not in shown, shown
    run(LODE, "config", "check", config, fails=True)
    if shutil.which("kubernetes-validate"):
        run("kubernetes-validate", "--strict", os.path.join(SHARE, "kubernetes", "lode.yaml"))


def prometheus(folder):
    tool = need("promtool")
    run(tool, "check", "config", os.path.join(SHARE, "prometheus", "prometheus.yml"))
    for name in ("prometheus.yml", "alerts.yml"):
        shutil.copy(os.path.join(SHARE, "prometheus", name), folder)
    with open(os.path.join(SHARE, "prometheus", "targets.yml")) as file:
        text = file.read()
    with open(os.path.join(folder, "targets.yml"), "w") as file:
        file.write(text.replace("labels", "lables"))
    run(tool, "check", "config", os.path.join(folder, "prometheus.yml"), fails=True)  # so it does read the targets


if __name__ == "__main__":
    with Folder() as directory:
        globals()[sys.argv[1]](directory)
    print("ok")
