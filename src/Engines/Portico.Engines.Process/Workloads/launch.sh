#!/bin/bash
# Runs one workload so that it keeps running when the engine ends, and records how it ended.
#
#   start     engine's rights    waits for the workload, then writes its exit status
#     join    engine's rights    becomes the workload's main process: limits
#     leave   engine's rights    disk and source that only it sees, own session, then the account of the workload
#       bwrap account's rights   builds the sandbox; stays outside of it and ends with the status of the command
#         enter.sh               inside the sandbox: directory and variables, then the command takes its place
#   network   engine's rights    gives its network namespace a device: for a trial, and if the device of a workload was removed
#   attach    engine's rights    outside of the namespace: connects that device
#   probe     engine's rights    finds out whether a disk can be a file on this machine; ends with 3 if it cannot grow while it is mounted
#   grow      engine's rights    enlarges a disk that a workload has mounted
#   tool      engine's rights    shows a tool a directory that its account cannot reach, then becomes the tool
#
# Arguments: stage, control groups, --, command. Settings are __portico_ variables.
# User input arrives only as values of __portico_env_<n>, as variables whose names a shell cannot export (they contain a dot or
# a hyphen), and as the command. This script evaluates none of it, and no variable of a user (PATH, LD_PRELOAD, …) reaches a
# program that still has the engine's rights.
# Everything is mounted at paths of Portico's own, whose directories only the engine can change. No path, name or link in the files
# of a workload is followed here: bwrap does that with the rights of the workload.
# Programs have absolute paths, because a search could find a file of the workload.
set -u
PATH=/nonexistent

# What was open where the engine was started, such as a terminal or a pipe, belongs to neither the engine nor the workload.
# Bash reads this script from a descriptor of its own, which no other program inherits.
close_inherited() {
    local descriptor number
    for descriptor in /proc/self/fd/*; do
        number=${descriptor##*/}
        [ "$number" -le 2 ] || [ "$descriptor" -ef "$0" ] || exec {number}>&-
    done
}

if [ "$1" = start ]; then
    shift
    close_inherited
    # Signals are for the workload, never for this process, which waits for it.
    trap : HUP INT TERM
    exec 3>&2 2>/dev/null
    # A copy of this shell, because starting bash once more takes longer. Only the copy reads the rest of this script, whose functions
    # would take 0.15 MB of memory beside each workload.
    (. "$0" join "$@") 2>&3 3>&-
    __portico_status=$?
    echo "$__portico_status" >"$__portico_exit_file.new" && /usr/bin/mv -f "$__portico_exit_file.new" "$__portico_exit_file"
    exit "$__portico_status"
fi

# Gives the files of another account to the account of the workload: those of a home from before workloads had accounts of their
# own. chown changes the directory itself last, so an interrupted change is repeated. The group stays, for what still runs there.
own() {
    [ -n "$__portico_user" ] && [ "$(/usr/bin/stat -c %u -- "$1")" != "$__portico_user" ] || return 0
    /usr/bin/chown -R -h -- "$__portico_user" "$1" && /usr/bin/chmod g+rx -- "$1" && return
    echo "==> $1 could not be given to the account of this service"
    return 1
}

# What a workload writes into its source directory goes to a directory of this start, so that it cannot change what was built.
overlay() {
    cd -- "$__portico_home" &&
        /usr/bin/mount -t overlay overlay -o "redirect_dir=on,lowerdir=$__portico_lower,upperdir=$__portico_scratch/upper,workdir=$__portico_scratch/work" \
            -- "$__portico_scratch/source" && cd / && return
    echo "==> The source directory could not be mounted"
    return 1
}

# Gives this process's network namespace one device, which leads to the machine. The device is made in the namespace, so it ends with
# the last process that uses the namespace, whatever the reason. Each end is given the other's hardware address, so no packet has to ask for it.
network() {
    # For devices that are made later. The loopback device keeps its IPv6 address, on which some programs listen.
    { echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; } 2>/dev/null
    # As in a container: any port, and ping without special rights.
    { echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; echo "0 2147483647" >/proc/sys/net/ipv4/ping_group_range; } 2>/dev/null
    if ! device; then
        # The kernel removes the device of an earlier workload with this address a moment after its last process has ended.
        outside "$__portico_net_ip" link del dev "$__portico_net_device" 2>/dev/null
        device || { echo "==> The network could not be set up: $__portico_error"; return 1; }
    fi
    __portico_error=$(outside /bin/bash "$0" attach 2>&1) || { echo "==> The network could not be connected: $__portico_error"; return 1; }
}

# The parent process is outside of the namespace.
outside() {
    /usr/bin/nsenter --net="/proc/$PPID/ns/net" -- "$@"
}

device() {
    __portico_error=$("$__portico_net_ip" -batch - 2>&1 <<END
link add eth0 mtu $__portico_net_mtu address $__portico_net_mac type veth peer name $__portico_net_device mtu $__portico_net_mtu address $__portico_net_gateway_mac netns $PPID
link set lo up
link set eth0 up
addr add $__portico_net_address/32 dev eth0
neigh add $__portico_net_gateway lladdr $__portico_net_gateway_mac dev eth0 nud permanent
route add default via $__portico_net_gateway dev eth0 onlink
END
    )
}

attach() {
    "$__portico_net_ip" -batch - <<END || return
link set $__portico_net_device group $__portico_net_group addrgenmode none up
neigh replace $__portico_net_address lladdr $__portico_net_mac dev $__portico_net_device nud permanent
route replace $__portico_net_address/32 dev $__portico_net_device src $__portico_net_gateway
END
    read -r __portico_forwarding </proc/sys/net/ipv4/ip_forward
    [ "$__portico_forwarding" = 1 ] || echo 1 >"/proc/sys/net/ipv4/conf/$__portico_net_device/forwarding"
}

# A disk with a size is a file system in a file. It is mounted only in the workload's own namespace, so the kernel unmounts it and
# releases its device when the last process ends, whatever the reason. There is nothing else to clean up.
# If two workloads start with the same disk, the second one waits.
disk() {
    exec 9<"$__portico_disk"
    /usr/bin/flock -w 60 9 || { echo "==> The disk is still being prepared for another start"; return 1; }
    [ -e "$__portico_image" ] || new_filesystem || return
    if image_is_free; then
        check_and_enlarge || return
    fi
    mount_image || return
    exec 9<&-
    # Use direct I/O if possible. Without it, data that is read is in memory twice, and a durable write takes 50 % longer.
    /usr/sbin/losetup --direct-io=on "$(/usr/sbin/losetup -n -O NAME -j "$__portico_image")" 2>/dev/null
    /usr/bin/rmdir -- "$__portico_disk/lost+found" 2>/dev/null
    own "$__portico_disk" && /usr/bin/chmod 0700 -- "$__portico_disk"
}

new_filesystem() {
    [ -x /usr/sbin/mkfs.ext4 ] || { echo "==> mkfs.ext4 is missing: apt-get install e2fsprogs"; return 1; }
    /usr/bin/rm -f -- "$__portico_image.new"
    (umask 077 && /usr/bin/truncate -s "$__portico_image_bytes" -- "$__portico_image.new") &&
        /usr/sbin/mkfs.ext4 -q -F -m 0 -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 -- "$__portico_image.new" >/dev/null &&
        /usr/bin/mv -f -- "$__portico_image.new" "$__portico_image" && return
    echo "==> The disk could not be created"
    return 1
}

# A workload that has just ended uses it for a moment longer.
image_is_free() {
    for __portico_try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -n "$(/usr/sbin/losetup -n -O NAME -j "$__portico_image")" ] || return 0
        /usr/bin/sleep 0.1
    done
    return 1
}

# This works only while it is not mounted, because a kernel may refuse to resize a mounted file system for root in a container.
check_and_enlarge() {
    /usr/sbin/e2fsck -p -- "$__portico_image" >/dev/null 2>&1
    if [ $? -ge 4 ]; then
        echo "==> The disk is damaged. Suspend the service, then run: e2fsck $__portico_image"
        return 1
    fi
    if [ -n "$__portico_image_bytes" ] && [ "$__portico_image_bytes" -gt "$(/usr/bin/stat -c %s -- "$__portico_image")" ]; then
        /usr/bin/truncate -s "$__portico_image_bytes" -- "$__portico_image"
    fi
    # There is nothing to do, unless it has just grown, or the machine stopped while it was growing.
    /usr/sbin/resize2fs -- "$__portico_image" >/dev/null 2>&1 && return
    /usr/sbin/e2fsck -f -p -- "$__portico_image" >/dev/null 2>&1
    /usr/sbin/resize2fs -- "$__portico_image" >/dev/null 2>&1 || echo "==> The disk could not be enlarged and keeps its size"
}

# Works only if the kernel lets root do it. In many containers it does not.
enlarge_mounted() {
    if [ "$__portico_image_bytes" -gt "$(/usr/bin/stat -c %s -- "$__portico_image")" ]; then
        /usr/bin/truncate -s "$__portico_image_bytes" -- "$__portico_image" || return
    fi
    __portico_device=$(/usr/sbin/losetup -n -O NAME -j "$__portico_image")
    [ -n "$__portico_device" ] && /usr/sbin/losetup --set-capacity "$__portico_device" && /usr/sbin/resize2fs -- "$__portico_device" >/dev/null
}

# If another mount still uses this file, mount reuses its device. A file never has two mounted file systems.
mount_image() {
    for __portico_try in 1 2 3 4 5; do
        __portico_error=$(/usr/bin/mount -t ext4 -o loop,noatime,nosuid,nodev,discard -- "$__portico_image" "$__portico_disk" 2>&1) && return
        /usr/bin/sleep 0.2
    done
    echo "==> The disk could not be mounted: $__portico_error"
    return 1
}

# Becomes the main process of the workload, with its limits and its namespaces.
join() {
    while [ "$1" != -- ]; do
        echo "$BASHPID" >"$1/cgroup.procs" || echo "==> Limits could not be applied: cannot write to $1"
        shift
    done
    shift
    ulimit -c 0
    if [ -n "$__portico_background" ]; then
        # Each of these may be unavailable. When memory runs out, the kernel kills processes of builds first.
        /usr/bin/renice -n 19 -p "$BASHPID" >/dev/null 2>&1
        /usr/bin/chrt --batch --pid 0 "$BASHPID" >/dev/null 2>&1
        /usr/bin/ionice -c 3 -p "$BASHPID" >/dev/null 2>&1
        { echo 900 >/proc/self/oom_score_adj; } 2>/dev/null
    fi
    if [ -n "$__portico_processes" ]; then
        ulimit -u "$__portico_processes" 2>/dev/null
    fi
    read -r __portico_stat <"/proc/$BASHPID/stat"
    read -r __portico_boot </proc/sys/kernel/random/boot_id
    # Complete with one write. Until then, a reader finds no second line.
    printf '%s\n%s\n' "$__portico_stat" "$__portico_boot" >"$__portico_pid_file" || exit 126
    if [ -n "$__portico_net_address" ]; then
        exec /usr/bin/unshare --net --mount --propagation private -- /bin/bash "$0" leave "$@"
    fi
    if [ -n "${__portico_image:-}" ] || [ -n "${__portico_lower:-}" ]; then
        exec /usr/bin/unshare --mount --propagation private -- /bin/bash "$0" leave "$@"
    fi
    exec /bin/bash "$0" leave "$@"
}

__portico_stage=$1
shift
case $__portico_stage in
join)
    join "$@"
    ;;
network)
    network
    exit
    ;;
attach)
    attach
    exit
    ;;
probe)
    disk || exit
    __portico_image_bytes=$((2 * __portico_image_bytes))
    enlarge_mounted || exit 3
    exit
    ;;
grow)
    # Mounted once more, in a namespace of its own, it is the same filesystem. Nothing of the workload's namespace is entered.
    exec 9<"$__portico_disk"
    /usr/bin/flock -w 60 9 && mount_image && enlarge_mounted
    exit
    ;;
leave)
    if [ -n "$__portico_net_address" ]; then
        network || exit 126
    fi
    unset __portico_net_address __portico_net_device __portico_net_gateway __portico_net_mac __portico_net_gateway_mac __portico_net_group \
        __portico_net_mtu __portico_net_ip
    if [ -n "${__portico_image:-}" ]; then
        disk || exit 126
    fi
    __portico_next=0
    while [ "$__portico_next" -lt "$__portico_owned" ]; do
        eval "__portico_directory_owned=\$__portico_owned_$__portico_next; unset __portico_owned_$__portico_next"
        own "$__portico_directory_owned" || exit 126
        __portico_next=$((__portico_next + 1))
    done
    if [ -n "${__portico_lower:-}" ]; then
        overlay || exit 126
    fi
    if [ -n "$__portico_user" ]; then
        set -- /usr/bin/setpriv --reuid "$__portico_user" --regid "$__portico_group" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
    fi
    if [ -n "$__portico_view" ]; then
        exec 7<"$__portico_seccomp" 8<"$__portico_view" || exit 126
    fi
    # The process that stays in the sandbox keeps these variables, where the workload can read them.
    unset OLDPWD __portico_stage __portico_user __portico_group __portico_processes __portico_background __portico_image __portico_image_bytes \
        __portico_disk __portico_try __portico_error __portico_pid_file __portico_exit_file __portico_view __portico_seccomp __portico_home \
        __portico_owned __portico_directory_owned __portico_next __portico_lower __portico_scratch __portico_device __portico_stat __portico_boot
    exec /usr/bin/setsid "$@"
    ;;
tool)
    /usr/bin/mount --bind -- "$__portico_source" "$__portico_target" || exit 126
    unset __portico_stage __portico_source __portico_target
    exec "$@"
    ;;
esac
