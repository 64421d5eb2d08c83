#!/bin/sh
# Keeps one program running, and outlives whoever asked for it.
#
#   keep.sh LOCK LOG PROGRAM [ARGUMENT…]
#
# LOCK  held while this runs and holds its process id: a second keeper ends at once
# LOG   what the program prints is appended to it
#
# The program is started again when it dies. It is left alone when it exits with 0 (told to stop) or
# with 2 to 78 (it cannot run as things are: a port is taken, a setting is wrong). SIGTERM is passed on.
set -u
lock=$1 log=$2
shift 2

exec 9>>"$lock" || exit 1
flock --nonblock 9 || exit 0
exec </dev/null >>"$log" 2>&1
printf '%s' "$$" >"$lock"

child=
stopping=
trap 'stopping=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT
trap '' HUP

pause=0
while [ -z "$stopping" ]; do
  started=$(date +%s)
  "$@" 9>&- &
  child=$!
  # A signal ends the first wait; the program then finishes what it has.
  wait "$child"
  code=$?
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
  done
  child=
  if [ "$code" -eq 0 ] || { [ "$code" -ge 2 ] && [ "$code" -le 78 ]; }; then
    exit "$code"
  fi
  # The first time at once; then slower and slower, unless it had been well for a while.
  [ $(($(date +%s) - started)) -lt 10 ] || pause=0
  [ -n "$stopping" ] || sleep "$pause"
  [ "$pause" -ge 5 ] || pause=$((pause + 1))
done
