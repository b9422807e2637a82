"""
Slurm and Grid Engine on the loopback of one machine, for as long as a command takes.

    python -m tests.pipeline.engine.workers.array_jobs.loopback slurm sge -- COMMAND ARGUMENTS…

starts the daemons with files of their own in a temporary folder, runs the command in an
environment in which `sbatch` and `qsub` speak to them, and ends them. Nothing of an installation
is read or changed. The programs come with Debian and Ubuntu; their own services may be off:

    apt-get install --no-install-recommends slurm-wlm munge
    apt-get install --no-install-recommends gridengine-master gridengine-exec gridengine-client

Grid Engine wants to be root. `SEIMAI_BATCH_SYSTEMS` names what was started; the tests of
`test_real_systems.py` submit to these and to no others, for jobs on somebody's cluster cost money.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

STARTED = "SEIMAI_BATCH_SYSTEMS"

PATIENCE_SECONDS = 60.0
"""A daemon that is not there by then has said in its log why."""

ELEMENTS = 20
"""The longest array: short, so that forty batches of a stage are more than one."""

PLACES = 2
"""Elements at work at once."""

SLURM = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmUser={user}
SlurmdUser={user}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,batch_sched_delay=0
# An array may have indices below this.
MaxArraySize={longest}
# Jobs that are known at once: one array and its elements fit, two do not.
MaxJobCount={jobs}
# A job that has ended is forgotten soon, so that queries for it fail as they do on busy clusters.
MinJobAge=2
KillWait=2
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={places} State=UNKNOWN
PartitionName=cpu Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""

BOOTSTRAP = """\
admin_user              none
default_domain          none
ignore_fqdn             false
spooling_method         classic
spooling_lib            libspoolc
spooling_params         {cell}/common;{folder}/qmaster
binary_path             /usr/sbin
qmaster_spool_dir       {folder}/qmaster
security_mode           none
listener_threads        2
worker_threads          2
scheduler_threads       1
"""

SHARE = Path("/usr/share/gridengine")
TOOLS = Path("/usr/lib/gridengine")

QUEUE = """\
qname cpu.q
hostlist localhost
seq_no 0
load_thresholds NONE
suspend_thresholds NONE
nsuspend 1
suspend_interval 00:05:00
priority 0
min_cpu_interval 00:05:00
processors UNDEFINED
qtype BATCH
ckpt_list NONE
pe_list NONE
rerun FALSE
slots {places}
tmpdir /tmp
shell /bin/bash
prolog NONE
epilog NONE
shell_start_mode posix_compliant
starter_method NONE
suspend_method NONE
resume_method NONE
terminate_method NONE
notify 00:00:60
owner_list NONE
user_lists NONE
xuser_lists NONE
subordinate_list NONE
complex_values NONE
projects NONE
xprojects NONE
calendar NONE
initial_state default
s_rt INFINITY
h_rt INFINITY
s_cpu INFINITY
h_cpu INFINITY
s_fsize INFINITY
h_fsize INFINITY
s_data INFINITY
h_data INFINITY
s_stack INFINITY
h_stack INFINITY
s_core INFINITY
h_core INFINITY
s_rss INFINITY
h_rss INFINITY
s_vmem INFINITY
h_vmem INFINITY
"""

SCHEDULER = {
    "schedule_interval": "0:0:2",
    "flush_submit_sec": "1",
    "flush_finish_sec": "1",
    "job_load_adjustments": "NONE",
}
"""Other than by default, elements begin as soon as there is a place, however busy the machine."""


@contextmanager
def slurm(folder: Path) -> Iterator[dict[str, str]]:
    """Munge, the controller and one node; gives the environment in which `sbatch` finds them."""
    folder.chmod(0o700)
    (folder / "state").mkdir()
    (folder / "spool").mkdir()
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o600)
    configuration = folder / "slurm.conf"
    configuration.write_text(
        SLURM.format(
            host=socket.gethostname().partition(".")[0],
            user=_user(),
            controller=_free_port(),
            node=_free_port(),
            folder=folder,
            longest=ELEMENTS + 1,
            jobs=2 * ELEMENTS - 5,
            places=PLACES,
        )
    )
    files = {"key-file": "key", "socket": "socket", "pid-file": "pid", "seed-file": "seed"}
    munge = [f"--{option}={folder}/munge.{name}" for option, name in files.items()]
    environment = {"SLURM_CONF": str(configuration)}
    with (
        _daemon(["munged", "--foreground", "--force", *munge], folder / "munged.log"),
        _there(folder / "munge.socket"),
        _daemon(["slurmctld", "-D", "-f", str(configuration)], folder / "slurmctld.log"),
        _daemon(["slurmd", "-D", "-f", str(configuration)], folder / "slurmd.log"),
    ):
        _answers(["sinfo", "--noheader", "--format=%T"], environment, "idle", folder)
        yield environment


@contextmanager
def grid_engine(folder: Path) -> Iterator[dict[str, str]]:
    """A queue master and one node; gives the environment in which `qsub` finds them."""
    folder.chmod(0o755)
    cell = folder / "root/default"
    for path in (cell / "common", folder / "qmaster/job_scripts", folder / "execd"):
        path.mkdir(parents=True)
    (folder / "root/util").symlink_to(SHARE / "util")
    (cell / "common/bootstrap").write_text(BOOTSTRAP.format(cell=cell, folder=folder))
    (cell / "common/act_qmaster").write_text("localhost\n")
    # The machine is known by the name of the loopback alone, whatever else it is called.
    names = {"localhost": None, socket.gethostname(): None, socket.getfqdn(): None}
    (cell / "common/host_aliases").write_text(f"{' '.join(names)}\n")
    environment = {
        "SGE_ROOT": str(folder / "root"),
        "SGE_CELL": "default",
        "SGE_QMASTER_PORT": str(_free_port()),
        "SGE_EXECD_PORT": str(_free_port()),
        "SGE_ND": "1",  # daemons stay in the foreground
    }
    settings = {
        "execd_spool_dir": folder / "execd",
        "min_uid": 0,
        "min_gid": 0,
        "max_aj_tasks": ELEMENTS,
        # Jobs of one person that are known at once: an array counts as one.
        "max_u_jobs": 2,
    }
    configuration = (SHARE / "default-configuration").read_text()
    (folder / "configuration").write_text(_changed(configuration, settings))
    method = ["classic", "libspoolc", f"{cell}/common;{folder}/qmaster", "init"]
    _do([str(TOOLS / "spoolinit"), *method], environment)
    for what in (
        ["configuration", str(folder / "configuration")],
        ["complexes", str(SHARE / "util/resources/centry")],
        ["usersets", str(SHARE / "util/resources/usersets")],
        ["managers", _user()],
    ):
        _do([str(TOOLS / "spooldefaults"), *what], environment)
    with _daemon(["sge_qmaster"], folder / "qmaster.log", environment):
        _answers(["qconf", "-sh"], environment, "localhost", folder)
        (folder / "queue").write_text(QUEUE.format(places=PLACES))
        scheduler = _asked(["qconf", "-ssconf"], environment).stdout
        (folder / "scheduler").write_text(_changed(scheduler, SCHEDULER))
        for words in (
            ["-ah", "localhost"],
            ["-as", "localhost"],
            ["-Aq", str(folder / "queue")],
            ["-Msconf", str(folder / "scheduler")],
        ):
            _do(["qconf", *words], environment)
        with _daemon(["sge_execd"], folder / "execd.log", environment):
            _answers(["qstat", "-f"], environment, f"0/0/{PLACES} +[0-9]", folder)
            yield environment


SYSTEMS = {"slurm": slurm, "sge": grid_engine}


def main(argv: Sequence[str]) -> int:
    """Run a command with batch systems around it; gives its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", nargs="+", choices=SYSTEMS)
    split = argv.index("--") if "--" in argv else len(argv)
    asked = parser.parse_args(argv[:split])
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seimai-loopback-")))
        top.chmod(0o755)
        environment = {**os.environ, STARTED: " ".join(asked.system)}
        for name in asked.system:
            (top / name).mkdir()
            environment |= stack.enter_context(SYSTEMS[name](top / name))
        return subprocess.run(
            argv[split + 1 :] or ["bash"], env=environment, check=False
        ).returncode


@contextmanager
def _daemon(
    command: Sequence[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator[None]:
    """A process in the foreground that is ended with the block."""
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} is not installed")
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _there(path: Path) -> Iterator[None]:
    """A block that begins when a file is there."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        if time.monotonic() > until:
            raise SystemExit(f"{path} does not appear:\n{_logs(path.parent)}")
        time.sleep(0.1)
    yield


def _answers(command: list[str], environment: dict[str, str], what: str, folder: Path) -> None:
    """Wait until a command says something."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        done = _asked(command, environment)
        if re.search(what, done.stdout):
            return
        if time.monotonic() > until:
            said = f"{done.stdout}{done.stderr}"
            raise SystemExit(f"{command} says no “{what}”: {said}\n{_logs(folder)}")
        time.sleep(0.2)


def _changed(lines: str, values: Mapping[str, object]) -> str:
    """A configuration of Grid Engine, a name and a value in each line, with other values."""
    made = [
        f"{line.split()[0]} {values[line.split()[0]]}" if line.split()[0] in values else line
        for line in lines.splitlines()
        if line.strip()
    ]
    return "\n".join([*made, ""])


def _do(command: list[str], environment: dict[str, str]) -> None:
    done = _asked(command, environment)
    if done.returncode:
        raise SystemExit(f"{command} failed: {done.stdout}{done.stderr}")


def _asked(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def _logs(folder: Path) -> str:
    return "\n".join(
        f"{path.name}: {path.read_text('utf-8', 'replace')[-2000:]}"
        for path in folder.glob("*.log")
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _user() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
