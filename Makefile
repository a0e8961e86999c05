# k8cache: `make` alone explains itself.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CONTROLPLANE := $(CURDIR)/bin/controlplane

.PHONY: help
help: ## Explain the targets.
	@awk 'BEGIN {FS = ":.*## "} /^[a-zA-Z0-9_-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/k8cache.
	CGO_ENABLED=0 go build -trimpath -o bin/k8cache ./cmd/k8cache

.PHONY: controlplane
controlplane: ## Put etcd and kube-apiserver into bin/controlplane (built once, about 10 minutes).
	hack/controlplane/build.sh $(CONTROLPLANE)
