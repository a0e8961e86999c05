#!/usr/bin/env bash
# Puts Kubernetes' own end-to-end tests (e2e.test) and what runs them (ginkgo) into the folder named by $1, built from Go
# modules: about 4 minutes of 2 cores the first time, less where the control plane was built before. A second run does
# nothing.
set -euo pipefail

mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"
version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
stamp="$out/.version"

if [[ -x "$out/e2e.test" && -x "$out/ginkgo" && -f "$stamp" && "$(<"$stamp")" == "$version" ]]; then
  exit
fi

# The tests compare their own version with the server's.
IFS=. read -r major minor _ <<<"${version#v}"
flags="-s -w"
for pkg in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags+=" -X $pkg.gitVersion=$version -X $pkg.gitMajor=$major -X $pkg.gitMinor=$minor -X $pkg.gitTreeState=clean"
done

began=$SECONDS
echo "conformance: building e2e.test $version from Go modules ..."
CGO_ENABLED=0 go test -c -vet=off -trimpath -ldflags "$flags" -o "$out/e2e.test" k8s.io/kubernetes/test/e2e
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$out/ginkgo" github.com/onsi/ginkgo/v2/ginkgo
echo "$version" >"$stamp"
echo "conformance: built in $((SECONDS - began)) s"
