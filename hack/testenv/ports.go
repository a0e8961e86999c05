package testenv

import (
	"context"
	"fmt"
	"net"
)

// freePorts returns n different ports of 127.0.0.1 that nobody listens on. They are all held before any is let go, so that
// they differ; somebody else may still take one before it is used, which the process it was for then reports.
func freePorts(ctx context.Context, n int) ([]int, error) {
	var config net.ListenConfig
	ports := make([]int, 0, n)
	for range n {
		listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		defer listener.Close() //nolint:errcheck // nothing was accepted on it
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
