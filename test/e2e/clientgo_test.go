package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	clientfeatures "k8s.io/client-go/features"
	clientfeaturestesting "k8s.io/client-go/features/testing"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"github.com/k8cache/k8cache/test/e2e/env"
)

var (
	configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
	widgets    = schema.GroupVersionResource{Group: "e2e.k8cache.dev", Version: "v1", Resource: "widgets"}
)

// TestInformers runs the informers of client-go on both servers, with initial lists and with WatchList, while things
// happen: what they are told must be the same, in order.
func TestInformers(t *testing.T) {
	p := eastPair()
	direct := p.cluster.Admin.Config
	for name, make := range map[string]informed{"typed": typedInformer, "of JSON": jsonInformer, "dynamic": dynamicInformer, "metadata": metadataInformer} {
		for _, watchList := range []bool{false, true} {
			t.Run(name+", WatchList "+strconv.FormatBool(watchList), func(t *testing.T) {
				clientfeaturestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, watchList)
				sources := &sources{}
				cached := sources.of(shared.Front.Config(p.cluster, direct))
				ns := quietNamespace(t, p.cluster)
				configMap(t, p.cluster, ns, "before", "x")
				known(t, p, ns, "before")
				chosen := func(o *metav1.ListOptions) { o.LabelSelector = "chosen=yes" }
				all, allCached := follow(t, make, direct, ns, nil), follow(t, make, cached, ns, nil)
				some, someCached := follow(t, make, direct, ns, chosen), follow(t, make, cached, ns, chosen)
				happenings(t, p.cluster, ns, "last-of-all")
				want, wantChosen := there(t, p.cluster, ns, ""), there(t, p.cluster, ns, "chosen=yes")
				for _, each := range []struct {
					direct, cached *seen
					want           map[string]string
				}{{all, allCached, want}, {some, someCached, wantChosen}} {
					each.direct.waits(t, "direct", each.want)
					each.cached.waits(t, "cached", each.want)
					each.cached.sameAs(t, each.direct)
				}
				// What is asked for in protobuf first, as client-go does by default, is the API server's to say.
				if name == "of JSON" || name == "dynamic" {
					sources.allFromMemory(t)
				}
			})
		}
	}
}

// TestInformersOfCustomResources likewise.
func TestInformersOfCustomResources(t *testing.T) {
	p := eastPair()
	ns := namespace(t, p.cluster)
	widget := "{apiVersion: e2e.k8cache.dev/v1, kind: Widget, metadata: {name: NAME, namespace: " + ns + "}, spec: {size: 1, color: blue}}"
	blue := func(o *metav1.ListOptions) { o.FieldSelector = "spec.color=blue" }
	for _, watchList := range []bool{false, true} {
		clientfeaturestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, watchList)
		first, cachedOne := follow(t, dynamicInformerOf(widgets), p.cluster.Admin.Config, ns, blue), follow(t, dynamicInformerOf(widgets), shared.Front.Config(p.cluster, p.cluster.Admin.Config), ns, blue)
		client := p.cluster.Dynamic.Resource(widgets).Namespace(ns)
		for _, name := range []string{"one", "two"} {
			made := object(t, p.cluster, strings.ReplaceAll(widget, "NAME", name))
			for _, patch := range []string{`{"spec":{"size":2}}`, `{"spec":{"color":"green"}}`, `{"spec":{"color":"blue"}}`} {
				_, err := client.Patch(t.Context(), name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
				must(t, err)
			}
			if name == "one" {
				remove(t, p.cluster, made)
			}
		}
		made, err := client.Get(t.Context(), "two", metav1.GetOptions{})
		must(t, err)
		want := map[string]string{ns + "/two": made.GetResourceVersion()}
		first.waits(t, "direct", want)
		cachedOne.waits(t, "cached", want)
		cachedOne.sameAs(t, first)
		remove(t, p.cluster, made)
		first.waits(t, "direct", map[string]string{})
		cachedOne.waits(t, "cached", map[string]string{})
	}
}

// TestReflectors has what a Reflector does to its store: each call, in order.
func TestReflectors(t *testing.T) {
	p := eastPair()
	for _, watchList := range []bool{false, true} {
		t.Run("WatchList "+strconv.FormatBool(watchList), func(t *testing.T) {
			clientfeaturestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, watchList)
			ns := quietNamespace(t, p.cluster)
			configMap(t, p.cluster, ns, "before", "x")
			known(t, p, ns, "before")
			reflect := func(config *rest.Config) *reflected {
				client, err := kubernetes.NewForConfig(config)
				must(t, err)
				r := &reflected{newSeen()}
				lw := cache.NewListWatchFromClient(client.CoreV1().RESTClient(), "configmaps", ns, fields.Everything())
				runs(t, cache.NewReflectorWithOptions(lw, &corev1.ConfigMap{}, r, cache.ReflectorOptions{}).RunWithContext)
				r.waits(t, "a reflector", there(t, p.cluster, ns, ""))
				return r
			}
			first, cachedOne := reflect(p.cluster.Admin.Config), reflect(shared.Front.Config(p.cluster, p.cluster.Admin.Config))
			happenings(t, p.cluster, ns, "last-of-all")
			want := there(t, p.cluster, ns, "")
			first.waits(t, "direct", want)
			cachedOne.waits(t, "cached", want)
			cachedOne.sameAs(t, first.seen)
		})
	}
}

// reflected is a Reflector's store.
type reflected struct{ *seen }

var _ cache.ReflectorStore = (*reflected)(nil)

func (r *reflected) Add(object any) error    { r.note("ADDED", object); return nil }
func (r *reflected) Update(object any) error { r.note("MODIFIED", object); return nil }
func (r *reflected) Delete(object any) error { r.note("DELETED", object); return nil }
func (r *reflected) Resync() error           { return nil }

// Replace is how a reflector begins.
func (r *reflected) Replace(objects []any, _ string) error {
	for _, object := range objects {
		r.OnAdd(object, true)
	}
	return nil
}

// TestInformerOfAPart is an unmodified informer of all namespaces by somebody who may see one: it follows that one. An
// API server, and k8cache with scope=strict, refuse it.
func TestInformerOfAPart(t *testing.T) {
	p := eastPair()
	who, mine, other := user(t, p.cluster), quietNamespace(t, p.cluster), quietNamespace(t, p.cluster)
	grant(t, p.cluster, who, mine, readConfigMaps)
	knows(t, p.server, who, "/api/v1/namespaces/"+mine+"/configmaps")
	config := shared.Front.Config(p.cluster, who.Config)
	part, whole := follow(t, typedInformer, config, "", nil), follow(t, typedInformer, who.Config, mine, nil)
	happenings(t, p.cluster, other, "last-of-others")
	happenings(t, p.cluster, mine, "last-of-mine")
	want := there(t, p.cluster, mine, "")
	whole.waits(t, "direct", want)
	part.waits(t, "cached", want)
	part.sameAs(t, whole)

	strict := shared.Front.Config(p.cluster, who.Config)
	strict.Wrap(strictly)
	for name, config := range map[string]*rest.Config{"strict": strict, "direct": who.Config} {
		refusal := refusedInformer(t, config)
		if reason := metav1.StatusReason(refusal); reason != metav1.StatusReasonForbidden {
			t.Errorf("%s: %q, want %q", name, reason, metav1.StatusReasonForbidden)
		}
	}
}

// there is what the API server has, by key and version.
func there(t *testing.T, cluster *env.Cluster, ns, selector string) map[string]string {
	t.Helper()
	maps, err := cluster.Client.CoreV1().ConfigMaps(ns).List(t.Context(), metav1.ListOptions{LabelSelector: selector})
	must(t, err)
	has := map[string]string{}
	for i := range maps.Items {
		key, version := keyed(&maps.Items[i])
		has[key] = version
	}
	return has
}

// known waits until a config map is in what both servers have in memory, from which informers begin.
func known(t *testing.T, p pair, ns, name string) {
	t.Helper()
	path := "/api/v1/namespaces/" + ns + "/configmaps?resourceVersion=0"
	eventually(t, name, func() error {
		for _, answer := range []*env.Answer{direct(t, p.cluster, get(p.cluster.Admin, path)), cached(t, p.server, get(p.cluster.Admin, path))} {
			if !strings.Contains(string(answer.Body), `"name":"`+name+`"`) {
				return fmt.Errorf("not in %.200s", answer.Body)
			}
		}
		return nil
	})
}

// quietNamespace is one in which nothing happens by itself any more.
func quietNamespace(t *testing.T, cluster *env.Cluster) string {
	t.Helper()
	ns := namespace(t, cluster)
	eventually(t, "the root CA in "+ns, func() error {
		_, err := cluster.Client.CoreV1().ConfigMaps(ns).Get(t.Context(), "kube-root-ca.crt", metav1.GetOptions{})
		return err
	})
	return ns
}
