# shellcheck shell=sh disable=SC2030,SC2031
# Prepares a Debian or Ubuntu machine. Sourced by ./portico and ./test. Everything here is POSIX sh.
#
#   machine_dotnet               finds the .NET 10 SDK, or prints how to install it
#   machine_prepare USE          installs missing packages as root, or prints the command that does; see machine_needs

# Prints a message. On a terminal, it replaces the line that shows the progress of a build.
machine_say() {
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
    printf '%s\n' "$*" >&2
}

# Sets DOTNET_ROOT, and adds its `dotnet` to PATH.
machine_dotnet() {
    for candidate in "$(command -v dotnet)" "${DOTNET_ROOT:-}/dotnet" "${HOME:-}/.dotnet/dotnet" \
        /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
        [ -x "$candidate" ] || continue
        sdk_root=$(dirname "$(readlink -f "$candidate")")
        for sdk in "$sdk_root"/sdk/10.*; do
            [ -d "$sdk" ] || continue
            DOTNET_ROOT=$sdk_root
            machine_has dotnet || PATH=$sdk_root:$PATH
            # Without the Unicode library, .NET starts only if it is told to do without it.
            if ! ls /usr/lib/*/libicuuc.so.* /usr/lib/libicuuc.so.* >/dev/null 2>&1; then
                export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
            fi
            export DOTNET_ROOT PATH DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
            return 0
        done
    done
    machine_say "Portico needs the .NET 10 SDK, which is not installed." \
        "Install it from https://dotnet.microsoft.com/download/dotnet/10.0 (or with apt, where your" \
        "distribution has it: apt-get install dotnet-sdk-10.0), then run this command again."
    return 1
}

machine_has() { command -v "$1" >/dev/null 2>&1; }

# Prints the path of a program that services can run: they do not see what is installed in somebody's home.
machine_for_services() { (PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin && command -v "$1"); }

machine_has_for_services() { machine_for_services "$1" >/dev/null 2>&1; }

machine_has_postgres() {
    for server in /usr/lib/postgresql/*/bin/postgres; do
        [ -x "$server" ] && return 0
    done
    machine_has postgres
}

# Debian's Python lacks the module that creates virtual environments. Other builds of Python have it.
machine_has_python_environments() {
    case $(machine_for_services python3) in
        '' | /usr/bin/python3 | /bin/python3) ls /usr/lib/python3.*/ensurepip/__main__.py >/dev/null 2>&1 ;;
    esac
}

machine_has_sshd() { machine_has sshd || [ -x /usr/sbin/sshd ]; }

machine_has_browser() { machine_has chromium || machine_has chromium-browser || machine_has google-chrome; }

# Prints what each use needs in addition to .NET. `run` is ./portico, `test` is all tests, and a name is that of a test project.
machine_needs() {
    platform='ca-certificates git bubblewrap openssh-server perl-base postgresql key-value nodejs npm python3 python3-venv'
    # Only root can give services a private network.
    if [ "$(id -u)" = 0 ]; then platform="$platform nftables iproute2"; fi
    case $1 in
        run) echo "$platform" ;;
        test | Portico.EndToEnd) echo "$platform git-lfs chromium fonts python3-pip ruby golang-go cargo elixir python3-poetry docker.io" ;;
        Portico.ControlPlane.Tests) echo git git-lfs openssh-server bubblewrap perl-base key-value nodejs ;;
        Portico.RenderApi.Tests) echo git openssh-server bubblewrap perl-base ;;
        Portico.Cli.Tests) echo git ;;
        Portico.Engines.Process.Tests) echo git bubblewrap perl-base nodejs npm python3 python3-venv python3-pip nftables iproute2 ruby golang-go cargo elixir python3-poetry docker.io ;;
        Portico.Postgres.Tests) echo postgresql ;;
    esac
}

# Prints the missing packages. It only checks files, because it runs before every `up`.
machine_missing() {
    for need in $(machine_needs "$1"); do
        case $need in
            ca-certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates ;;
            postgresql) machine_has_postgres || echo postgresql ;;
            key-value) machine_has valkey-server || machine_has redis-server || machine_key_value_package ;;
            bubblewrap) machine_has bwrap || echo bubblewrap ;;
            nodejs) machine_has_for_services node || echo nodejs ;;
            python3-venv) machine_has_python_environments || echo python3-venv ;;
            python3-pip) machine_has_for_services pip3 || echo python3-pip ;;
            nftables) machine_has nft || [ -x /usr/sbin/nft ] || echo nftables ;;
            iproute2) machine_has ip || echo iproute2 ;;
            golang-go) machine_has_for_services go || echo golang-go ;;
            python3-poetry) machine_has_for_services poetry || echo python3-poetry ;;
            docker.io) [ -x /usr/sbin/dockerd ] || echo docker.io ;; # a network beside it
            perl-base) machine_has perl || echo perl-base ;;
            openssh-server) machine_has_sshd || echo openssh-server ;;
            chromium) machine_has_browser || echo chromium ;;
            fonts) [ -d /usr/share/fonts/truetype ] || echo fonts-dejavu-core ;; # without fonts, a browser draws no text
            npm | python3 | ruby | cargo | elixir) machine_has_for_services "$need" || echo "$need" ;;
            *) machine_has "$need" || echo "$need" ;;
        esac
    done
}

machine_key_value_package() {
    if apt-cache show valkey-server >/dev/null 2>&1; then echo valkey-server; else echo redis-server; fi
}

machine_prepare() {
    missing=$(machine_missing "$1" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if ! machine_has apt-get; then
        machine_say "Missing on this machine: ${missing}(names of Debian packages). Features that need them do not work until you install them."
    elif [ "$(id -u)" != 0 ]; then
        machine_say "Packages are missing on this machine. Install them with:" "  sudo apt-get install -y --no-install-recommends $missing"
    else
        machine_install "$1" || true # it has said why
        missing=$(machine_missing "$1" | tr '\n' ' ')
    fi
    # Portico reads sources with git, so nothing works without it. If another package is missing, only the features that use it fail.
    case " $missing" in *' git '*) return 1 ;; esac
}

# Only one installation runs at a time. After waiting, the missing packages are determined again.
machine_install() (
    mkdir -p /run/lock
    exec 9>/run/lock/portico-machine.lock
    flock 9
    log=$(mktemp "${TMPDIR:-/tmp}/portico-prepare.XXXXXX.log")
    trap machine_restore EXIT
    trap 'exit 130' INT TERM HUP
    apt-cache show git >/dev/null 2>&1 || machine_apt update || true
    # shellcheck disable=SC2046 # package names, one word each
    set -- $(machine_missing "$1")
    [ $# -gt 0 ] || exit 0
    machine_say "Preparing this machine: installing $*"
    machine_quiet_services
    if machine_apt install "$@" || { machine_apt update && machine_apt install "$@"; }; then
        machine_keep_services_off "$@"
        rm -f "$log"
    else
        machine_say "The installation failed. The end of $log:"
        tail -n 15 "$log" >&2
        exit 1
    fi
)

machine_apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Options::=--force-confold "$@" </dev/null >>"$log" 2>&1 9>&-
}

# Portico runs its own PostgreSQL, Key Value and SSH servers, so the packages must not start theirs. The policy applies only while
# this process is running, even if it is killed before it removes the policy.
machine_policy=/usr/sbin/policy-rc.d
machine_cluster_conf=/etc/postgresql-common/createcluster.d/portico.conf
machine_quiet_services() {
    mkdir -p "$(dirname "$machine_cluster_conf")"
    echo 'create_main_cluster = false' >"$machine_cluster_conf"
    if [ -e "$machine_policy" ] && ! grep -q portico "$machine_policy"; then
        mv "$machine_policy" "$machine_policy.before-portico"
    fi
    cat >"$machine_policy" <<EOF
#!/bin/sh
# Written by portico while it installs packages.
kill -0 $$ 2>/dev/null && exit 101
[ ! -x $machine_policy.before-portico ] || exec $machine_policy.before-portico "\$@"
EOF
    chmod 755 "$machine_policy"
}

machine_restore() {
    if grep -qs portico "$machine_policy"; then rm -f "$machine_policy"; fi
    if [ -e "$machine_policy.before-portico" ]; then mv "$machine_policy.before-portico" "$machine_policy"; fi
    rm -f "$machine_cluster_conf"
}

machine_keep_service_off() {
    update-rc.d "$1" disable >>"$log" 2>&1 || true
    machine_has systemctl || return 0
    for unit in "$1.service" "$1.socket"; do systemctl --quiet disable "$unit" >>"$log" 2>&1 || true; done
}

# They must not start at the next boot either.
machine_keep_services_off() {
    for package in "$@"; do
        case $package in
            valkey-server | redis-server) machine_keep_service_off "$package" ;;
            openssh-server) machine_keep_service_off ssh ;;
        esac
    done
}
