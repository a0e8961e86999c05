package informers

import (
	"context"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"
	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// errReplaced says that behind the cluster's URL there is another cluster now.
var errReplaced = errors.New("the API server is another cluster's now")

// verify looks before a watch is taken up from a version whether the API server is still the one that gave it. One of
// another cluster, or one restored from an older backup, has no objection to a version still to come: it says nothing
// until it gets there, and what is in memory would be served as if it were true.
func (c *Cluster) verify(ctx context.Context, resource Resource, version string) error {
	if err := c.recognize(ctx); err != nil {
		return err
	}
	err := request(c.client, resource.GroupVersionResource).Param("limit", "1").Param("resourceVersion", version).
		Param("resourceVersionMatch", string(metav1.ResourceVersionMatchNotOlderThan)).
		MaxRetries(0). // client-go would wait for the version
		Do(ctx).Error()
	if apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge) {
		return apierrors.NewResourceExpired("the API server has not come to version " + version + ": it is older than it was")
	}
	return err
}

// recognize compares the cluster's identity with the one first seen: the UID of the namespace kube-system, which every
// cluster has and none shares. Of a cluster that does not show it nothing is known. When it is another, all that was kept
// is forgotten.
func (c *Cluster) recognize(ctx context.Context) error {
	namespaces := schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	name := fields.OneTermEqualSelector(metav1.ObjectNameField, metav1.NamespaceSystem) // a list, because gets may not be granted
	body, err := request(c.client, namespaces).Param("fieldSelector", name.String()).Do(ctx).Raw()
	uid := gjson.GetBytes(body, "items.0.metadata.uid").String()
	switch {
	case err != nil && !apierrors.IsForbidden(err):
		return fmt.Errorf("recognize the cluster: %w", err)
	case uid == "":
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.uid {
	case uid:
		return nil
	case "":
		c.uid = uid
		return nil
	}
	c.log.Warn("another cluster behind the same URL: all that was kept is forgotten", zap.String("before", c.uid), zap.String("now", uid))
	c.uid = uid
	for _, entry := range c.mirrors {
		c.forgetLocked(entry)
	}
	c.askSoon()
	return errReplaced
}
