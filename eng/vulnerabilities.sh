#!/bin/sh
# Reports known vulnerabilities of all packages that Portico uses, including indirect ones. It always succeeds, whatever it finds,
# and also if the source of advisories cannot be reached.
set -eu
root=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=eng/machine.sh
. "$root/eng/machine.sh"
machine_dotnet
cd "$root"
echo 'Checking all packages for known vulnerabilities …'
if ! report=$(timeout -k 5 "${PORTICO_VULNERABILITIES_TIMEOUT:-180}" \
    dotnet list Portico.slnx package --vulnerable --include-transitive </dev/null 2>&1); then
    echo 'WARNING: The packages were not checked, because the source of advisories did not respond:'
    printf '%s\n' "$report" | grep -E 'error|warn' | sort -u | head -n 5 | sed 's/^/  /'
    exit 0
fi
found=$(printf '%s\n' "$report" | sed -n 's/^ *> //p' | sort -u)
if [ -z "$found" ]; then
    echo 'No known vulnerabilities.'
    exit 0
fi
echo '################ VULNERABLE PACKAGES ################'
printf '%s\n' "$found"
echo '#####################################################'
