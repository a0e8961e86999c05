package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// answered is how many requests k8cache has answered, from memory and by passing them on.
type answered struct{ hits, passed int }

func (a answered) since(before answered) answered {
	return answered{a.hits - before.hits, a.passed - before.passed}
}

// answered reads k8cache's own count.
func (w *world) answered(ctx context.Context) (answered, error) {
	var a answered
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.front.AdminURL+"/metrics", http.NoBody)
	if err != nil {
		return a, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		count, ok := strings.CutPrefix(lines.Text(), "k8cache_requests_total{")
		if !ok {
			continue
		}
		_, value, _ := strings.Cut(count, "} ")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return a, fmt.Errorf("metrics: %w", err)
		}
		if strings.Contains(count, `cache="hit"`) {
			a.hits += int(n)
		} else {
			a.passed += int(n)
		}
	}
	return a, lines.Err()
}
