package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/k8cache/k8cache/hack/testenv"
)

// podsOf are the pods of a list.
func podsOf(t *testing.T, body []byte) corev1.PodList {
	t.Helper()
	var list corev1.PodList
	must(t, json.Unmarshal(body, &list))
	return list
}

// unionOf is what the API server gives somebody in some namespaces.
func unionOf(t *testing.T, p pair, who *testenv.Identity, namespaces []string) []corev1.Pod {
	t.Helper()
	var all []corev1.Pod
	for _, name := range namespaces {
		answer := direct(t, p.cluster, get(who, "/api/v1/namespaces/"+p.cluster.Namespace(name)+"/pods"))
		all = append(all, podsOf(t, answer.Body).Items...)
	}
	slices.SortFunc(all, func(a, b corev1.Pod) int { return strings.Compare(podKey(a), podKey(b)) })
	return all
}

func podKey(pod corev1.Pod) string { return pod.Namespace + "/" + pod.Name }

func podKeys(pods []corev1.Pod) []string {
	keys := []string{}
	for _, pod := range pods {
		keys = append(keys, podKey(pod))
	}
	return keys
}

// TestThreat07_QueriesLookOnlyAtWhatIsSeen asks as somebody who may see three namespaces, and compares with what the API
// server gives them there.
func TestThreat07_QueriesLookOnlyAtWhatIsSeen(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	seen := unionOf(t, p, who, three)
	byName := slices.SortedStableFunc(slices.Values(seen), func(a, b corev1.Pod) int { return strings.Compare(b.Name, a.Name) })
	for query, want := range map[string][]corev1.Pod{
		"sortBy=-metadata.name":                           byName,
		"fieldSelector=metadata.labels['nothing']!%3Dx":   seen,
		"search=no-such-word-anywhere":                    {},
		"sortBy=metadata.namespace,metadata.name&offset=": seen,
		"omitManagedFields=true":                          seen,
		"fields=metadata.name,metadata.namespace":         seen,
	} {
		answer := cached(t, p.server, get(who, "/api/v1/pods?"+query))
		if diff := cmp.Diff(podKeys(want), podKeys(podsOf(t, answer.Body).Items)); diff != "" || answer.Code != http.StatusOK {
			t.Errorf("%s: code %d (-want +got):\n%s", query, answer.Code, diff)
		}
	}
	t.Run("search", func(t *testing.T) {
		got := podsOf(t, cached(t, p.server, get(who, "/api/v1/pods?search=WEB-003&sortBy=metadata.namespace")).Body)
		var want []corev1.Pod
		for _, pod := range seen {
			if pod.Name == "web-003" {
				want = append(want, pod)
			}
		}
		if diff := cmp.Diff(podKeys(want), podKeys(got.Items)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// TestThreat07_CountsAreOfWhatIsSeen compares what remains, and counts, with what the API server gives.
func TestThreat07_CountsAreOfWhatIsSeen(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	seen := unionOf(t, p, who, three)
	t.Run("what remains", func(t *testing.T) {
		for _, query := range []string{"sortBy=metadata.name", "search=web", "fields=metadata.name", "offset=0"} {
			first := envelopeOf(t, cached(t, p.server, get(who, "/api/v1/pods?limit=2&"+query)))
			if n := first.Metadata.RemainingItemCount; n == nil || *n != int64(len(seen)-2) {
				t.Errorf("%s: %v remain of %d", query, n, len(seen))
			}
		}
	})
	t.Run("counts", func(t *testing.T) {
		want := map[string]int{}
		for _, pod := range seen {
			want[pod.Namespace]++
		}
		counts := aggregateOf(t, p, who, "/api/v1/pods?aggregate=metadata.namespace,nothing")
		got := map[string]int{}
		for _, value := range counts.Items[0].Values {
			got[value.Value] = value.Count
		}
		if diff := cmp.Diff(want, got); diff != "" || counts.Count != len(seen) || counts.Items[1].Missing != len(seen) {
			t.Errorf("%+v (-want +got):\n%s", counts, diff)
		}
	})
}

// TestThreat07_TagsOfQueriesTellOnlyOfWhatIsSeen changes what a caller does not see, and looks for it.
func TestThreat07_TagsOfQueriesTellOnlyOfWhatIsSeen(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	for _, query := range []string{"aggregate=metadata.namespace", "search=web&sortBy=metadata.name", "limit=2&offset=0&sortBy=-metadata.name"} {
		path := "/api/v1/pods?" + query
		tag := cached(t, p.server, get(who, path)).Header.Get("ETag")
		unseen := unique("web-unseen")
		object(t, p.cluster, fmt.Sprintf("{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: %s}, spec: {containers: [{name: c, image: i}]}}", unseen, p.cluster.Namespace("n05")))
		eventually(t, "the pod at k8cache", func() error {
			if found := podsOf(t, cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?search="+unseen)).Body); len(found.Items) != 1 {
				return fmt.Errorf("%d found", len(found.Items))
			}
			return nil
		})
		if again := cached(t, p.server, get(who, path, "If-None-Match: "+tag)); again.Code != http.StatusNotModified {
			t.Errorf("%s: code %d for what has not changed for this caller", query, again.Code)
		}
		if found := podsOf(t, cached(t, p.server, get(who, "/api/v1/pods?search="+unseen)).Body); len(found.Items) != 0 {
			t.Errorf("%d pods found that may not be seen", len(found.Items))
		}
	}
}

// countList is an AggregateList of texts.
type countList struct {
	Kind, APIVersion string
	Metadata         struct{ ResourceVersion string }
	Count            int
	Items            []struct {
		Path   string
		Values []struct {
			Value string
			Count int
		}
		Missing int
	}
}

func aggregateOf(t *testing.T, p pair, who *testenv.Identity, path string) countList {
	t.Helper()
	answer := cached(t, p.server, get(who, path))
	var counts countList
	if err := json.Unmarshal(answer.Body, &counts); err != nil || answer.Code != http.StatusOK || counts.Kind != "AggregateList" || counts.Metadata.ResourceVersion == "" {
		t.Fatalf("code %d: %v: %s", answer.Code, err, answer.Body)
	}
	return counts
}

// TestSortedPagesNeitherRepeatNorSkipWhileOthersWrite goes through a list by continue tokens, with all objects written over
// and over, and compares with the API server's list of the version that the first page names.
func TestSortedPagesNeitherRepeatNorSkipWhileOthersWrite(t *testing.T) {
	p := eastPair()
	in := namespace(t, p.cluster)
	maps := p.cluster.Client.CoreV1().ConfigMaps(in)
	const n = 40
	for i := range n {
		configMap(t, p.cluster, in, fmt.Sprintf("m%02d", i), fmt.Sprintf("%dm", i*37%100))
	}
	path := "/api/v1/namespaces/" + in + "/configmaps?sortBy=-data.value&limit=7&search=m"
	cached(t, p.server, get(p.cluster.Admin, path))
	ctx, stop := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for i := 0; ctx.Err() == nil; i++ {
			patch := fmt.Appendf(nil, `{"data":{"value":"%dm"}}`, i*61%100)
			if _, err := maps.Patch(ctx, fmt.Sprintf("m%02d", i%n), types.MergePatchType, patch, metav1.PatchOptions{}); err != nil && ctx.Err() == nil {
				return err
			}
		}
		return nil
	})
	for range 10 {
		checkSortedPages(t, p, in, path)
	}
	stop()
	must(t, group.Wait())
}

func checkSortedPages(t *testing.T, p pair, in, path string) {
	t.Helper()
	var got []string
	version, next := "", ""
	for {
		page := envelopeOf(t, cached(t, p.server, get(p.cluster.Admin, path+"&continue="+url.QueryEscape(next))))
		for _, item := range page.Items {
			var found corev1.ConfigMap
			must(t, json.Unmarshal(item, &found))
			if found.Name != "kube-root-ca.crt" {
				got = append(got, fmt.Sprintf("%4s %s", found.Data["value"], found.Name))
			}
		}
		if version == "" {
			version = page.Metadata.ResourceVersion
		}
		if version != page.Metadata.ResourceVersion {
			t.Fatalf("pages of versions %s and %s", version, page.Metadata.ResourceVersion)
		}
		if next = page.Metadata.Continue; next == "" {
			break
		}
	}
	exact, err := p.cluster.Client.CoreV1().ConfigMaps(in).List(t.Context(), metav1.ListOptions{ResourceVersion: version, ResourceVersionMatch: metav1.ResourceVersionMatchExact})
	must(t, err)
	var want []string
	for _, found := range exact.Items {
		if found.Name != "kube-root-ca.crt" {
			want = append(want, fmt.Sprintf("%4s %s", found.Data["value"], found.Name))
		}
	}
	slices.SortStableFunc(want, func(a, b string) int { return strings.Compare(b[:4], a[:4]) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("version %s (-the API server's, sorted +pages):\n%s", version, diff)
	}
}

// TestWatchesWithAQuery see what enters and leaves a search, cut down to fields.
func TestWatchesWithAQuery(t *testing.T) {
	p := eastPair()
	in := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + in + "/configmaps"
	cached(t, p.server, get(p.cluster.Admin, path))
	events := watch(t, p.server, p.cluster.Admin, path+"?watch=1&search=tasty+yes&fields=metadata.name,data&fieldSelector=data.value!%3Dhidden")
	maps := p.cluster.Client.CoreV1().ConfigMaps(in)
	write := func(name, patch string) {
		t.Helper()
		_, err := maps.Patch(t.Context(), name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
		must(t, err)
	}
	configMap(t, p.cluster, in, "cake", "1")
	write("cake", `{"metadata":{"labels":{"tasty":"yes"}}}`)
	write("cake", `{"data":{"value":"2"}}`)
	write("cake", `{"data":{"value":"hidden"}}`)
	write("cake", `{"data":{"value":"3"}}`)
	write("cake", `{"metadata":{"labels":{"tasty":"no"}}}`)
	object(t, p.cluster, "{apiVersion: v1, kind: ConfigMap, metadata: {name: last, namespace: "+in+", labels: {tasty: 'YES'}}}")
	want := []string{
		`{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cake"},"data":{"value":"1"}}}`,
		`{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cake"},"data":{"value":"2"}}}`,
		`{"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cake"},"data":{"value":"2"}}}`,
		`{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cake"},"data":{"value":"3"}}}`,
		`{"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cake"},"data":{"value":"3"}}}`,
		`{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"last"}}}`,
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(strings.Join(events.until(t, `"last"`), "")), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFieldsOfOneObjectAndOfCustomResources are cut out in place; what is alone keeps its type.
func TestFieldsOfOneObjectAndOfCustomResources(t *testing.T) {
	p := eastPair()
	in := p.cluster.Namespace("a-b")
	for path, want := range map[string]string{
		"/api/v1/namespaces/" + in + "/pods/web-000?fields=metadata.name,spec.containers[*].name":           `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-000"},"spec":{"containers":[{"name":`,
		"/api/v1/namespaces/" + in + "/pods/web-000?fields=nothing":                                         `{"kind":"Pod","apiVersion":"v1"}`,
		"/api/v1/namespaces/" + in + "/pods?fields=metadata.name&fieldSelector=metadata.name%3Dweb-000":     `"items":[{"metadata":{"name":"web-000"}}]}`,
		"/apis/e2e.k8cache.dev/v1/namespaces/" + in + "/widgets?fields=metadata.namespace&limit=1&offset=0": `"items":[{"metadata":{"namespace":"` + in + `"}}]`,
	} {
		if answer := cached(t, p.server, get(p.cluster.Admin, path)); answer.Code != http.StatusOK || !strings.Contains(string(answer.Body), want) {
			t.Errorf("%s: code %d: %s", path, answer.Code, answer.Body)
		}
	}
}

// TestThreat31_QueriesAreBounded and say which parameter is wrong, and where.
func TestThreat31_QueriesAreBounded(t *testing.T) {
	p := eastPair()
	for query, want := range map[string]string{
		"sortBy=metadata.name,":                            "sortBy: at character 15: a field path must stand here",
		"sortBy=metadata..name":                            "sortBy: at character 10: a name must stand here",
		"sortBy=spec.containers[*].image":                  "sortBy: at character 1: one value to sort by is needed, not [*]",
		"sortBy=a[1":                                       "sortBy: at character 4: a closing bracket must stand here",
		"sortBy=metadata.%23|%40this(":                     "sortBy: at character 17",
		"sortBy=" + strings.Repeat("a,", 1000) + "a":       "sortBy: at character 17: at most 8 paths",
		"search=" + strings.Repeat("x", 1<<13):             "search: at most 256 bytes",
		"search=a+b+c+d+e+f+g+h+i":                         "search: at most 8 words",
		"offset=-1":                                        "offset: a whole number from 0 on is needed",
		"offset=9e18":                                      "offset: a whole number",
		"offset=1&continue=x":                              "offset: a continue token knows its place",
		"fields=spec.containers[0].image":                  "fields: an element cannot be cut out by its number",
		"fields=" + strings.Repeat("a,", 100) + "a":        "fields: at character 129: at most 64 paths",
		"aggregate=metadata.name&limit=3":                  "aggregate: counts have no items",
		"aggregate=a['":                                    "aggregate: at character 4: the closing quote is missing",
		"omitManagedFields=perhaps":                        "omitManagedFields: true or false",
		"fieldSelector=a[b]%3Dc":                           "fieldSelector: in field 1: at character 3",
		"watch=1&sortBy=metadata.name":                     "sortBy: only a list has an order",
		"watch=1&aggregate=metadata.name&timeoutSeconds=1": "aggregate: only a list has",
		"search=%ff":                                       "search: no text of UTF-8",
	} {
		answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?"+query))
		var status metav1.Status
		must(t, json.Unmarshal(answer.Body, &status))
		if answer.Code != http.StatusBadRequest || status.Reason != metav1.StatusReasonBadRequest || !strings.HasPrefix(status.Message, want) {
			t.Errorf("%s: code %d: %s, want %s", cut(query), answer.Code, cut(string(answer.Body)), want)
		}
	}
}

// TestQueriesAreNeverIgnored, nor passed on to an API server that does not know them: it would answer, or delete, something
// else than was asked for.
func TestQueriesAreNeverIgnored(t *testing.T) {
	p := eastPair()
	in := namespace(t, p.cluster)
	configMap(t, p.cluster, in, "kept", "1")
	path := "/api/v1/namespaces/" + in + "/configmaps?search=nothing-like-it"
	for name, request := range map[string]struct {
		method, path, line, hint string
	}{
		"protobuf":       {http.MethodGet, path, "Accept: application/vnd.kubernetes.protobuf", ": accept application/json"},
		"no-cache":       {http.MethodGet, path, "Cache-Control: no-cache", ": leave Cache-Control: no-cache out"},
		"HEAD":           {http.MethodHead, path, "", ""},
		"DELETE":         {http.MethodDelete, path, "", ": only a GET can be answered here"},
		"secrets":        {http.MethodGet, "/api/v1/namespaces/" + in + "/secrets?sortBy=metadata.name", "Accept: */*", ", as where the resource is not cached"},
		"twice":          {http.MethodGet, path + "&search=other", "Accept: */*", "or another parameter is wrong"},
		"bad limit":      {http.MethodGet, path + "&limit=abc", "", "or another parameter is wrong"},
		"one object":     {http.MethodGet, "/api/v1/namespaces/" + in + "/configmaps/kept?search=kept", "", ""},
		"aggregated API": {http.MethodGet, "/apis/nothing.example.com/v1/things?sortBy=metadata.name", "", "the resource is not cached"},
	} {
		var lines []string
		if request.line != "" {
			lines = append(lines, request.line)
		}
		answer := cached(t, p.server, ask(request.method, p.cluster.Admin, request.path, "", lines...))
		if answer.Code != http.StatusBadRequest || !strings.Contains(string(answer.Body), request.hint) {
			t.Errorf("%s: code %d: %s, want %s", name, answer.Code, cut(string(answer.Body)), request.hint)
		}
	}
	if answer := direct(t, p.cluster, get(p.cluster.Admin, "/api/v1/namespaces/"+in+"/configmaps/kept")); answer.Code != http.StatusOK {
		t.Errorf("the config map is gone: code %d", answer.Code)
	}
}

// TestThreat08_TokensAreBoundToTheQuery and to nothing that the client may change.
func TestThreat08_TokensAreBoundToTheQuery(t *testing.T) {
	p := eastPair()
	first := envelopeOf(t, cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?limit=2&sortBy=metadata.name")))
	for _, query := range []string{"sortBy=-metadata.name", "sortBy=metadata.name&search=web", "sortBy=metadata.name&fields=metadata.name", ""} {
		answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?limit=2&"+query+"&continue="+url.QueryEscape(first.Metadata.Continue)))
		if answer.Code != http.StatusBadRequest {
			t.Errorf("%s: code %d: %s", query, answer.Code, cut(string(answer.Body)))
		}
	}
	same := "sortBy=.metadata['name']&limit=3&continue=" + url.QueryEscape(first.Metadata.Continue)
	if answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?"+same)); answer.Code != http.StatusOK {
		t.Errorf("another way to write the same: code %d: %s", answer.Code, cut(string(answer.Body)))
	}
}
