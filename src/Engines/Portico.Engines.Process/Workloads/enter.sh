#!/bin/bash
# The last step before the command of a workload, inside its sandbox and with the rights of its account: working directory, secret
# files and variables. Settings are __portico_ variables, and this script evaluates none of them as code.
set -u
PATH=/nonexistent

# A file that is already in place is left alone, because other processes may be reading it.
secret() {
    if [ -n "$__portico_secrets_mounted" ]; then
        [ "$(/usr/bin/readlink -- "./$1")" = "$__portico_secrets_in/$1" ] || /usr/bin/ln -sfnT -- "$__portico_secrets_in/$1" "./$1"
    else
        /usr/bin/cmp -s -- "$__portico_secrets_in/$1" "./$1" || (umask 077 && /usr/bin/cp -f --remove-destination -- "$__portico_secrets_in/$1" "./$1")
    fi
}

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
unset __portico_next __portico_count __portico_directory __portico_secrets __portico_secrets_in __portico_secrets_mounted __portico_name
exec "$@"
