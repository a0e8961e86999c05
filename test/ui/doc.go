// Package ui tests the explorer as a person sees it: a headless Chromium opens /ui/ of a real k8cache before a real control
// plane, clicks, types and reads what is on the screen.
//
// TestMain starts one control plane with its objects and users (world_test.go), one k8cache that asks for tokens and one
// with --authentication=kubeconfig, and one browser; each test has a page of its own (page_test.go). A page fails its test
// when a script throws, when the Content-Security-Policy stops something, or when anything is asked of another origin.
//
// `make test-ui` runs it. It needs Debian's chromium, or $CHROMIUM naming another; nothing is installed by itself. With
// $K8CACHE_SCREENSHOTS naming a folder, the tests leave pictures there.
package ui
