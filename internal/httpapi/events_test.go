package httpapi

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/serialize"
)

// taken is what a watch was sent.
type taken struct{ lines []string }

var _ sink = (*taken)(nil)

func (s *taken) event(line []byte) { s.lines = append(s.lines, string(line)) }
func (*taken) flush() error        { return nil }
func (*taken) failed() bool        { return false }
func (*taken) close(error)         {}
func (*taken) drop()               {}

// admin lets a user of that name see all.
func (s *stage) admin(t *testing.T) {
	t.Helper()
	if err := s.world.Put(&rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "admins"}, Subjects: []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "admin"}},
		RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "reader"},
	}); err != nil {
		t.Fatal(err)
	}
}

// beside is one more watch of the stage's collection.
func (s *stage) beside(t *testing.T, user, parameters string, f form) *watching {
	t.Helper()
	values, err := url.ParseQuery(parameters)
	if err != nil {
		t.Fatal(err)
	}
	options, err := parseWatchOptions(s.see.GroupResource(), values)
	if err != nil {
		t.Fatal(err)
	}
	see := *s.see
	see.user, see.form = rbac.User{Name: user}, f
	see.collection.Columns, see.collection.NoRows = "[]", "[]"
	see.kind = f.kind(see.collection, serialize.Table{Include: serialize.IncludeObject})
	see.attributes.Name = options.name()
	see.attributes.FieldSelector, see.attributes.LabelSelector = options.requirements()
	if see.scope, err = s.authorizer.Scope(t.Context(), see.user, see.attributes); err != nil {
		t.Fatal(err)
	}
	w := &watching{see: &see, options: options, authorizer: s.authorizer, out: &taken{}, lives: true, moved: func() {}}
	w.encode, w.form = w.line, see.lineForm(options.query)
	w.events = see.collection.WatchFrom(see.collection.Snapshot())
	return w
}

// label writes an object with a label that changes.
func (s *stage) label(t *testing.T, r *rand.Rand) {
	t.Helper()
	s.version += 1 + r.Uint64N(3)
	thing, err := serialize.Parse(fmt.Appendf(nil,
		`{"metadata":{"name":"%d","namespace":"%s","resourceVersion":"%d","labels":{"app":"%d"},"managedFields":[{"manager":"m"}]},"text":"%d"}`,
		r.IntN(4), stageSpaces[r.IntN(len(stageSpaces))], s.version, r.IntN(2), s.version))
	if err != nil {
		t.Fatal(err)
	}
	if r.IntN(4) == 0 {
		s.see.collection.Delete(thing)
		return
	}
	s.see.collection.Upsert(thing)
}

// byName gives a right to some names in one namespace or everywhere, or takes it away.
func (s *stage) byName(t *testing.T, r *rand.Rand) {
	t.Helper()
	role := &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "named", ResourceVersion: "1"},
		Rules:      []rbacv1.PolicyRule{{Verbs: []string{"watch"}, APIGroups: []string{""}, Resources: []string{"things"}, ResourceNames: []string{"1", "2"}}},
	}
	meta, subjects := metav1.ObjectMeta{Name: "named"}, []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "eve"}}
	ref := rbacv1.RoleRef{Kind: "ClusterRole", Name: "named"}
	everywhere := &rbacv1.ClusterRoleBinding{ObjectMeta: meta, Subjects: subjects, RoleRef: ref}
	meta.Namespace = stageSpaces[r.IntN(len(stageSpaces))]
	here := &rbacv1.RoleBinding{ObjectMeta: meta, Subjects: subjects, RoleRef: ref}
	err := s.world.Put(role)
	switch r.IntN(4) {
	case 0:
		err = errors.Join(err, s.world.Put(everywhere))
	case 1:
		err = errors.Join(err, s.world.Remove(everywhere))
	case 2:
		err = errors.Join(err, s.world.Put(here))
	case 3:
		err = errors.Join(err, s.world.Remove(here))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// shows is what a watch's lines leave a client with, by key. Nothing may come of what the caller may not see now, but the
// deletion of what they saw.
func (s *taken) shows(t *testing.T, from int, rows map[string]bool, scope rbac.Scope) {
	t.Helper()
	for _, line := range s.lines[from:] {
		e := gjson.Parse(line)
		metadata := e.Get("object.metadata")
		if e.Get("object.kind").String() == "Table" {
			metadata = e.Get("object.rows.0.object.metadata")
		}
		namespace, name := metadata.Get("namespace").String(), metadata.Get("name").String()
		key := namespace + "/" + name
		switch kind := e.Get("type").String(); {
		case kind == "DELETED" && !rows[key]:
			t.Errorf("told of the end of %s, which was not seen: %s", key, line)
		case kind == "DELETED":
			delete(rows, key)
		case !scope.Allows(namespace, name) || kind == "ADDED" == rows[key]:
			t.Errorf("%s of %s, seen before: %t", kind, key, rows[key])
		default:
			rows[key] = true
		}
	}
}

// TestThreat09_PagesOfAllKindsShowWhatTheirUsersMaySee has rights by namespace and by name come and go under watches with
// selectors and searches, and of tables and metadata.
func TestThreat09_PagesOfAllKindsShowWhatTheirUsersMaySee(t *testing.T) {
	for seed := range uint64(15) {
		r, s := rand.New(rand.NewPCG(seed, 3)), newStage(t)
		var all []*watching
		for _, f := range []form{{mediaType: jsonType}, {mediaType: jsonType, shape: metadata, version: "v1"}, {mediaType: jsonType, shape: table, version: "v1"}} {
			for _, p := range []string{"", "omitManagedFields=1", "labelSelector=app%3D1", "labelSelector=app%3D1&omitManagedFields=1", "search=app%3D0", "fieldSelector=metadata.name%3D2", "fieldSelector=metadata.name!%3D2"} {
				all = append(all, s.beside(t, "eve", p, f))
			}
		}
		rows := make([]map[string]bool, len(all))
		for range 40 {
			for range r.IntN(4) {
				s.label(t, r)
			}
			switch r.IntN(4) {
			case 0:
				s.step(t, r)
			case 1:
				s.byName(t, r)
			}
			for i, w := range all {
				if rows[i] == nil {
					rows[i] = map[string]bool{}
				}
				from := len(w.out.(*taken).lines) //nolint:forcetypeassert // this test's own
				(&stage{watching: w}).settle(t)
				scope, err := w.authorizer.Scope(t.Context(), w.see.user, w.see.attributes)
				if err != nil {
					t.Fatal(err)
				}
				w.out.(*taken).shows(t, from, rows[i], scope) //nolint:forcetypeassert // as above
				want := map[string]bool{}
				for o := range w.options.filter.Match(scope.Select(w.see.collection.Snapshot())).View().Objects() {
					want[o.Key()] = true
				}
				if diff := cmp.Diff(want, rows[i]); diff != "" || t.Failed() {
					t.Fatalf("seed %d, watch %d (-may see +shown):\n%s", seed, i, diff)
				}
			}
		}
	}
}

// TestThreat01_SharedLinesAreThoseOfAWatchAlone has many callers watch, whose rights, forms, fields and selectors differ and
// whose rights change. Each is sent what a watch is sent that shares nothing.
func TestThreat01_SharedLinesAreThoseOfAWatchAlone(t *testing.T) {
	forms := []form{
		{mediaType: jsonType},
		{mediaType: jsonType, shape: metadata, version: "v1"},
		{mediaType: jsonType, shape: metadata, version: "v1beta1"},
		{mediaType: jsonType, shape: table, version: "v1"},
	}
	parameters := []string{"", "omitManagedFields=true", "fields=metadata.name", "labelSelector=app%3D1", "labelSelector=app%3D1&omitManagedFields=1", "search=app%3D0", "fieldSelector=metadata.name%3D2"}
	for seed := range uint64(8) {
		r, s := rand.New(rand.NewPCG(seed, 1)), newStage(t)
		s.admin(t)
		var shared, alone []*watching
		for _, f := range forms {
			for _, p := range parameters {
				for _, user := range []string{"eve", "admin"} {
					shared, alone = append(shared, s.beside(t, user, p, f)), append(alone, s.beside(t, user, p, f))
					alone[len(alone)-1].form = ""
				}
			}
		}
		for range 30 {
			for range 1 + r.IntN(5) {
				s.label(t, r)
			}
			if r.IntN(3) == 0 {
				s.step(t, r)
			}
			for _, i := range r.Perm(len(shared)) {
				for _, w := range []*watching{alone[i], shared[i]} {
					(&stage{watching: w}).settle(t)
				}
				if diff := cmp.Diff(alone[i].out.(*taken).lines, shared[i].out.(*taken).lines); diff != "" { //nolint:forcetypeassert // this test's own
					t.Fatalf("seed %d, %s, form %+v (-alone +shared):\n%s", seed, parameters[i/2%len(parameters)], forms[i/2/len(parameters)], diff)
				}
			}
		}
		sent := slices.ContainsFunc(shared, func(w *watching) bool { return w.form != "" && len(w.out.(*taken).lines) > 0 }) //nolint:forcetypeassert // as above
		if !sent {
			t.Fatal("none was sent a shared line")
		}
	}
}
