#!/bin/sh
# Keeps one program running, even after the process that started this script has ended.
#
#   keep.sh LOCK LOG PROGRAM [ARGUMENT…]
#
# LOCK  a file that is locked while this runs and contains its process id: a second keeper exits immediately
# LOG   a file to which the program's output is appended
#
# The program is started again when it crashes. It is not started again when it exits with 0 (it was told to stop) or with 2 to
# 78 (it cannot run, for example because a port is in use or a setting is wrong). SIGTERM is passed on to it.
set -u
lock=$1 log=$2
shift 2

# Through its diagnostic socket, every process of the same user could read .NET's memory or run code in it. To attach a debugger,
# start Portico with DOTNET_EnableDiagnostics=1.
export DOTNET_EnableDiagnostics="${DOTNET_EnableDiagnostics:-0}"

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
  # A signal ends the first wait. The program then finishes its work.
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
  # The first restart is immediate. Further ones are delayed more and more, unless the program had been running well for a while.
  [ $(($(date +%s) - started)) -lt 10 ] || pause=0
  [ -n "$stopping" ] || sleep "$pause"
  [ "$pause" -ge 5 ] || pause=$((pause + 1))
done
