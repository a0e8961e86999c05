package v1

import _ "embed"

// OpenAPI describes what k8cache answers beyond the Kubernetes API, as OpenAPI
// 3.1 in JSON. It is served at /k8cache/v1/openapi.json.
//
//go:embed openapi.json
var OpenAPI []byte
