package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// authoritiesRecheck is how often a CA file is looked at: a CA that is taken away counts within that time.
const authoritiesRecheck = 5 * time.Second

// authorities are those of a CA file, read again when it changes.
type authorities struct {
	file string
	log  *zap.Logger

	mu       sync.Mutex
	looked   time.Time
	modified time.Time
	current  *authn.Authorities
}

// openAuthorities reads a CA file that must be readable now.
func openAuthorities(file string, log *zap.Logger) (*authorities, error) {
	a := &authorities{file: file, log: log}
	return a, a.readLocked()
}

// get returns the authorities as the file has them. A file that cannot be read leaves those it had: half a rotation
// must not lock everybody out.
func (a *authorities) get() *authn.Authorities {
	a.mu.Lock()
	defer a.mu.Unlock()
	if time.Since(a.looked) > authoritiesRecheck {
		if err := a.readLocked(); err != nil {
			a.log.Error("authorities kept as they were", zap.String("file", a.file), zap.Error(err))
		}
	}
	return a.current
}

// readLocked reads the file if it has changed. The caller holds the lock, or nobody else knows of a yet.
func (a *authorities) readLocked() error {
	a.looked = time.Now()
	info, err := os.Stat(a.file) //nolint:gosec // the operator's own file
	if err != nil || info.ModTime().Equal(a.modified) {
		return err
	}
	bundle, err := os.ReadFile(a.file) //nolint:gosec // as above
	if err != nil {
		return err
	}
	parsed, err := authn.ParseAuthorities(bundle)
	if err != nil {
		return fmt.Errorf("%s: %w", a.file, err)
	}
	a.modified, a.current = info.ModTime(), parsed
	return nil
}
