# k8cache: `make` alone explains itself.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
CONTROLPLANE := $(CURDIR)/bin/controlplane
TOOLS := $(CURDIR)/bin/tools
IMAGE ?= k8cache:$(VERSION)
CONTAINER ?= docker

# Every module with code of ours. The others only pin versions of what others wrote.
MODULES := $(filter-out hack/tools hack/controlplane hack/conformance/suite,$(patsubst %/,%,$(dir \
	$(shell git ls-files --cached --others --exclude-standard ':(glob)**/go.mod'))))
SCRIPTS = $(shell git ls-files --cached --others --exclude-standard '*.sh' .ci/run)

# $(call in_modules,COMMAND) runs COMMAND in each module; the first failure ends it.
in_modules = for module in $(MODULES); do (cd $$module && $(1)); done

.PHONY: help
help: ## Explain the targets.
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {print "\n" substr($$0, 5)} /^[a-zA-Z0-9_-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Build

.PHONY: build
build: ## Build bin/k8cache.
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/k8cache ./cmd/k8cache

.PHONY: image
image: ## Build the container image $IMAGE with $CONTAINER (docker).
	$(CONTAINER) build --file deploy/Dockerfile --build-arg VERSION=$(VERSION) --tag $(IMAGE) .

.PHONY: controlplane
controlplane: ## Put etcd and kube-apiserver into bin/controlplane (built once, about 10 minutes).
	hack/controlplane/build.sh $(CONTROLPLANE)

# A tool is built once: again only when its pin changes.
TOOL_PACKAGES := \
	github.com/golangci/golangci-lint/v2/cmd/golangci-lint \
	go.elastic.co/go-licence-detector \
	golang.org/x/perf/cmd/benchstat \
	golang.org/x/vuln/cmd/govulncheck \
	helm.sh/helm/v4/cmd/helm

.PHONY: tools
tools: $(addprefix $(TOOLS)/,$(notdir $(TOOL_PACKAGES))) ## Put the linters and other tools into bin/tools (built once, about 4 minutes).

$(TOOLS)/%: hack/tools/go.mod hack/tools/go.sum
	cd hack/tools && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ $(filter %/$*,$(TOOL_PACKAGES))
	@touch $@

.PHONY: clean
clean: ## Remove bin/, the control plane and the tools included.
	rm -rf bin

##@ Check

.PHONY: check
check: verify-format verify-vet verify-lint verify-tidy verify-vuln verify-licenses verify-scripts verify-manifests ## Check everything that needs no running program: what CI checks.

.PHONY: verify
verify: check ## The same as check.

.PHONY: update
update: update-tidy update-format ## Mend what check finds and a tool can mend.

.PHONY: verify-format
verify-format: $(TOOLS)/golangci-lint ## Check the formatting.
	$(TOOLS)/golangci-lint fmt --diff

.PHONY: update-format
update-format: $(TOOLS)/golangci-lint ## Format.
	$(TOOLS)/golangci-lint fmt

.PHONY: verify-vet
verify-vet: ## Run go vet in each module.
	$(call in_modules,go vet ./...)

# Runners queue, because golangci-lint keeps one lock for the whole machine.
lint = $(TOOLS)/golangci-lint run --config $(CURDIR)/.golangci.yml --allow-serial-runners

.PHONY: verify-lint
verify-lint: $(TOOLS)/golangci-lint ## Run the linters in each module.
	$(TOOLS)/golangci-lint config verify
	$(call in_modules,$(lint) ./...)

.PHONY: update-lint
update-lint: $(TOOLS)/golangci-lint ## Mend what the linters can mend by themselves.
	$(call in_modules,$(lint) --fix ./...)

.PHONY: verify-tidy
verify-tidy: ## Check go.mod and go.sum of each module.
	$(call in_modules,go mod tidy -diff)

.PHONY: update-tidy
update-tidy: ## Tidy go.mod and go.sum of each module.
	$(call in_modules,go mod tidy)

.PHONY: verify-vuln
verify-vuln: $(TOOLS)/govulncheck ## Look for known vulnerabilities that we reach.
	@hack/govulncheck.sh $(TOOLS)/govulncheck $(MODULES)

# What is built and tested, not all that go.mod names; hack/licenses.json says what is allowed.
.PHONY: verify-licenses
verify-licenses: $(TOOLS)/go-licence-detector ## Check the licence of each dependency.
	$(call in_modules,go list -deps -test -f '{{with .Module}}{{if not (or .Main .Replace)}}{{.Path}}{{end}}{{end}}' ./... | \
		sort -u | xargs -r go list -m -json | $< -includeIndirect -rules $(CURDIR)/hack/licenses.json)

.PHONY: verify-scripts
verify-scripts: ## Run shellcheck on each script.
	hack/lint-scripts.sh $(SCRIPTS)

.PHONY: verify-manifests
verify-manifests: $(TOOLS)/helm ## Lint the chart; hack/manifests tests it, and the plain manifests.
	$(TOOLS)/helm lint --strict --quiet deploy/chart

##@ Test

# Where the suites find what they start.
TEST_ENV := K8CACHE_BINARY=$(CURDIR)/bin/k8cache KUBEBUILDER_ASSETS=$(CONTROLPLANE) HELM=$(TOOLS)/helm

.PHONY: test
test: MODULES := $(filter-out test/ui,$(MODULES))
test: build controlplane $(TOOLS)/helm ## Run every test but test-ui: unit, integration and end to end, with the race detector.
	$(call in_modules,env -u KUBECONFIG $(TEST_ENV) go test -race -shuffle=on -timeout=30m ./...)

.PHONY: test-unit
test-unit: ## Run the tests that need neither binary nor control plane.
	go test -race -shuffle=on ./...

# npm installs what test/js/package-lock.json pins, by checksum; none of its scripts is run.
test/js/node_modules: test/js/package.json test/js/package-lock.json
	cd test/js && npm ci --ignore-scripts --no-progress
	@touch $@

.PHONY: test-js
test-js: build controlplane test/js/node_modules ## Test with the official client of JavaScript (needs node 20 and npm; a part of .ci/run, not of test).
	cd test/e2e && env -u KUBECONFIG $(TEST_ENV) K8CACHE_JS=$(CURDIR)/test/js go test -race -count=1 -timeout=15m -run 'TestJavaScript|TestClientsComeBack' ./...

.PHONY: test-ui
test-ui: build controlplane ## Test the explorer in a headless Chromium (which must be there; SCREENSHOTS=DIR keeps pictures).
	$(if $(SCREENSHOTS),mkdir -p $(SCREENSHOTS))
	cd test/ui && env -u KUBECONFIG $(TEST_ENV) K8CACHE_SCREENSHOTS=$(abspath $(SCREENSHOTS)) go test -race -shuffle=on -count=1 -timeout=15m ./...

.PHONY: e2e
e2e: build $(if $(KUBECONFIG),,controlplane) ## Run the end-to-end suite: on the cluster of $KUBECONFIG, or else on a control plane of its own.
	cd test/e2e && $(TEST_ENV) go test -count=1 -timeout=30m ./...

.PHONY: conformance
conformance: build controlplane ## Run Kubernetes' own tests of reads and writes through k8cache (4 minutes to build them once, 8 to run; CONFORMANCE_FLAGS).
	hack/conformance/suite/build.sh bin/conformance
	cd hack && KUBEBUILDER_ASSETS=$(CONTROLPLANE) go run ./conformance --k8cache ../bin/k8cache --suite ../bin/conformance $(CONFORMANCE_FLAGS)

.PHONY: e2e-kind
e2e-kind: ## Run the end-to-end suite on two kind clusters (needs docker, kind and kubectl).
	hack/kind.sh

# Built with the flags of build, so that what both stand on is compiled once.
.PHONY: demo
demo: build controlplane ## Run k8cache in front of two real control planes, until Ctrl-C (DEMO_FLAGS=--once tries what it prints, and ends).
	cd hack && CGO_ENABLED=0 go build -trimpath -o ../bin/demo ./demo
	cd hack && KUBEBUILDER_ASSETS=$(CONTROLPLANE) exec ../bin/demo --k8cache ../bin/k8cache $(DEMO_FLAGS)

.PHONY: bench
bench: build controlplane ## Measure k8cache against kube-apiserver, nginx and informers (15 minutes; flags in $$BENCH_FLAGS).
	cd hack && KUBEBUILDER_ASSETS=$(CONTROLPLANE) go run ./bench --k8cache ../bin/k8cache $(BENCH_FLAGS)
