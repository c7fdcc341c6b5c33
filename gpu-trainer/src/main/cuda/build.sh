#!/usr/bin/env bash
# Compiles the kernels into one shared library; called by Maven, or by hand:
#
#   build.sh OBJECTS LIBRARY JAVA_HOME
#
# OBJECTS keeps the object files, which are made anew when a source, a header, the compiler or an option has changed.
# Without nvcc nothing is made and an earlier LIBRARY is removed: the build then has no cuda backend, and says so here.
#
#   CUDA_HOME                 the toolkit, where nvcc is neither on the PATH nor in /usr/local/cuda
#   PEREGRINE_CUDA_TARGETS    nvcc's -gencode options, for example for one kind of card while developing
set -euo pipefail
objects=$1 library=$2 java_home=$3
cd "$(dirname "${BASH_SOURCE[0]}")"

nvcc=
for candidate in ${CUDA_HOME:+"$CUDA_HOME/bin/nvcc"} "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc; do
    if [[ -x $candidate ]]; then nvcc=$candidate; break; fi
done
if [[ -z $nvcc ]]; then
    rm -f "$library"
    echo "cuda: no nvcc found, so this build has no cuda backend (install the CUDA 13.0 toolkit, or set CUDA_HOME)"
    exit 0
fi

# machine code for Hopper, whose own instructions portable code lacks, and portable code for every card since Ampere
targets=${PEREGRINE_CUDA_TARGETS:-"-gencode arch=compute_90a,code=sm_90a -gencode arch=compute_80,code=compute_80"}
# shellcheck disable=SC2206 # the targets are several words
options=(-O3 -std=c++17 -lineinfo --cudart static -Xcompiler -fPIC,-fvisibility=hidden $targets
    -I "$java_home/include" -I "$java_home/include/linux")

mkdir -p "$objects" "$(dirname "$library")"
common=$(cat ./*.cuh <("$nvcc" --version) <(echo "${options[@]}") | sha256sum)
compile() {
    local source=$1 object=$objects/${1%.cu}.o stamp
    stamp=$(sha256sum <<<"$common $(sha256sum <"$source")")
    if [[ -s $object && -s $object.stamp && $(cat "$object.stamp") == "$stamp" ]]; then return; fi
    rm -f "$object.stamp"
    echo "cuda: compiling $source"
    "$nvcc" "${options[@]}" -c "$source" -o "$object"
    echo "$stamp" >"$object.stamp"
    touch "$objects/changed"
}

running=0 failed=0
for source in *.cu; do
    compile "$source" &
    if ((++running >= $(nproc))); then
        wait -n || failed=1
        running=$((running - 1))
    fi
done
while ((running-- > 0)); do wait -n || failed=1; done
if ((failed)); then exit 1; fi

# objects of sources that are gone
for object in "$objects"/*.o; do
    name=$(basename "$object" .o)
    if [[ ! -e $name.cu ]]; then rm -f "$object" "$object.stamp"; touch "$objects/changed"; fi
done

# Of libstdc++ only what is called, and for nobody else: the rest would ask for the glibc of the machine that builds. The
# unwinder, which does so too, is the system's libgcc_s, as it is for Java's own libraries.
link=(--shared --cudart static -Xcompiler -static-libstdc++ -Xlinker "--exclude-libs,ALL,--gc-sections" -ldl)
linked=$objects/linked # what the library was last linked with
if [[ -e $objects/changed || ! -s $library || $(cat "$linked" 2>/dev/null) != "${link[*]}" ]]; then
    "$nvcc" "$objects"/*.o "${link[@]}" -o "$library.partial"
    mv "$library.partial" "$library"
    echo "${link[*]}" >"$linked"
    rm -f "$objects/changed"
    echo "cuda: linked $(basename "$library"), $(($(stat -c %s "$library") / 1024)) KiB"
fi
