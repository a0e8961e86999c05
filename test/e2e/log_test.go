package e2e

import (
	"bytes"
	"fmt"
	"os"

	"github.com/k8cache/k8cache/test/e2e/env"
)

// noTokenIn checks, after all tests, that k8cache wrote no caller's token to its log.
func noTokenIn(front *env.Front) error {
	if front.Process == nil {
		return nil
	}
	log, err := os.ReadFile(front.Process.LogFile())
	if err != nil {
		return err
	}
	for _, cluster := range shared.Clusters() {
		for _, token := range cluster.Tokens() {
			if before, _, found := bytes.Cut(log, []byte(token)); found {
				return fmt.Errorf("a token stands in the log of k8cache, after %q", before[bytes.LastIndexByte(before, '\n')+1:])
			}
		}
	}
	return nil
}
