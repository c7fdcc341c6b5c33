#!/usr/bin/env bash
# Installs what notebooks need below target/notebooks: Jupyter (by pip, in an environment of its own) and the Java kernel (from
# Maven Central). Needs a python3 with venv, and what the build needs.
#
#   notebooks/setup.sh            to run them by notebooks/run.sh
#   notebooks/setup.sh jupyterlab and to work with them: target/notebooks/venv/bin/jupyter lab
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
home=$root/target/notebooks
kernel=io.github.padreati:rapaio-jupyter-kernel:3.0.1

mkdir -p "$home"
[[ -x $home/venv/bin/python ]] || python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet --disable-pip-version-check nbconvert nbclient jupyter-client "$@"
# shellcheck disable=SC2086 # several arguments in one variable, on purpose
mvn -q -B ${PEREGRINE_MAVEN:-} -f "$root/pom.xml" -N org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
    "-Dartifact=$kernel" "-DoutputDirectory=$home" -Dmdep.stripVersion=true

spec=$home/venv/share/jupyter/kernels/peregrine
mkdir -p "$spec"
cat >"$spec/kernel.json" <<JSON
{
  "argv": ["$root/notebooks/kernel/run.sh", "{connection_file}"],
  "display_name": "Java (Peregrine)",
  "language": "java",
  "interrupt_mode": "message"
}
JSON
printf '%s\n' "notebooks: ready; run them with notebooks/run.sh"
