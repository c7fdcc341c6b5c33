#!/usr/bin/env bash
# Starts the notebooks' Java kernel: run.sh CONNECTION_FILE. Jupyter calls it, by the kernel.json that setup.sh wrote.
#
# Paths in a notebook are relative to the project's folder, wherever the notebook was started from.
#
#   PEREGRINE_CLASS_PATH  class path to see, in place of the modules as ./peregrine last built them
#   PEREGRINE_MEMORY      heap, such as 4g; without it 2g
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
kernel=$root/target/notebooks/rapaio-jupyter-kernel.jar
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

cd "$root"
if [[ -z ${PEREGRINE_CLASS_PATH:-} ]]; then
    ./peregrine --version >/dev/null # builds what is older than its sources
    PEREGRINE_CLASS_PATH=$(printf '%s:' gpu-trainer/target/gpu-trainer-[0-9]*.jar)$(<gpu-trainer/target/launcher.classpath)
fi
export RJK_CLASSPATH=${PEREGRINE_CLASS_PATH//:/;}
export RJK_TIMEOUT_MILLIS=-1
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
export LOG4J_CONFIGURATION_FILE=$root/conf/log4j2.properties PEREGRINE_LOG=${PEREGRINE_LOG:-$root/target/logs/notebook-$$.log}
export RUST_FLAVOR=cpu
mkdir -p target/logs
exec "$java" "-Xmx${PEREGRINE_MEMORY:-2g}" "@$root/conf/jvm.options" -Djava.awt.headless=true \
    -cp "$here:$kernel" org.rapaio.jupyter.kernel.MainApp "$1" \
    >"$root/target/logs/notebook-kernel.log" # it prints its class path, a line for every jar
