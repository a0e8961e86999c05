package testenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNoBinaries says that a control-plane binary is nowhere to be found.
var ErrNoBinaries = errors.New("control-plane binary not found: run make controlplane, or point KUBEBUILDER_ASSETS at a folder that has it")

// Binary returns the path of a control-plane binary (etcd, kube-apiserver, kube-controller-manager, kubectl): from
// $KUBEBUILDER_ASSETS, else from the first bin/controlplane found in the working directory or above it.
func Binary(name string) (string, error) {
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		return executable(filepath.Join(assets, name))
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", name, err)
	}
	for {
		if path, err := executable(filepath.Join(dir, "bin", "controlplane", name)); err == nil {
			return path, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("%s: %w", name, ErrNoBinaries)
		}
		dir = parent
	}
}

func executable(path string) (string, error) {
	info, err := os.Stat(path) //nolint:gosec // whoever sets KUBEBUILDER_ASSETS runs us
	if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		return "", fmt.Errorf("%s: %w", path, ErrNoBinaries)
	}
	return path, nil
}
