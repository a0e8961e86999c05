package ui

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestModules evaluates expressions on single modules, as m.
func TestModules(t *testing.T) {
	p := open(t, shared.token.URL, "")
	for _, test := range []struct{ module, expression, want string }{
		{"format", "m.age(0, 119_000)", `"119s"`},
		{"format", "m.age(0, 125_000)", `"2m5s"`},
		{"format", "m.age(0, 3_600_000)", `"60m"`},
		{"format", "m.age(0, 4 * 3_600_000 + 60_000)", `"4h1m"`},
		{"format", "m.age(0, 47 * 3_600_000)", `"47h"`},
		{"format", "m.age(0, 3 * 86_400_000)", `"3d"`},
		{"format", "m.age(0, 400 * 86_400_000)", `"400d"`},
		{"format", "m.age(0, 800 * 86_400_000)", `"2y70d"`},
		{"format", "m.age(0, 10 * 365 * 86_400_000)", `"10y"`},
		{"format", "m.age(NaN, 1)", `""`},
		{"format", "m.age(5000, 0)", `"0s"`},
		{"format", "[0, 999, 1000, 9_960, 10_400, 999_600, 76_000_000, 5e12].map(m.bytes)", `["0 B","999 B","1.0 kB","10 kB","10 kB","1.0 MB","76 MB","5000 GB"]`},
		{"format", "[0.31, 9.99, 42.4, 10_500].map(m.milliseconds)", `["0.3 ms","10 ms","42 ms","10.5 s"]`},
		{"format", `m.visible('a\u202eb\u0000\ufeff\u2066é漢🙂')`, `"a\\u202eb\\u0000\\ufeff\\u2066é漢🙂"`},
		{"lines", `['plain-1.2/x', '', "it's", '$(id)', '--flag', 'a b'].map(m.quoted)`, `["plain-1.2/x","''","'it'\\''s'","'$(id)'","--flag","'a b'"]`},
		{"lines", `m.curlLine('https://h', '/p?a=b', true)`, `"curl -H \"Authorization: Bearer $TOKEN\" 'https://h/p?a=b'"`},
		{
			"lines", `m.kubectlLine('https://h', { cluster: 'east', resource: { key: 'deployments.apps', namespaced: true }, namespace: '' }, true)`,
			`"kubectl --server=https://h/clusters/east --token=\"$TOKEN\" get deployments.apps --all-namespaces"`,
		},
		{
			"lines", `m.kubectlLine('http://h', { cluster: 'a b', resource: { key: 'pods', namespaced: true }, namespace: 'n', name: 'x' }, false)`,
			`"kubectl --server=http://h/clusters/a%20b get pods/x --namespace=n --output=json"`,
		},
		{"lines", `m.kubectlLine('http://h', { cluster: 'east', resource: { key: 'nodes' } }, true)`, `""`},
		{"lines", `m.kubectlLine('http://h', { cluster: 'east', resource: { key: 'nodes' }, past: true }, false)`, `""`},
		{"lines", `m.curlLine('http://h', '/p', false, true)`, `"curl -H 'Cache-Control: no-cache' http://h/p"`},
		{"exchange", `m.warningsOf('299 - "one", 299 k8cache "two, \\"2\\""')`, `["one","two, \"2\""]`},
		{"exchange", `m.warningsOf('strange')`, `["strange"]`},
		{"exchange", `m.warningsOf('')`, `[]`},
		{"exchange", `m.messageOf('{"kind":"Status","reason":"Gone"}')`, `"Gone"`},
		{"exchange", `m.messageOf('<html>')`, `"<html>"`},
		{"session", `['', ' Bearer  ', 'a b', 'ü', 'Bearer abc', 'a\nb'].map((text) => m.tokenFault(text) === '')`, `[false,false,false,false,true,false]`},
		{"status", `m.statusOf('Node', { spec: { unschedulable: true }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }).text`, `"Ready, cordoned"`},
		{"status", `m.statusOf('Deployment', { spec: { replicas: 3 }, status: { readyReplicas: 2 } })`, `{"text":"2/3 ready","tone":"warn","more":""}`},
		{"status", `m.statusOf('Pod', { status: { phase: 'Pending', initContainerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] } }).text`, `"Init:ErrImagePull"`},
		{"status", `m.statusOf('Pod', { metadata: { deletionTimestamp: 'x' } }).text`, `"Terminating"`},
		{"status", `m.statusOf('Widget', { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Broken', message: 'why' }] } })`, `{"text":"Broken","tone":"warn","more":"why"}`},
		{"status", `m.statusOf('constructor', {})`, `{"text":"","tone":"none","more":""}`},
		{"json", `m.jsonView('{\n  "a": "' + 'x\\"\\n'.repeat(300_000) + '"\n}').textContent.length`, "1500015"},
		{"json", `[...m.jsonView('{"a":[1,{"b":"c: d"}],"e":{}}').querySelectorAll('.key, .string, .number')].map((e) => e.textContent)`, `["\"a\"","1","\"b\"","\"c: d\"","\"e\""]`},
		{"json", `m.jsonView(JSON.stringify({ a: Array(5000).fill({ b: 1 }) }, null, 2)).querySelectorAll('details[open]').length`, "2"},
		{"rows", `m.rowOf('Pod', null).name`, `""`},
	} {
		got := eval[string](p, fmt.Sprintf("import('/ui/%s.js').then((m) => JSON.stringify(%s))", test.module, test.expression))
		if !json.Valid([]byte(test.want)) || got != test.want {
			t.Errorf("%s: %s: got %s, want %s", test.module, test.expression, got, test.want)
		}
	}
}
