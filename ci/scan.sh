#!/bin/sh
# For any other CI: installs alexandria-scan into a folder of its own, scans, and leaves the reports in reports/.
# The exit status is the verdict: 0 clean, 1 findings, 2 wrong use, 3 something could not be read.
#
#   PACKAGE="git+https://github.com/OWNER/alexandria-scan@v0.1.0" sh ci/scan.sh modules environments/production
set -eu
python3 -m venv .alexandria-scan
.alexandria-scan/bin/python -m pip install --quiet --disable-pip-version-check "${PACKAGE:-alexandria-scan}"
mkdir -p reports
exec .alexandria-scan/bin/alexandria-scan scan --fail-on "${FAIL_ON:-low}" \
  --output json=reports/alexandria-scan.json \
  --output junit=reports/alexandria-scan.xml \
  --output markdown=reports/alexandria-scan.md \
  -- "$@"
