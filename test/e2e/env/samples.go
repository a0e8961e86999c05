package env

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
)

var (
	//go:embed samples/crds.yaml
	crds string
	//go:embed samples/cluster.yaml
	inCluster string
	//go:embed samples/nodes.yaml
	nodes string
	//go:embed samples/everywhere.yaml
	everywhere string
	//go:embed samples/some.yaml
	some string
	//go:embed samples/pod.yaml
	pod string
)

// Samples are the short names of the sample namespaces: twenty, of which a-b comes before a in the order of keys, since '-'
// is less than '/'.
func Samples() []string {
	names := []string{"a", "a-b", "b"}
	for i := range 17 {
		names = append(names, fmt.Sprintf("n%02d", i))
	}
	return names
}

// pods is how many a sample namespace has: unevenly many, and none in some.
func pods(index int) int { return index * 7 % 20 }

func (c *Cluster) createSamples(ctx context.Context) error {
	if err := c.createAll(ctx, c.expand(crds)); err != nil {
		return err
	}
	if c.Plane != nil {
		if err := c.createAll(ctx, nodes); err != nil {
			return err
		}
	}
	if err := c.createAll(ctx, c.expand(inCluster)); err != nil {
		return err
	}
	for i, name := range Samples() {
		if err := c.fillNamespace(ctx, i, c.Namespace(name)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) fillNamespace(ctx context.Context, index int, name string) error {
	if err := c.createNamespace(ctx, name); err != nil {
		return err
	}
	texts := []string{everywhere}
	if index < 3 {
		texts = append(texts, some)
	}
	for i := range pods(index) {
		texts = append(texts, strings.ReplaceAll(pod, "POD", fmt.Sprintf("web-%03d", i)))
	}
	return c.createAllIn(ctx, name, c.expand(strings.Join(texts, "\n---\n")))
}

func (c *Cluster) expand(text string) string {
	return strings.NewReplacer("PREFIX", c.prefix, "CLUSTER", c.Name).Replace(text)
}

// createAll makes each object of a YAML stream.
func (c *Cluster) createAll(ctx context.Context, stream string) error {
	return c.createAllIn(ctx, "", stream)
}

func (c *Cluster) createAllIn(ctx context.Context, namespace, stream string) error {
	for text := range strings.SplitSeq(strings.ReplaceAll(stream, "NAMESPACE", namespace), "\n---\n") {
		if err := c.createText(ctx, namespace, text); err != nil {
			return err
		}
	}
	return nil
}

// createText makes one object. A resource defined a moment ago is not served yet: that is waited for.
func (c *Cluster) createText(ctx context.Context, namespace, text string) error {
	object, err := Object(text)
	if err != nil {
		return err
	}
	object.SetNamespace(namespace)
	var last error
	err = wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, 20*time.Second, true, func(ctx context.Context) (bool, error) {
		_, last = c.Create(ctx, object.DeepCopy())
		return !notServedYet(last), nil
	})
	if last != nil {
		return last
	}
	return err
}

func notServedYet(err error) bool {
	return err != nil && (apierrors.IsNotFound(err) || strings.Contains(err.Error(), "no matches for kind"))
}
