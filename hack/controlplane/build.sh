#!/usr/bin/env bash
# Puts etcd, kube-apiserver, kube-controller-manager and kubectl into the folder named by $1: linked from
# $KUBEBUILDER_ASSETS where that has them, otherwise built from Go modules (about 10 minutes on 2 cores the first time).
# A second run does nothing; what is linked stays linked, until make clean.
set -euo pipefail

cd "$(dirname "$0")"
mkdir -p "$1"
out=$(cd "$1" && pwd)

kubernetes=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
etcd=$(go list -m -f '{{.Version}}' go.etcd.io/etcd/server/v3)

# ldflags names the version to the binaries: without it /version is a template, which clients and suites refuse.
ldflags() {
  local major minor pkg flags="-s -w"
  IFS=. read -r major minor _ <<<"${kubernetes#v}"
  for pkg in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $pkg.gitVersion=$kubernetes -X $pkg.gitMajor=$major -X $pkg.gitMinor=$minor -X $pkg.gitTreeState=clean"
  done
  echo "$flags"
}

# provide NAME VERSION PACKAGE: one binary, in place once it is whole; the stamp says which version it is.
provide() {
  local name=$1 version=$2 package=$3 began=$SECONDS
  local binary="$out/$name" stamp="$out/.$name.version"
  if [[ -n "${KUBEBUILDER_ASSETS:-}" && -x "$KUBEBUILDER_ASSETS/$name" ]]; then
    [[ "$KUBEBUILDER_ASSETS" -ef "$out" ]] && return
    ln -sfn "$(cd "$KUBEBUILDER_ASSETS" && pwd)/$name" "$binary"
    rm -f "$stamp"
    echo "controlplane: $name from KUBEBUILDER_ASSETS"
    return
  fi
  [[ -L "$binary" && -x "$binary" ]] && return
  if [[ -x "$binary" && -f "$stamp" && "$(<"$stamp")" == "$version" ]]; then
    return
  fi
  echo "controlplane: building $name $version from Go modules ..."
  rm -f "$binary" "$stamp"
  CGO_ENABLED=0 go build -trimpath -ldflags "$(ldflags)" -o "$binary.part" "$package"
  mv "$binary.part" "$binary"
  echo "$version" >"$stamp"
  echo "controlplane: built $name in $((SECONDS - began)) s"
}

provide etcd "$etcd" go.etcd.io/etcd/server/v3
provide kubectl "$kubernetes" k8s.io/kubernetes/cmd/kubectl
provide kube-apiserver "$kubernetes" k8s.io/kubernetes/cmd/kube-apiserver
provide kube-controller-manager "$kubernetes" k8s.io/kubernetes/cmd/kube-controller-manager
