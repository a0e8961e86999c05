package httpapi

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
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

// TestThreat01_SharedLinesAreThoseOfAWatchAlone has many callers watch, whose rights, forms, fields and selectors differ and
// whose rights change. Each is sent what a watch is sent that shares nothing.
func TestThreat01_SharedLinesAreThoseOfAWatchAlone(t *testing.T) {
	forms := []form{
		{mediaType: jsonType}, {mediaType: jsonType, shape: metadata, version: "v1"}, {mediaType: jsonType, shape: metadata, version: "v1beta1"},
		{mediaType: jsonType, shape: table, version: "v1"},
	}
	parameters := []string{"", "omitManagedFields=true", "fields=metadata.name", "labelSelector=app%3D1", "labelSelector=app%3D1&omitManagedFields=1", "search=app%3D0", "fieldSelector=metadata.name%3D2"}
	for seed := range uint64(20) {
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
