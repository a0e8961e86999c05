package main

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/k8cache/k8cache/hack/loadgen"
)

// churnQuestion tells a child what to write.
type churnQuestion struct {
	Kubeconfig       string
	Pods, Namespaces int
	Rate             float64
}

// churned is what it wrote.
type churned struct {
	Writes, Failed int
	Took           time.Duration
}

// serveChurn writes until there is nothing more to be read, then tells how much that was.
func serveChurn(ctx context.Context, from *json.Decoder, to *json.Encoder) error {
	var q churnQuestion
	if err := from.Decode(&q); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", q.Kubeconfig)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		defer cancel()
		var nothing json.RawMessage
		ended <- from.Decode(&nothing)
	}()
	stats, err := loadgen.Churn(ctx, config, loadgen.Options{
		Counts: loadgen.Counts{Pods: q.Pods}, Namespaces: q.Namespaces, Rate: q.Rate,
	})
	if err != nil {
		return err
	}
	if err := <-ended; err != io.EOF { //nolint:errorlint // what a decoder gives as it is
		return err
	}
	return to.Encode(churned{Writes: stats.Writes, Failed: stats.Failed, Took: stats.Took})
}
