package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// world is random objects: in a collection, and decoded.
type world struct {
	t          testing.TB
	random     *rand.Rand
	collection *store.Collection
	objects    []object // in the order of keys
	version    uint64
}

type object struct {
	key, namespace string
	raw            string
	decoded        any
}

// newWorld makes n objects.
func newWorld(t testing.TB, seed uint64, n int, o store.PackerOptions) *world {
	w := &world{t: t, random: rand.New(rand.NewPCG(seed, 2)), version: 10}
	w.collection = store.New(store.Options{Packer: store.NewPacker(o)})
	b := w.collection.Builder()
	names := map[string]bool{}
	for range n {
		name := w.name()
		if names[name] {
			continue
		}
		names[name] = true
		parsed := w.parse(w.write(name))
		if err := b.Add(parsed); err != nil {
			t.Fatal(err)
		}
		w.put(parsed)
	}
	w.collection.Replace(b, w.version)
	return w
}

// name is namespace/name.
func (w *world) name() string {
	return fmt.Sprintf("ns-%d/%s%d", w.random.IntN(9), w.pick("o", "web-", "10", "é"), w.random.IntN(100_000))
}

func (w *world) pick(all ...string) string { return all[w.random.IntN(len(all))] }

// write is an object with values that are missing, mistyped and hostile.
func (w *world) write(key string) string {
	w.version++
	namespace, name, _ := strings.Cut(key, "/")
	meta := fmt.Sprintf(`{"name":%q,"namespace":%q,"resourceVersion":"%d"`, name, namespace, w.version)
	if w.random.IntN(5) > 0 {
		meta += fmt.Sprintf(`,"labels":{"app":%s,"tier.x/y":%s}`, w.text(), w.text())
	}
	if w.random.IntN(5) > 0 {
		meta += fmt.Sprintf(`,"annotations":{"a":%s,"kubectl.kubernetes.io/last-applied-configuration":"hidden","long":%q}`, w.text(), strings.Repeat("x", w.random.IntN(2)*700))
	}
	meta += `,"creationTimestamp":` + w.value(1)
	if w.random.IntN(3) == 0 {
		meta += `,"managedFields":[{"manager":"x"}]`
	}
	return fmt.Sprintf(`{"metadata":%s},"spec":%s,"status":%s%s}`, meta, w.value(0), w.value(0),
		w.pick("", `,"*":1`, `,"a.b":{"c#d":[1,"@this"]}`, `,"reason":`+w.text(), `,"message":`+w.text()))
}

// text is a short JSON string.
func (w *world) text() string {
	return w.pick(`"web"`, `"Web front"`, `"STRASSE"`, `"straße"`, `"caf\u00e9"`, `"cafe\u0301"`, `"Σίσυφος"`, `"a=b"`, `"x\u0000y"`, `"<script>"`, `"\u003cscript\u003e"`, `"Running"`, `"registry/app:v1"`, `"\""`, `"\\"`)
}

// value is any JSON value; what begins at 0 is a likely object.
func (w *world) value(depth int) string {
	n := w.random.IntN(28)
	if depth == 0 && n < 20 || depth > 0 && depth < 4 && n < 4 {
		var members []string
		for _, name := range []string{"a", "b.c", "cpu", "conditions", "containerStatuses", "containers", "message", "nodeName", "phase", "reason", "replicas", "restartCount", "state", "template", "image", "spec", "waiting"} {
			if w.random.IntN(4) > 0 {
				continue
			}
			members = append(members, fmt.Sprintf("%q:%s", name, w.value(depth+1)))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	}
	switch {
	case depth < 4 && n < 8:
		var all []string
		for range w.random.IntN(4) {
			all = append(all, w.value(depth+1))
		}
		return "[" + strings.Join(all, ",") + "]"
	case n < 12:
		return w.text()
	}
	return w.pick(`null`, `true`, `false`, `0`, `-0`, `1`, `2`, `10`, `-3`, `1.5`, `1e3`, `-2.5E-3`, `12345678901234567890`, `9007199254740993`, `9007199254740992`,
		`""`, `"0"`, `"1"`, `"10"`, `"100m"`, `"1Gi"`, `"512Mi"`, `"1.5"`, `"2k"`, `"-1"`, `"1e3"`, `"5n"`, `"0.5Ki"`, `"1x"`, `"Ki"`, `"."`, `"1E"`, `"+7"`,
		`"2026-01-02T03:04:05Z"`, `"2026-01-02T05:04:05+02:00"`, `"2025-12-31T23:59:59.5Z"`, `"2026-13-02T03:04:05Z"`, `"0001-01-01T00:00:00Z"`)
}

func (w *world) parse(raw string) serialize.Object {
	o, err := serialize.Parse([]byte(raw))
	if err != nil {
		w.t.Fatalf("%v: %s", err, raw)
	}
	return o
}

// put puts an object where the naive implementation looks.
func (w *world) put(o serialize.Object) {
	made := object{key: o.Key(), namespace: o.Namespace(), raw: string(o.Bytes()), decoded: decode(o.Bytes())}
	at, found := slices.BinarySearchFunc(w.objects, made.key, func(o object, key string) int { return strings.Compare(o.key, key) })
	if found {
		w.objects[at] = made
		return
	}
	w.objects = slices.Insert(w.objects, at, made)
}

// change writes an object anew.
func (w *world) change() {
	key := w.name()
	if w.random.IntN(4) > 0 {
		key = w.objects[w.random.IntN(len(w.objects))].key
	}
	o := w.parse(w.write(key))
	w.put(o)
	w.collection.Upsert(o)
}

// path is one that objects of the world may have.
func (w *world) path(wild bool) naivePath {
	paths := []naivePath{
		{"metadata", "name"},
		{"metadata", "namespace"},
		{"metadata", "creationTimestamp"},
		{"metadata", "labels", "app"},
		{"metadata", "labels", "tier.x/y"},
		{"spec"},
		{"spec", "cpu"},
		{"spec", "nodeName"},
		{"spec", "b.c", "a"},
		{"spec", "replicas"},
		{"spec", "a", 0},
		{"spec", "containers", 1, "image"},
		{"status", "phase"},
		{"status", "a"},
		{"status", "containerStatuses", 0, "restartCount"},
		{"*"},
		{"a.b", "c#d", 1},
		{"a.b", "c#d", 0},
		{"nothing", "here"},
		{"#"},
		{"@this"},
		{"metadata", "labels"},
	}
	if wild {
		paths = append(paths, naivePath{"spec", "a", every{}}, naivePath{"spec", "containers", every{}, "image"},
			naivePath{"status", "conditions", every{}, "reason"}, naivePath{"a.b", "c#d", every{}}, naivePath{"spec", "a", every{}, every{}})
	}
	return paths[w.random.IntN(len(paths))]
}

// parsed is the path as the query reads it.
func (w *world) parsed(p naivePath) query.Path {
	text := p.text(w.random.IntN(6))
	path, err := query.ParsePath(text)
	if err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	return path
}
