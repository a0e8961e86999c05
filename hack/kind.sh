#!/usr/bin/env bash
# Runs the end-to-end suite on real clusters: makes two with kind, east and west, runs the image in east under the rights
# that deploy/rbac.yaml grants in both, and points the suite at it. Removes everything at the end; KEEP=1 leaves it.
# Needs docker, kind, kubectl, openssl, Go and make.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly east=k8cache-east west=k8cache-west image=k8cache:e2e
for tool in docker kind kubectl openssl go make; do
  command -v "$tool" >/dev/null || { echo "kind.sh: $tool is missing" >&2; exit 1; }
done

work=$(mktemp -d)
export KUBECONFIG=$work/admin.yaml

clean_up() {
  if [[ -n "${KEEP:-}" ]]; then
    echo "kind.sh: kept clusters $east and $west, kubeconfig $KUBECONFIG"
    return
  fi
  kind delete cluster --name "$east" || true
  kind delete cluster --name "$west" || true
  rm -rf "$work"
}
trap clean_up EXIT

on() { kubectl --context "kind-$1" "${@:2}"; }

# grant CLUSTER: gives k8cache's service account its rights there, and puts it into k8cache's own kubeconfig.
grant() {
  local cluster=$1 inside="$work/inside.yaml" token
  on "$cluster" apply -f deploy/namespace.yaml -f deploy/rbac.yaml
  token=$(on "$cluster" create token k8cache --namespace k8cache --duration=8h)
  on "$cluster" config view --raw --minify --flatten -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' |
    base64 --decode >"$work/$cluster.crt"
  kubectl config --kubeconfig "$inside" set-cluster "$cluster" \
    --server="https://$cluster-control-plane:6443" --certificate-authority="$work/$cluster.crt" --embed-certs
  kubectl config --kubeconfig "$inside" set-credentials "$cluster" --token="$token" >/dev/null
  kubectl config --kubeconfig "$inside" set-context "kind-$cluster" --cluster="$cluster" --user="$cluster"
}

# secrets makes what the overlay mounts.
secrets() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 1 -subj /CN=k8cache \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/tls.key" -out "$work/tls.crt"
  on "$east" --namespace k8cache create secret tls k8cache-tls --cert="$work/tls.crt" --key="$work/tls.key"
  on "$east" --namespace k8cache create secret generic k8cache-clusters --from-file=kubeconfig="$work/inside.yaml"
}

deploy() {
  on "$east" apply -k hack/kind
  if ! on "$east" --namespace k8cache rollout status deployment/k8cache --timeout=5m; then
    on "$east" --namespace k8cache describe pods
    on "$east" --namespace k8cache logs deployment/k8cache --tail=100
    return 1
  fi
}

make image IMAGE="$image"
kind create cluster --name "$east" --config hack/kind/cluster.yaml --wait 5m
kind create cluster --name "$west" --wait 5m
kind load docker-image "$image" --name "$east"
grant "$east"
grant "$west"
secrets
deploy

kubectl config use-context "kind-$east"
export K8CACHE_WEST=kind-$west K8CACHE_URL=https://127.0.0.1:30443 K8CACHE_CA_FILE=$work/tls.crt
make e2e
