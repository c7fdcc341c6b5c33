#!/usr/bin/env bash
# Executes notebooks from their first cell to their last, and fails when a cell does.
#
#   notebooks/run.sh [NB.ipynb..]           in place: the outputs are stored with them; all of them if none is named
#   notebooks/run.sh --to DIR [NB.ipynb..]  into a folder: what is stored stays as it is
#
#   PEREGRINE_RUN  a run to look at, in place of the one that a notebook names
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
home=$here/../target/notebooks
jupyter=$home/venv/bin/jupyter
[[ -x $jupyter ]] || {
    printf '%s\n' "notebooks: no Jupyter at target/notebooks; notebooks/setup.sh installs it" >&2
    exit 2
}
to=$here
if [[ ${1:-} == --to ]]; then
    to=$2
    shift 2
fi
if [[ $# -eq 0 ]]; then set -- "$here"/*.ipynb; fi
for notebook in "$@"; do
    printf '%s\n' "notebooks: $(basename "$notebook")"
    "$jupyter" nbconvert --to notebook --execute --log-level WARN --ExecutePreprocessor.kernel_name=peregrine \
        --ExecutePreprocessor.startup_timeout=300 \
        --ExecutePreprocessor.timeout=600 --ExecutePreprocessor.record_timing=False --output-dir "$to" "$notebook"
    # The kernel can say HTML and not SVG; where notebooks are only read, such as GitHub, a picture is shown if it says what it is.
    "$home/venv/bin/python" - "$to/$(basename "$notebook")" <<'PYTHON'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    notebook = json.load(file)
for cell in notebook["cells"]:
    for output in cell.get("outputs", []):
        html = output.get("data", {}).get("text/html", [""])
        if html[0].startswith("<svg"):
            output["data"] = {"image/svg+xml": html}
    cell["metadata"] = {}
notebook["metadata"].pop("language_info", None)  # the JDK of whoever ran it
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(notebook, file, indent=1, ensure_ascii=False)
    file.write("\n")
PYTHON
done
