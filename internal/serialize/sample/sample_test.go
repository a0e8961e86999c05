package sample_test

import (
	"encoding/json"
	"testing"

	"github.com/k8cache/k8cache/internal/serialize/sample"
)

func TestSamplesAreJSONOfTheSizeThatTheyClaim(t *testing.T) {
	pod := sample.NewPods().Raw(7, 1007)
	if !json.Valid(pod) || len(pod) < 7_300 || len(pod) > 7_900 {
		t.Errorf("pod of %d bytes, valid: %t", len(pod), json.Valid(pod))
	}
	config := sample.ConfigMap(7, 1007)
	if !json.Valid(config) || len(config) < 1_500 || len(config) > 2_500 {
		t.Errorf("config map of %d bytes, valid: %t", len(config), json.Valid(config))
	}
}
