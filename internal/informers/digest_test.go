package informers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestReadMetadata(t *testing.T) {
	both := newDigester()
	both.add("a/x", 5)
	both.add("y", 7)
	for name, test := range map[string]struct {
		body     string
		metadata metav1.ListMeta
		digest   digest
	}{
		"two, in the order of built-in kinds": {
			`{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"9","continue":"c","remainingItemCount":3},
			"items":[{"metadata":{"name":"x","namespace":"a","resourceVersion":"5","labels":{"name":"z"}}},{"kind":"K","metadata":{"name":"y","resourceVersion":"7"}}]}`,
			metav1.ListMeta{ResourceVersion: "9", Continue: "c"},
			both.digest(),
		},
		"none":            {`{"metadata":{"resourceVersion":"9"},"items":[]}`, metav1.ListMeta{ResourceVersion: "9"}, newDigester().digest()},
		"none, as null":   {`{"items":null,"metadata":{"resourceVersion":"9"}}`, metav1.ListMeta{ResourceVersion: "9"}, newDigester().digest()},
		"unknown members": {`{"new":{"a":[1]},"metadata":{"resourceVersion":"9"}}`, metav1.ListMeta{ResourceVersion: "9"}, newDigester().digest()},
	} {
		d := newDigester()
		metadata, err := readMetadata(strings.NewReader(test.body), d)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		metadata.RemainingItemCount = nil
		if diff := cmp.Diff(test.metadata, metadata); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if d.digest() != test.digest {
			t.Errorf("%s: digest %v, want %v", name, d.digest(), test.digest)
		}
	}
}

func TestReadMetadataRefusesWhatIsCutOffOrNoList(t *testing.T) {
	whole := `{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"x","resourceVersion":"5"}}]}`
	for i := range len(whole) {
		if _, err := readMetadata(strings.NewReader(whole[:i]), newDigester()); err == nil {
			t.Errorf("taken for a list: %s", whole[:i])
		}
	}
	for _, body := range []string{"", "null", "[]", `{"items":{}}`, `{"items":[{"metadata":{"resourceVersion":""}}]}`, `{"items":[7]}`} {
		if _, err := readMetadata(strings.NewReader(body), newDigester()); err == nil {
			t.Errorf("taken for a list: %s", body)
		}
	}
}

// TestDigestsDiffer in whatever a collection may be wrong in.
func TestDigestsDiffer(t *testing.T) {
	type object struct {
		key     string
		version uint64
	}
	seen := map[digest]int{}
	for i, objects := range [][]object{
		{}, {{"a/x", 1}}, {{"a/x", 2}}, {{"a/y", 1}}, {{"ax", 1}}, {{"a/x", 1}, {"a/y", 1}}, {{"a/x", 1}, {"a/y", 2}}, {{"a/x", 2}, {"a/y", 1}}, {{"a/x1", 1}}, {{"a/x", 11}},
	} {
		d := newDigester()
		for _, o := range objects {
			d.add(o.key, o.version)
		}
		if before, ok := seen[d.digest()]; ok {
			t.Errorf("case %d has the digest of case %d", i, before)
		}
		seen[d.digest()] = i
	}
}
