#!/bin/bash
# Runs one workload so that it keeps running when the engine ends, and records how it ended.
#
#   start     engine's rights    waits for the workload, then writes its exit status
#     join    engine's rights    becomes the workload's main process: limits
#     leave   engine's rights    disk and mounts that only it sees, own session, account
#       enter account's rights   directory and variables, then the command takes its place
#   probe     engine's rights    finds out whether a disk can be a file on this machine; ends with 3 if it cannot grow while it is mounted
#   grow      engine's rights    enlarges a disk that a workload has mounted
#
# Arguments: stage, control groups, --, command. Settings are __portico_ variables.
# User input arrives only as values of __portico_env_<n>, as variables whose names a shell cannot export (they contain a dot or
# a hyphen), and as the command. This script evaluates none of it, and no variable of a user (PATH, LD_PRELOAD, …) reaches a
# program that still has the engine's rights.
# Programs have absolute paths. A search could find a file of the workload: its disk may be mounted by then.
set -u
PATH=/nonexistent

account() {
    /usr/bin/setpriv --reuid "$__portico_user" --regid "$__portico_group" --clear-groups --no-new-privs --inh-caps=-all -- "$@"
}

# The workload can change its own files at any moment, so the path is not used twice: the directory is entered, compared with
# the path that was asked for, and then mounted on as the current directory. A symbolic link in the path would put the mount,
# made with the engine's rights, over a directory of the machine.
mount_on() {
    # What is missing lies in the workload's own files, so it is made with the workload's rights.
    [ -d "$2" ] || account /usr/bin/mkdir -p -- "$2"
    cd -P -- "$2" || return
    if [ "$PWD" != "$2" ]; then
        echo "==> Nothing can be mounted at $2, because a part of this path is a symbolic link. Remove the link, or choose another path"
        return 1
    fi
    /usr/bin/mount --no-canonicalize --bind -- "$1" /proc/self/cwd && cd /
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
    /usr/bin/chown -- "$__portico_user:$__portico_group" "$__portico_disk" && /usr/bin/chmod 0700 -- "$__portico_disk" || return
    /usr/bin/rmdir -- "$__portico_disk/lost+found" 2>/dev/null
    return 0
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

# A file that is already in place is left alone, because other processes may be reading it.
secret() {
    if [ -n "$__portico_secrets_mounted" ]; then
        [ "$(/usr/bin/readlink -- "./$1")" = "$__portico_secrets_in/$1" ] || /usr/bin/ln -sfnT -- "$__portico_secrets_in/$1" "./$1"
    else
        /usr/bin/cmp -s -- "$__portico_secrets_in/$1" "./$1" || (umask 077 && /usr/bin/cp -f --remove-destination -- "$__portico_secrets_in/$1" "./$1")
    fi
}

__portico_stage=$1
shift
case $__portico_stage in
start)
    # Signals are for the workload, never for this process, which waits for it.
    trap : HUP INT TERM
    exec 3>&2 2>/dev/null
    /bin/bash "$0" join "$@" 2>&3 3>&-
    __portico_status=$?
    echo "$__portico_status" >"$__portico_exit_file.new" && /usr/bin/mv -f "$__portico_exit_file.new" "$__portico_exit_file"
    exit "$__portico_status"
    ;;
join)
    while [ "$1" != -- ]; do
        echo $$ >"$1/cgroup.procs" || echo "==> Limits could not be applied: cannot write to $1"
        shift
    done
    shift
    ulimit -c 0
    if [ -n "$__portico_background" ]; then
        # Each of these may be unavailable. When memory runs out, the kernel kills processes of builds first.
        /usr/bin/renice -n 19 -p $$ >/dev/null 2>&1
        /usr/bin/chrt --batch --pid 0 $$ >/dev/null 2>&1
        /usr/bin/ionice -c 3 -p $$ >/dev/null 2>&1
        { echo 900 >/proc/self/oom_score_adj; } 2>/dev/null
    fi
    if [ -n "$__portico_processes" ]; then
        ulimit -u "$__portico_processes" 2>/dev/null
    fi
    read -r __portico_stat <"/proc/$$/stat"
    read -r __portico_boot </proc/sys/kernel/random/boot_id
    printf '%s\n%s\n' "$__portico_stat" "$__portico_boot" >"$__portico_pid_file.new" || exit 126
    /usr/bin/mv -f "$__portico_pid_file.new" "$__portico_pid_file" || exit 126
    if [ "$__portico_mounts" -gt 0 ] || [ -n "${__portico_image:-}" ]; then
        exec /usr/bin/unshare --mount --propagation private -- /bin/bash "$0" leave "$@"
    fi
    exec /bin/bash "$0" leave "$@"
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
    if [ -n "${__portico_image:-}" ]; then
        disk || exit 126
    fi
    __portico_next=0
    while [ "$__portico_next" -lt "$__portico_mounts" ]; do
        eval "__portico_source=\$__portico_source_$__portico_next __portico_target=\$__portico_target_$__portico_next"
        unset "__portico_source_$__portico_next" "__portico_target_$__portico_next"
        mount_on "$__portico_source" "$__portico_target" || exit 126
        __portico_next=$((__portico_next + 1))
    done
    if [ -n "$__portico_user" ]; then
        exec /usr/bin/setsid /usr/bin/setpriv --reuid "$__portico_user" --regid "$__portico_group" --clear-groups --no-new-privs \
            --inh-caps=-all -- /bin/bash "$0" enter "$@"
    fi
    exec /usr/bin/setsid /bin/bash "$0" enter "$@"
    ;;
enter)
    cd "$__portico_directory" || exit 127
    __portico_next=0
    while [ "$__portico_next" -lt "$__portico_secrets" ]; do
        eval "__portico_name=\$__portico_secret_$__portico_next"
        unset "__portico_secret_$__portico_next"
        secret "$__portico_name" || echo "==> The secret file '$__portico_name' could not be copied to $__portico_directory"
        __portico_next=$((__portico_next + 1))
    done
    # Set by the shells before this one.
    unset SHLVL OLDPWD
    __portico_next=0
    while [ "$__portico_next" -lt "$__portico_count" ]; do
        eval "export \"\$__portico_env_$__portico_next\"; unset __portico_env_$__portico_next"
        __portico_next=$((__portico_next + 1))
    done
    unset __portico_stage __portico_next __portico_count __portico_directory __portico_user __portico_group \
        __portico_processes __portico_background __portico_image __portico_image_bytes __portico_disk __portico_try __portico_error __portico_mounts __portico_secrets __portico_secrets_in __portico_secrets_mounted __portico_name __portico_pid_file __portico_exit_file
    exec "$@"
    ;;
esac
