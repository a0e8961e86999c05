#!/usr/bin/env bash
# govulncheck.sh GOVULNCHECK MODULE...: looks each module up in the Go vulnerability database. Fails when code of ours
# reaches a known vulnerability. Where the database cannot be reached it says so, and passes: a closed network is no finding.
set -euo pipefail

govulncheck=$1
shift
for module in "$@"; do
  status=0
  report=$(cd "$module" && "$govulncheck" ./... 2>&1) || status=$?
  case $status in
    0) echo "govulncheck: $module: nothing that we reach" ;;
    3)
      printf '%s\n' "$report"
      exit 1
      ;;
    *)
      if [[ $report == *'fetching vulnerabilities: '* ]]; then
        echo "govulncheck: NOT CHECKED, the vulnerability database is out of reach here: ${report##*fetching vulnerabilities: }"
        exit 0
      fi
      printf '%s\n' "$report" >&2
      exit "$status"
      ;;
  esac
done
