# shellcheck shell=sh
# Shared by the benchmarks: a separate platform with a copy of the guestbook, which is removed at the end. POSIX sh.

bench_root=$(dirname "$(readlink -f "$0")")/..

bench_begin() {
    bench_isolate
    "$bench_root/portico" --version >/dev/null # builds, if needed
}

# Creates a separate platform with nothing built. The folder is not private, because the account that builds run as must enter it.
bench_isolate() {
    bench_folder=$(mktemp -d "${TMPDIR:-/tmp}/portico-bench.XXXXXX")
    chmod 755 "$bench_folder"
    cp -r "$bench_root/examples/guestbook" "$bench_folder/app"
    rm -rf "$bench_folder"/app/*/node_modules "$bench_folder"/app/*/dist
    mkdir -m 1777 "$bench_folder/npm"
    npm_config_cache=$bench_folder/npm
    PORTICO_HTTP_PORT=$(bench_free_port)
    PORTICO_HOME=$bench_folder/home
    export npm_config_cache PORTICO_HTTP_PORT PORTICO_HOME
    trap bench_end EXIT
    trap 'exit 130' INT TERM HUP
}

bench_end() {
    portico down >/dev/null 2>&1 || true
    rm -rf "$bench_folder"
}

portico() { "$bench_root/portico" "$@"; }

# /proc/net/tcp contains ports in hexadecimal. State 0A means listening.
bench_free_port() {
    port=$((20000 + $$ % 10000))
    while grep -qs "$(printf ':%04X .* 0A ' "$port")" /proc/net/tcp /proc/net/tcp6; do port=$((port + 1)); done
    echo "$port"
}

# Prints the folders in /proc of this platform's server and edge, which are identified by their executable and their home.
bench_processes() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/exe" 2>/dev/null) in
            */portico-server | */portico-edge)
                if tr '\0' '\n' <"$process/environ" 2>/dev/null | grep -qxF "PORTICO_HOME=$PORTICO_HOME"; then echo "$process"; fi
                ;;
        esac
    done
}

# Prints the folder of the server alone.
bench_server() {
    for process in $(bench_processes); do
        case $(readlink "$process/exe" 2>/dev/null) in */portico-server) echo "$process" ;; esac
    done
}

# bench_time COMMAND…: prints how many seconds it took. Its output is shown if it fails.
bench_time() {
    start=$(date +%s%N)
    if ! "$@" >"$bench_folder/output" 2>&1; then
        cat "$bench_folder/output" >&2
        return 1
    fi
    end=$(date +%s%N)
    awk -v ns=$((end - start)) 'BEGIN { printf "%.2f\n", ns / 1e9 }'
}

# Prints the median of the numbers on standard input, one per line.
bench_median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# bench_report NAME MEDIAN UNIT BAR RUNS…: prints one line. BAR is the limit, or - for none. Fails if the limit is exceeded.
bench_report() {
    name=$1 median=$2 unit=$3 bar=$4
    shift 4
    verdict=ok text=
    if [ "$bar" != - ]; then
        text=" (bar $bar $unit)"
        awk -v m="$median" -v b="$bar" 'BEGIN { exit !(m < b) }' || verdict=MISSED
    fi
    printf '%-8s%-24s%8s %s%s   %s\n' "$verdict" "$name" "$median" "$unit" "$text" "$*"
    [ "$verdict" = ok ]
}
