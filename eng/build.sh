# shellcheck shell=sh disable=SC2030,SC2031
# Builds the three executables when their sources changed. Sourced by ./portico; POSIX sh.
#
#   artifacts/run/current -> builds/<time>     replaced by rename, so a running server keeps its own files
#   artifacts/run/builds/<time>/{cli,server,edge,dashboard}/
#   artifacts/run/dashboard/{packages,built}/<digest>   npm packages by their lock file, and built pages by their sources

# build_up_to_date ROOT: succeeds if nothing that a build uses is newer than the last build.
build_up_to_date() { build_unchanged "$1" "$1/artifacts/run/current/stamp" "$1/src" "$1/eng"; }

# build_unchanged ROOT STAMP PATH…: succeeds if neither these paths nor the settings of all builds are newer than the file STAMP.
# Directories count too, because files can be deleted.
build_unchanged() {
    top=$1 stamp=$2
    [ -e "$stamp" ] || return 1
    shift 2
    changed=$(find "$@" "$top/Directory.Build.props" "$top/Directory.Packages.props" "$top/global.json" \
        -newer "$stamp" -print -quit)
    [ -z "$changed" ]
}

# build_test NAME: builds a test project if something changed that it could use. Call it in the repository's root.
build_test() {
    built=artifacts/bin/$1/built
    if [ -x "artifacts/bin/$1/debug/$1" ] && build_unchanged . "$built" src tests .editorconfig BannedSymbols.txt; then return 0; fi
    mkdir -p "artifacts/bin/$1"
    rm -f "$built"
    touch "$built.next" # as old as what is compiled
    build_with_compiler msbuild "tests/$1" -restore -m -v:q -nologo && mv "$built.next" "$built"
}

# build_if_needed ROOT: builds if necessary. Only one build runs at a time; after waiting, the condition is checked again.
build_if_needed() {
    if build_up_to_date "$1"; then return 0; fi
    mkdir -p "$1/artifacts/run/builds" || return 1
    (
        flock 9
        build_up_to_date "$1" || build_now "$1"
    ) 9>"$1/artifacts/run/lock"
}

build_now() {
    run=$1/artifacts/run
    target=$run/builds/$(date +%Y%m%d-%H%M%S)-$$
    log=$run/build.log
    mkdir -p "$target"
    touch "$target/stamp"
    : >"$log"
    build_show_progress "$log" &
    progress=$!
    build_dashboard "$1" >"$run/dashboard.log" 2>&1 &
    pages=$!
    # Precompiled code halves the start time, but needs a compiler package that an offline machine may not have.
    if build_publish "$1" "$target" true >"$log" 2>&1 ||
        { ! grep -q 'error CS' "$log" && build_publish "$1" "$target" false >>"$log" 2>&1; }; then
        if wait "$pages"; then build_dashboard_copy "$1" "$target"; fi # without its pages, everything else works
        ln -sfn "builds/${target##*/}" "$run/next"
        mv -T "$run/next" "$run/current"
        build_remove_old "$run"
        echo 'phase: done' >>"$log"
        wait "$progress"
    else
        wait "$pages" || true
        rm -rf "$target"
        echo 'phase: failed' >>"$log"
        wait "$progress"
        machine_say "From $log:"
        problems=$(grep -E '(error|warning) [A-Z]+[0-9]*' "$log" | sed -e 's/ \[[^]]*\]$//' -e "s|^ *$1/||" -e 's/^.*\.csproj : //' | sort -u | head -n 20)
        if [ -n "$problems" ]; then machine_say "$problems"; else tail -n 20 "$log" >&2; fi
        return 1
    fi
}

# build_dashboard ROOT: builds the pages of the dashboard, unless the same sources have been built.
build_dashboard() (
    exec 9>&-
    sources=$1/src/Portico.Dashboard work=$1/artifacts/run/dashboard
    machine_has npm || return 1
    built=$work/built/$(cd "$sources" && find . -type f -not -path './node_modules/*' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c 1-32)
    packages=$work/packages/$(sha256sum <"$sources/package-lock.json" | cut -c 1-32)
    if [ ! -e "$built/manifest.json" ]; then
        build_dashboard_packages "$sources" "$packages" || return 1
        # Below the packages, where node finds them.
        rm -rf "$packages/source" "$work/built"
        mkdir -p "$work/built"
        cp -R "$sources" "$packages/source"
        rm -rf "$packages/source/node_modules"
        node "$packages/source/build.mjs" "$built" || return 1
    fi
)

# build_dashboard_copy ROOT TARGET: puts the pages that were built last beside the executables in TARGET.
build_dashboard_copy() {
    rm -rf "$2/dashboard.next"
    cp -R "$1/artifacts/run/dashboard/built"/* "$2/dashboard.next"
    mv -T "$2/dashboard.next" "$2/dashboard"
}

# Only what the build needs is installed, and no package runs a script.
build_dashboard_packages() {
    [ ! -e "$2/complete" ] || return 0
    rm -rf "$(dirname "$2")"
    mkdir -p "$2"
    cp "$1/package.json" "$1/package-lock.json" "$2/"
    (cd "$2" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund) && touch "$2/complete"
}

# build_dashboard_if_missing ROOT: builds the pages if the last build had no npm.
build_dashboard_if_missing() {
    if [ -e "$1/artifacts/run/current/dashboard/manifest.json" ] || ! machine_has npm; then return 0; fi
    (
        flock 9
        build_dashboard "$1" && build_dashboard_copy "$1" "$(readlink -f "$1/artifacts/run/current")"
    ) 9>"$1/artifacts/run/lock" >"$1/artifacts/run/dashboard.log" 2>&1 ||
        machine_say "The dashboard could not be built; everything else works. See artifacts/run/dashboard.log."
}

# build_show_progress LOG: prints the last phase that LOG names, and how long the build has been running, until it ends.
# On a terminal, the line is rewritten in place. Otherwise each phase gets a line.
build_show_progress() (
    exec 9>&-
    began=$(date +%s) phase=restoring shown=
    while kill -0 $$ 2>/dev/null; do
        phase=$(sed -n 's/^ *phase: //p' "$1" | tail -n 1)
        text="Building Portico … ${phase:=restoring} ($(($(date +%s) - began)) s)"
        if [ -t 2 ]; then
            printf '\r%s\033[K' "$text" >&2
        elif [ "$phase" != "$shown" ]; then
            machine_say "$text"
        fi
        shown=$phase
        case $phase in
            done | failed) break ;;
        esac
        sleep 0.2
    done
    if [ -t 2 ]; then echo >&2; fi
)

# build_publish ROOT TARGET PRECOMPILE
build_publish() (
    # Only people who change the code need the analyzers. Without them, the build takes half the time. Those for AOT compilation
    # would also download 170 MB of runtime that is already installed.
    set -- "$@" -p:RunAnalyzers=false -p:IsAotCompatible=false
    case $(uname -sm) in
        'Linux x86_64') set -- "$@" -p:RuntimeIdentifier=linux-x64 -p:Precompile="$3" ;;
        'Linux aarch64') set -- "$@" -p:RuntimeIdentifier=linux-arm64 -p:Precompile="$3" ;;
    esac
    source=$1 out=$2
    shift 3
    build_with_compiler msbuild "$source/eng/run.proj" -restore -m -nologo -v:m \
        -p:Configuration=Release -p:SelfContained=false -p:RestoreLockedMode=false \
        -p:CustomAfterMicrosoftCommonTargets="$source/eng/run.targets" \
        -p:ArtifactsPath="$source/artifacts/run/obj" -p:PublishRoot="$out" "$@"
)

# Runs dotnet with its own compiler server, and stops that afterwards. It is four times as fast as without, and no process remains.
# In processes that live for a minute, profiling code to optimize it later costs more than it gains.
build_with_compiler() (
    export DOTNET_TieredPGO=0
    id=portico-$$-$(date +%s%N)
    dotnet "$@" -nodeReuse:false -p:UseSharedCompilation=true -p:SharedCompilationId="$id" </dev/null 9>&- || result=$?
    for compiler in "$DOTNET_ROOT"/sdk/10.*/Roslyn/bincore/VBCSCompiler.dll; do
        dotnet "$compiler" -shutdown "-pipename:$id" </dev/null >/dev/null 2>&1 9>&- || true
    done
    exit "${result:-0}"
)

# Keeps builds that a process still runs from: a server of an older build keeps running until it is restarted.
build_remove_old() {
    in_use=$(readlink /proc/[0-9]*/exe "$1/current" 2>/dev/null) || true # processes end while we look
    for old in "$1"/builds/*; do
        case $in_use in
            *"/${old##*/}/"* | *"/${old##*/}") ;;
            *) rm -rf "$old" ;;
        esac
    done
}
