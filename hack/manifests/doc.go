// Package manifests tries deploy/ on a real API server: that it applies without a warning, that its pod passes Pod
// Security's restricted profile, and that it grants k8cache exactly the rights it says. It has tests only.
package manifests
