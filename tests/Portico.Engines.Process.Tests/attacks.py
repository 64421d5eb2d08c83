"""Tries to leave a sandbox. Prints a line for each attempt: what was tried, and "refused" or how it succeeded."""
import ctypes
import fcntl
import glob
import os
import platform
import signal
import socket
import stat
import subprocess
import sys

# Not from the environment, in which some attempts look for them. The secret is written backwards for the same reason.
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets")) as targets:
    HOME, VICTIM, SECRET, STATE = targets.read().split()
SECRET = SECRET[::-1]
libc = ctypes.CDLL(None, use_errno=True)
X64 = platform.machine() == "x86_64"


def number(x64, arm64):
    return x64 if X64 else arm64


def call(x64, arm64, *arguments):
    """Makes a system call that must fail. Returns what it returned if it did not."""
    result = libc.syscall(ctypes.c_long(number(x64, arm64)), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    return None if result == -1 else f"returned {result}"


def reads(path):
    try:
        with open(path, "rb") as file:
            return f"read {len(file.read(1 << 20))} bytes of {path}"
    except OSError:
        return None


def lists(path):
    try:
        return f"listed {len(os.listdir(path))} entries of {path}"
    except OSError:
        return None


def writes(path):
    try:
        with open(path, "a"):
            return f"opened {path} for writing"
    except OSError:
        return None


def everything_below_proc(name):
    """What /proc shows of any process, as far as it names the victim's secret."""
    for path in glob.glob(f"/proc/[0-9]*/{name}"):
        try:
            with open(path, "rb") as file:
                if SECRET.encode() in file.read():
                    return f"found the secret in {path}"
        except OSError:
            continue
    return None


def foreign_processes():
    """Processes that are not descendants of this sandbox's first process would have a number that is not known inside."""
    pids = [int(p) for p in os.listdir("/proc") if p.isdigit()]
    return f"sees {len(pids)} processes" if len(pids) > 12 else None


def signals():
    try:
        os.kill(int(VICTIM), signal.SIGKILL)
        return "sent a signal"
    except OSError:
        return None


def all_signals():
    """kill(-1) reaches every process that this one may signal. The victim is observed by the test."""
    if os.fork() == 0:
        os.kill(-1, signal.SIGCONT)
        os._exit(0)
    os.wait()
    return None


def traces():
    PTRACE_ATTACH = 16
    return None if libc.ptrace(PTRACE_ATTACH, int(VICTIM), None, None) == -1 else "attached"


def shared_memory():
    names = [name for name in os.listdir("/dev/shm")]
    return f"sees {names}" if names else None


def system_v_memory():
    segment = libc.shmget(0x5EC4E7, 4096, 0o600)
    return None if segment == -1 else "found the victim's segment"


def setuid_programs():
    """Programs with the bit exist, and must not change the account."""
    for path in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount", "/usr/bin/newgrp"):
        if os.path.exists(path) and os.stat(path).st_mode & stat.S_ISUID:
            answer = subprocess.run([path, "--version"], capture_output=True)
            with open("/proc/self/status") as status:
                if "NoNewPrivs:\t1" not in status.read():
                    return f"{path} may change the account ({answer.returncode})"
    return None


def own_setuid_program():
    path = "/tmp/id"
    subprocess.run(["/bin/cp", "/usr/bin/id", path], check=True)
    os.chmod(path, 0o4755)
    return "became root" if b"uid=0" in subprocess.run([path], capture_output=True).stdout else None


def becomes_root():
    try:
        os.setuid(0)
        return "became root"
    except OSError:
        return None


def capabilities():
    with open("/proc/self/status") as status:
        sets = [line for line in status if line.startswith("Cap") and int(line.split()[1], 16) != 0]
    return f"has {sets}" if sets else None


def seccomp_mode():
    with open("/proc/self/status") as status:
        return None if "Seccomp:\t2" in status.read() else "has no filter"


def mounts():
    return None if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1 else "mounted"


def remounts():
    MS_REMOUNT, MS_BIND = 32, 4096
    return None if libc.mount(b"none", b"/usr", None, MS_REMOUNT | MS_BIND, None) == -1 else "made /usr writable"


def unmounts():
    return None if libc.umount2(b"/usr", 2) == -1 else "unmounted"


def new_user_namespace():
    answer = subprocess.run(["/usr/bin/unshare", "--user", "--map-root-user", "true"], capture_output=True)
    return None if answer.returncode else "made a user namespace"


def clone_namespace():
    CLONE_NEWUSER, SIGCHLD = 0x10000000, 17
    result = libc.syscall(ctypes.c_long(number(56, 220)), ctypes.c_long(CLONE_NEWUSER | SIGCHLD), 0, 0, 0, 0)
    if result == 0:
        os._exit(0)
    return None if result == -1 else "made a user namespace"


def enters_namespace():
    for kind in ("user", "mnt", "pid", "net"):
        try:
            descriptor = os.open(f"/proc/1/ns/{kind}", os.O_RDONLY)
        except OSError:
            continue
        if libc.setns(descriptor, 0) != -1:
            return f"entered the {kind} namespace of the first process"
    return None


def device_nodes():
    try:
        os.mknod("/tmp/disk", stat.S_IFBLK | 0o600, os.makedev(8, 0))
        with open("/tmp/disk", "rb") as disk:
            return f"read {len(disk.read(512))} bytes of a disk"
    except OSError:
        return None


def devices():
    allowed = {"console", "core", "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero"}
    others = set(os.listdir("/dev")) - allowed
    return f"sees {sorted(others)}" if others else None


def control_groups():
    found = [root for root, directories, files in os.walk("/sys/fs/cgroup") for file in files if os.access(os.path.join(root, file), os.W_OK)]
    return f"can write in {found[:3]}" if found else None


def control_groups_of_others():
    groups = [root for root, _, _ in os.walk("/sys/fs/cgroup") if "portico" in root]
    return f"sees {groups[:3]}" if groups else None


def terminal_input():
    TIOCSTI = 0x5412
    try:
        master, slave = os.openpty()
        fcntl.ioctl(slave, TIOCSTI, b"x")
        return "typed into a terminal"
    except OSError:
        return None


def socket_family(family, kind=socket.SOCK_RAW):
    try:
        socket.socket(family, kind).close()
        return f"opened a socket of family {family}"
    except OSError:
        return None


def raw_socket():
    return socket_family(socket.AF_INET)


def x32_call():
    if not X64:
        return None
    result = libc.syscall(ctypes.c_long(0x40000000 + 39))
    return None if result == -1 else "made a call of the x32 interface"


def writes_machine(path):
    return lambda: writes(path)


def host_environment():
    leaked = [name for name in os.environ if name.startswith("__portico")]
    with open("/proc/1/environ", "rb") as first:
        text = first.read().decode(errors="replace")
    return f"sees {leaked or HOME}" if leaked or HOME in text else None


def launch_arguments():
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with open(path, "rb") as file:
            if HOME.encode() in file.read():
                return f"found the engine's home in {path}"
    return None


def inherited_descriptors():
    own = [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if int(name) > 2 and os.path.exists(f"/proc/self/fd/{name}")]
    return f"inherited {own}" if any(HOME in path for path in own) else None


def root_of_first_process():
    return lists(f"/proc/1/root{HOME}")


def open_by_handle():
    return call(304, 265, -100, 0, 0)


def escapes_by_links():
    os.chdir("/opt/render/project/src")
    for name, target in (("up", "../" * 20 + HOME.lstrip("/")), ("absolute", HOME)):
        if not os.path.lexists(name):
            os.symlink(target, name)
        if os.path.exists(name):
            return f"followed {name}"
    return None


ATTEMPTS = {
    "read the environment of the victim": lambda: reads(f"/proc/{VICTIM}/environ") if not os.path.exists(f"/proc/{VICTIM}/root/etc/secrets/attacks.py") else None,
    "find the secret in any environment": lambda: everything_below_proc("environ"),
    "find the secret in any command line": lambda: everything_below_proc("cmdline"),
    "enter the victim's root directory": lambda: lists(f"/proc/{VICTIM}/root") if int(VICTIM) > 1000 else None,
    "enter the victim's working directory": lambda: lists(f"/proc/{VICTIM}/cwd") if int(VICTIM) > 1000 else None,
    "see processes of others": foreign_processes,
    "list the engine's home": lambda: lists(HOME),
    "list artifacts": lambda: lists(f"{HOME}/artifacts"),
    "list homes": lambda: lists(f"{HOME}/run-homes"),
    "list disks": lambda: lists(f"{HOME}/disks"),
    "list files of revisions": lambda: lists(f"{HOME}/files"),
    "list logs": lambda: lists(f"{HOME}/logs"),
    "read the victim's disk": lambda: reads(f"{HOME}/disks/dsk-victim/data"),
    "read keys of the platform": lambda: reads(f"{STATE}/keys"),
    "read shadow": lambda: reads("/etc/shadow"),
    "list /root": lambda: lists("/root"),
    "list /home": lambda: lists("/home"),
    "list /var/lib/portico": lambda: lists("/var/lib/portico"),
    "list /run of the machine": lambda: lists("/run/systemd") or lists("/run/portico/account-numbers"),
    "open the socket of a container engine": lambda: reads("/var/run/docker.sock") or lists("/run/docker"),
    "signal the victim": signals,
    "signal everything": all_signals,
    "trace the victim": traces,
    "read the victim's memory": lambda: reads(f"/proc/{VICTIM}/mem"),
    "see shared memory": shared_memory,
    "attach System V memory": system_v_memory,
    "run setuid programs": setuid_programs,
    "make a setuid program": own_setuid_program,
    "become root": becomes_root,
    "have capabilities": capabilities,
    "have no filter": seccomp_mode,
    "mount": mounts,
    "make /usr writable": remounts,
    "unmount": unmounts,
    "make a user namespace": new_user_namespace,
    "make a user namespace by clone": clone_namespace,
    "enter a namespace": enters_namespace,
    "open a new mount": lambda: call(430, 430, b"tmpfs", 0),
    "change the root": lambda: call(155, 41, b"/tmp", b"/tmp"),
    "make a device": device_nodes,
    "see devices": devices,
    "write control groups": control_groups,
    "see control groups of others": control_groups_of_others,
    "read keyrings": lambda: call(250, 219, 0, -3, 0),
    "add a key": lambda: call(248, 217, b"user", b"name", b"value", 5, -3),
    "load a packet filter program": lambda: call(321, 280, 0, 0, 0),
    "use io_uring": lambda: call(425, 425, 1, 0),
    "handle page faults": lambda: call(323, 282, 1),
    "count events of the machine": lambda: call(298, 241, 0, 0, -1, -1, 0),
    "read the kernel log": lambda: call(103, 116, 3, 0, 0) or reads("/dev/kmsg"),
    "open files by handle": open_by_handle,
    "load a kernel": lambda: call(246, 104, 0, 0, 0, 0),
    "load a module": lambda: call(313, 273, 0, b"", 0),
    "restart the machine": lambda: call(169, 142, 0xFEE1DEAD, 0, 0, 0),
    "set the clock": lambda: call(227, 112, 0, 0),
    "type into a terminal": terminal_input,
    "open a packet socket": lambda: socket_family(17),
    "open a vsock": lambda: socket_family(40, socket.SOCK_STREAM),
    "open a crypto socket": lambda: socket_family(38, socket.SOCK_SEQPACKET),
    "open a raw socket": raw_socket,
    "use the x32 interface": x32_call,
    "write /usr": writes_machine("/usr/bin/attack"),
    "write /etc": writes_machine("/etc/passwd"),
    "write the root directory": writes_machine("/attack"),
    "write a kernel setting": writes_machine("/proc/sys/kernel/core_pattern"),
    "trigger the kernel": writes_machine("/proc/sysrq-trigger"),
    "read memory of the machine": lambda: reads("/proc/kcore") or reads("/dev/mem"),
    "see settings of the launch": host_environment,
    "see arguments of the launch": launch_arguments,
    "inherit files of the engine": inherited_descriptors,
    "enter the machine by the first process": root_of_first_process,
    "write secret files": writes_machine("/etc/secrets/attacks.py"),
    "write the toolchains": lambda: next((writes(f"{d}/attack") for d in glob.glob("/opt/portico/toolchains/*/*") if os.access(d, os.W_OK)), None),
    "leave by links in the source directory": escapes_by_links,
}

for name, attempt in ATTEMPTS.items():
    try:
        result = attempt()
    except Exception as error:  # a refusal of another kind
        result = None if isinstance(error, OSError) else f"could not be tried: {error!r}"
    print(f"{name}: {result or 'refused'}", flush=True)
print(f"tried {len(ATTEMPTS)}", flush=True)
