#!/usr/bin/env bash
# Runs the tests of single operations on a GPU under NVIDIA's compute-sanitizer:
#
#   gpu-trainer/src/test/cuda/sanitize.sh [TOOL ...]
#
# TOOL is memcheck, racecheck, initcheck or synccheck; without one, memcheck and then racecheck. Ends with 0 if no tool found
# an error and every test passed. What was found is in gpu-trainer/target/sanitizer/TOOL.log. On an H200 memcheck takes some
# minutes and racecheck the better part of an hour; SANITIZED_TESTS takes a part, for several processes at a time.
#
#   CUDA_HOME                   the toolkit (default: /usr/local/cuda), where compute-sanitizer is not on the PATH
#   SANITIZED_TESTS             names of test classes, or CLASS#METHOD, in place of those below
#   PEREGRINE_TEST_CLASSPATH    compiled classes and jars, on a host without Maven
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." # the repository

tools=("$@")
if ((${#tools[@]} == 0)); then tools=(memcheck racecheck); fi
for tool in "${tools[@]}"; do
    case $tool in memcheck | racecheck | initcheck | synccheck) ;; *)
        echo "sanitize.sh: $tool is no tool; name memcheck, racecheck, initcheck or synccheck" >&2
        exit 2
        ;;
    esac
done

sanitizer=
for candidate in "$(command -v compute-sanitizer || true)" "${CUDA_HOME:-/usr/local/cuda}/bin/compute-sanitizer"; do
    if [[ -x $candidate ]]; then sanitizer=$candidate; break; fi
done
if [[ -z $sanitizer ]]; then
    echo "sanitize.sh: no compute-sanitizer found; it is part of the CUDA 13.0 toolkit: install that, or set CUDA_HOME" >&2
    exit 1
fi

classpath=${PEREGRINE_TEST_CLASSPATH:-}
if [[ -z $classpath ]]; then
    list=$PWD/gpu-trainer/target/test.classpath
    mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test -pl gpu-trainer -am
    classpath=gpu-trainer/target/test-classes:gpu-trainer/target/classes:$(<"$list")
fi

ops=io.peregrine.trainer.ops
# shellcheck disable=SC2206 # the names are several words
tests=(${SANITIZED_TESTS:-$ops.CudaOpsTest $ops.CudaDecodeTest})

logs=gpu-trainer/target/sanitizer
mkdir -p "$logs"
failed=0
for tool in "${tools[@]}"; do
    options=(--tool "$tool" --target-processes all --error-exitcode 9 --print-limit 100)
    # Calls of CUDA that fail are no finding: the library tells each, and a test breaks a recording to see that.
    if [[ $tool == memcheck ]]; then options+=(--report-api-errors no); fi
    # racecheck takes reads behind a bulk copy for races, which the copy's barrier orders: it is not shown what streams weights
    shown=("${tests[@]}")
    if [[ -z ${SANITIZED_TESTS:-} && $tool != racecheck ]]; then shown+=("$ops.CudaFlowTest"); fi
    echo "== $tool"
    status=0
    "$sanitizer" "${options[@]}" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$classpath" \
        io.peregrine.trainer.testing.TestClasses "${shown[@]}" >"$logs/$tool.log" 2>&1 || status=$?
    # its own last lines and the tests', whatever the exit status says
    grep -E 'SUMMARY|^[0-9]+ tests' "$logs/$tool.log" || true
    if ((status != 0)) || ! grep -q 'SUMMARY' "$logs/$tool.log" ||
        grep 'SUMMARY' "$logs/$tool.log" | grep -qvE 'SUMMARY: 0 '; then
        echo "sanitize.sh: $tool ended with $status; see $logs/$tool.log" >&2
        failed=1
    fi
done
exit "$failed"
