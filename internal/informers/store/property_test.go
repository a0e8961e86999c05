package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// moment is a snapshot and what it must always show.
type moment struct {
	snapshot *store.Snapshot
	objects  []serialize.Object
	version  uint64
}

// check compares a snapshot with the objects it must show.
func (m moment) check(t testing.TB) {
	t.Helper()
	bytes := int64(0)
	for _, o := range m.objects {
		bytes += int64(o.Size())
	}
	if m.snapshot.ResourceVersion() != m.version || m.snapshot.Len() != len(m.objects) || m.snapshot.Bytes() != bytes {
		t.Fatalf("version %d with %d objects of %d bytes, want version %d with %d of %d", m.snapshot.ResourceVersion(),
			m.snapshot.Len(), m.snapshot.Bytes(), m.version, len(m.objects), bytes)
	}
	if diff := differ(texts(slices.Values(m.objects)), texts(m.snapshot.All().Objects())); diff != "" {
		t.Fatalf("all (-want +got):\n%s", diff)
	}
}

// differ is cmp.Diff for long texts that seldom differ.
func differ(want, got []string) string {
	if slices.Equal(want, got) {
		return ""
	}
	return cmp.Diff(want, got, cmpopts.EquateEmpty())
}

// texts are objects as text.
func texts(objects func(func(serialize.Object) bool)) []string {
	var texts []string
	for o := range objects {
		texts = append(texts, o.Key()+string(o.Bytes()))
	}
	return texts
}

// only are the objects that keep says yes to.
func (m moment) only(keep func(serialize.Object) bool) []string {
	return texts(func(yield func(serialize.Object) bool) {
		for _, o := range m.objects {
			if keep(o) && !yield(o) {
				return
			}
		}
	})
}

// checkViews compares all ways to select with selecting by hand.
func (m moment) checkViews(t testing.TB, w *world) {
	t.Helper()
	some := []string{"zz", "a", "a-b", fmt.Sprintf("ns-%d", w.random.IntN(60)), "nowhere", "a"}
	in := func(o serialize.Object) bool { return slices.Contains(some, o.Namespace()) }
	odd := func(o serialize.Ref) bool { return o.ResourceVersion()%2 == 1 }
	after := fmt.Sprintf("ns-%d/o5", w.random.IntN(60))
	n := w.random.IntN(50)
	paged := m.only(func(o serialize.Object) bool { return odd(o.Ref) && o.Key() > after })
	views := map[string]struct {
		got  store.View
		want []string
	}{
		"in":     {m.snapshot.In(some...), m.only(in)},
		"filter": {m.snapshot.All().Filter(odd), m.only(func(o serialize.Object) bool { return odd(o.Ref) })},
		"page":   {m.snapshot.All().Filter(odd).After(after).Limit(n), paged[:min(n, len(paged))]},
		"skip":   {m.snapshot.All().Filter(odd).After(after).Skip(n), paged[min(n, len(paged)):]},
	}
	for name, v := range views {
		if diff := differ(v.want, texts(v.got.Objects())); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", name, diff)
		}
		if v.got.Len() != len(v.want) {
			t.Fatalf("%s: length %d, want %d", name, v.got.Len(), len(v.want))
		}
		checkParts(t, v.got)
	}
	var namespaces []string
	for _, o := range m.objects {
		namespaces = append(namespaces, o.Namespace())
	}
	if diff := differ(slices.Compact(namespaces), slices.Collect(m.snapshot.Namespaces())); diff != "" {
		t.Fatalf("namespaces (-want +got):\n%s", diff)
	}
}

// checkParts compares a view's parts, joined and deflated, with its objects.
func checkParts(t testing.TB, v store.View) {
	t.Helper()
	for form, parts := range map[bool]func(func(serialize.Part) bool){false: v.Parts(), true: v.SlimParts()} {
		var want, joined, inflated []string
		for o := range v.Objects() {
			if form {
				o = o.Slim()
			}
			want = append(want, string(o.Bytes()))
		}
		n := 0
		for part := range parts {
			n += part.Len()
			text := string(part.Joined(nil))
			if int64(len(text)) != part.JoinedSize() {
				t.Fatalf("joined %d bytes, said %d", len(text), part.JoinedSize())
			}
			joined = append(joined, text)
			inflated = append(inflated, string(part.Deflated().Inflate(nil)))
		}
		if diff := differ([]string{strings.Join(want, ",")}, []string{strings.Join(joined, ",")}); diff != "" || n != v.Len() {
			t.Fatalf("%d parts of %d, joined (-want +got):\n%s", n, v.Len(), diff)
		}
		if diff := differ([]string{strings.Join(want, ",")}, []string{strings.Join(inflated, ",")}); diff != "" {
			t.Fatalf("deflated (-want +got):\n%s", diff)
		}
	}
}

func TestCollectionShowsWhatASortedMapShowsAndSnapshotsStay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			// A small budget packs and unpacks all the time, a small history
			// loses watchers, a large one keeps them.
			packer := store.NewPacker(store.PackerOptions{Budget: 1 + int64(seed)<<18})
			w := newWorld(t, seed, 500, store.Options{Packer: packer, History: 1 << (16 + 2*seed)})
			var moments []moment
			for step := range 300 {
				w.step()
				if err := w.collection.CheckTree(); err != nil {
					t.Fatal(err)
				}
				if step%50 == 0 {
					packer.Pack()
				}
				if got, want := packer.Resident(), w.collection.Resident(); got != want {
					t.Fatalf("step %d: %d bytes are accounted for, there are %d", step, got, want)
				}
				if w.random.IntN(25) == 0 {
					w.catchUp()
					m := moment{w.collection.Snapshot(), w.objects.sorted(), w.version}
					if diff := differ(texts(slices.Values(m.objects)), texts(slices.Values(w.watched.sorted()))); diff != "" {
						t.Fatalf("watched (-want +got):\n%s", diff)
					}
					m.checkViews(t, w)
					moments = append(moments, m)
				}
			}
			for _, m := range moments {
				m.check(t)
			}
		})
	}
}
