#!/bin/sh
# Runs one workload so that it outlives the engine, and remembers how it ended.
#
#   start     engine's rights    waits for the workload, then writes its exit status
#     join    engine's rights    becomes the workload's main process: limits
#     leave   engine's rights    disk and mounts that it alone sees, own session, account
#       enter account's rights   directory and variables, then the command takes its place
#   probe     engine's rights    tells whether a disk can be a file here
#
# Arguments: stage, control groups, --, command. Settings are __portico_ variables.
# What a user chose arrives only as values of __portico_env_<n> and as the command. Nothing of it is evaluated here, and
# no variable of a user's (PATH, LD_PRELOAD, …) reaches a program that still has the engine's rights.
set -u

account() {
    setpriv --reuid "$__portico_user" --regid "$__portico_group" --clear-groups --no-new-privs --inh-caps=-all -- "$@"
}

# A disk with a size is a filesystem in a file. It is mounted in the workload's own namespace alone, so the kernel unmounts it
# and lets go of its device with the last process, however that ends; there is nothing else to clean up.
# Of two that start with one disk, the second waits.
disk() {
    exec 9<"$__portico_disk"
    flock -w 60 9 || { echo "==> The disk is still being prepared for another start"; return 1; }
    [ -e "$__portico_image" ] || new_filesystem || return
    if image_is_free; then
        check_and_enlarge || return
    fi
    mount_image || return
    exec 9<&-
    # Where it can be had: what is read would be in memory twice, and a write that must last takes half as long again.
    losetup --direct-io=on "$(losetup -n -O NAME -j "$__portico_image")" 2>/dev/null
    chown -- "$__portico_user:$__portico_group" "$__portico_disk" && chmod 0700 -- "$__portico_disk" || return
    rmdir -- "$__portico_disk/lost+found" 2>/dev/null
    return 0
}

new_filesystem() {
    command -v mkfs.ext4 >/dev/null || { echo "==> mkfs.ext4 is missing: apt-get install e2fsprogs"; return 1; }
    rm -f -- "$__portico_image.new"
    (umask 077 && truncate -s "$__portico_image_bytes" -- "$__portico_image.new") &&
        mkfs.ext4 -q -F -m 0 -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 -- "$__portico_image.new" >/dev/null &&
        mv -f -- "$__portico_image.new" "$__portico_image" && return
    echo "==> The disk could not be made"
    return 1
}

# What has just ended holds it for a moment longer.
image_is_free() {
    for __portico_try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -n "$(losetup -n -O NAME -j "$__portico_image")" ] || return 0
        sleep 0.1
    done
    return 1
}

# Not while it is mounted: a kernel may refuse that to root in a container.
check_and_enlarge() {
    e2fsck -p -- "$__portico_image" >/dev/null 2>&1
    if [ $? -ge 4 ]; then
        echo "==> The disk is damaged. Suspend the service, then run: e2fsck $__portico_image"
        return 1
    fi
    if [ -n "$__portico_image_bytes" ] && [ "$__portico_image_bytes" -gt "$(stat -c %s -- "$__portico_image")" ]; then
        truncate -s "$__portico_image_bytes" -- "$__portico_image"
    fi
    # Nothing to do, unless it has grown just now, or had when the machine stopped in the middle of this.
    resize2fs -- "$__portico_image" >/dev/null 2>&1 && return
    e2fsck -f -p -- "$__portico_image" >/dev/null 2>&1
    resize2fs -- "$__portico_image" >/dev/null 2>&1 || echo "==> The disk could not be enlarged and keeps its size"
}

# Where another mount still has this file, mount takes its device again: never are there two filesystems over one file.
mount_image() {
    for __portico_try in 1 2 3 4 5; do
        __portico_error=$(mount -t ext4 -o loop,noatime,nosuid,nodev,discard -- "$__portico_image" "$__portico_disk" 2>&1) && return
        sleep 0.2
    done
    echo "==> The disk could not be mounted: $__portico_error"
    return 1
}

# What is in place already is left alone: others may be reading it.
secret() {
    if [ -n "$__portico_secrets_mounted" ]; then
        [ "$(readlink -- "./$1")" = "$__portico_secrets_in/$1" ] || ln -sfnT -- "$__portico_secrets_in/$1" "./$1"
    else
        cmp -s -- "$__portico_secrets_in/$1" "./$1" || (umask 077 && cp -f --remove-destination -- "$__portico_secrets_in/$1" "./$1")
    fi
}

__portico_stage=$1
shift
case $__portico_stage in
start)
    # Asked to end is the workload, never this witness.
    trap : HUP INT TERM
    exec 3>&2 2>/dev/null
    /bin/sh "$0" join "$@" 2>&3 3>&-
    __portico_status=$?
    echo "$__portico_status" >"$__portico_exit_file.new" && mv -f "$__portico_exit_file.new" "$__portico_exit_file"
    exit "$__portico_status"
    ;;
join)
    while [ "$1" != -- ]; do
        echo $$ >"$1/cgroup.procs" || echo "==> Limits could not be applied: $1 refuses"
        shift
    done
    shift
    ulimit -c 0
    if [ -n "$__portico_background" ]; then
        # Each where it is to be had. When memory runs out, what may wait goes first.
        renice -n 19 -p $$ >/dev/null 2>&1
        chrt --batch --pid 0 $$ >/dev/null 2>&1
        ionice -c 3 -p $$ >/dev/null 2>&1
        { echo 900 >/proc/self/oom_score_adj; } 2>/dev/null
    fi
    if [ -n "$__portico_processes" ]; then
        ulimit -p "$__portico_processes" 2>/dev/null || ulimit -u "$__portico_processes" 2>/dev/null
    fi
    read -r __portico_stat <"/proc/$$/stat"
    read -r __portico_boot </proc/sys/kernel/random/boot_id
    printf '%s\n%s\n' "$__portico_stat" "$__portico_boot" >"$__portico_pid_file.new" || exit 126
    mv -f "$__portico_pid_file.new" "$__portico_pid_file" || exit 126
    if [ "$__portico_mounts" -gt 0 ] || [ -n "${__portico_image:-}" ]; then
        exec unshare --mount --propagation private -- /bin/sh "$0" leave "$@"
    fi
    exec /bin/sh "$0" leave "$@"
    ;;
probe)
    disk
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
        # What is missing lies in the workload's own files, so it is made with the workload's rights.
        [ -d "$__portico_target" ] || account mkdir -p -- "$__portico_target"
        mount --bind -- "$__portico_source" "$__portico_target" || exit 126
        __portico_next=$((__portico_next + 1))
    done
    if [ -n "$__portico_user" ]; then
        exec setsid setpriv --reuid "$__portico_user" --regid "$__portico_group" --clear-groups --no-new-privs \
            --inh-caps=-all -- /bin/sh "$0" enter "$@"
    fi
    exec setsid /bin/sh "$0" enter "$@"
    ;;
enter)
    cd "$__portico_directory" || exit 127
    __portico_next=0
    while [ "$__portico_next" -lt "$__portico_secrets" ]; do
        eval "__portico_name=\$__portico_secret_$__portico_next"
        unset "__portico_secret_$__portico_next"
        secret "$__portico_name" || echo "==> The secret file '$__portico_name' could not be put into $__portico_directory"
        __portico_next=$((__portico_next + 1))
    done
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
