#!/bin/sh
# Compiles assemblies to native code (ReadyToRun), so that the executables start in half the time.
#
#   precompile.sh CROSSGEN IMAGES packages LIST      compiles the assemblies in the file LIST, which names one per line
#   precompile.sh CROSSGEN IMAGES replace FOLDER     compiles the assemblies in FOLDER/*/ and replaces them with the results
#
# IMAGES stores each result under the hash of its assembly, so an assembly is compiled once for all executables and builds.
# The SDK would compile an assembly again for each executable, start when everything else is done, and download 170 MB of
# reference assemblies that the installed runtime already has.
set -eu
crossgen=$1 images=$2

image_of() { echo "$images/$(sha256sum <"$1" | cut -d ' ' -f 1).dll"; }

# compile REFERENCES ASSEMBLY: REFERENCES is an option for crossgen2. A finished image appears by rename.
compile() {
    image=$(image_of "$2")
    if [ ! -e "$image" ] && ! output=$("$crossgen" "$2" -o:"$image.$$" "$1" "@$images/options" 2>&1); then
        case $output in
            *'already compiled'*) cp "$2" "$image.$$" ;;
            *)
                echo "error PRECOMPILE: $2: $output"
                exit 1
                ;;
        esac
    fi
    [ ! -e "$image.$$" ] || mv "$image.$$" "$image"
    touch "$image" # it is in use
}

# compile_all REFERENCES: compiles the assemblies that standard input names, the largest first, so that all end at about the same time.
compile_all() {
    tr '\n' '\0' | xargs -0 -r ls -S | tr '\n' '\0' | xargs -0 -r -n 1 -P "$(nproc)" sh "$0" "$crossgen" "$images" compile "$1"
}

newest() { printf '%s\n' "$1"/10.* | sort -V | tail -n 1; }

write_options() {
    mkdir -p "$images"
    case $(uname -m) in aarch64) architecture=arm64 ;; *) architecture=x64 ;; esac
    printf '%s\n' "-r:$(newest "$DOTNET_ROOT/shared/Microsoft.NETCore.App")/*.dll" \
        "-r:$(newest "$DOTNET_ROOT/shared/Microsoft.AspNetCore.App")/*.dll" \
        --targetos:linux --targetarch:$architecture -O >"$images/options"
}

case $3 in
    compile) compile "$4" "$5" ;;
    packages)
        write_options
        sed 's/^/-r:/' "$4" >"$images/packages"
        compile_all "@$images/packages" <"$4"
        ;;
    replace)
        for folder in "$4"/*/; do printf '%s\n' "$folder"*.dll | compile_all "-r:$folder*.dll"; done
        for file in "$4"/*/*.dll; do cp "$(image_of "$file")" "$file"; done
        find "$images" -name '*.dll*' ! -newer "$4/stamp" -delete # of earlier builds
        ;;
esac
