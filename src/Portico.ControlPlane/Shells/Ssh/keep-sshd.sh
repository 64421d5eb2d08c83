#!/bin/bash
# Runs a command for as long as standard input is open: the server holds the other end, so nothing is left when the server is killed.
exec 3<&0 </dev/null
# A group of its own: a sandbox that is killed while it starts leaves a process in it that waits forever.
setsid "$@" 3<&- &
__portico_child=$!
{ read -r _ <&3; kill -KILL -- "-$__portico_child" "$__portico_child"; } 2>/dev/null &
__portico_watcher=$!
wait "$__portico_child" 2>/dev/null
__portico_status=$?
# Bash would report below what sshd said that it killed the watcher.
exec 2>/dev/null
# The number of a process that has ended may become that of another one.
kill -KILL "$__portico_watcher"
exit "$__portico_status"
