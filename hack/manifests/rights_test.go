package manifests

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// testRights asks for each verb of each resource that the API server knows, subresources included, and leaves out what
// Kubernetes grants to every service account.
func testRights(t *testing.T, admin *rest.Config) {
	client := clientFor(t, admin)
	waitUntilAllowed(t, client, right{verb: "list", group: "apps", resource: "deployments"})
	var want, got []string
	for _, r := range everyRight(t, client) {
		if allowed(t, client, r, bystander) {
			continue
		}
		if expected(r) {
			want = append(want, r.String())
		}
		if allowed(t, client, r, serviceAccount) {
			got = append(got, r.String())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rights of %s (-want +got):\n%s", serviceAccount, diff)
	}
}

// testAggregation follows the example in deploy/rbac.yaml.
func testAggregation(t *testing.T, admin *rest.Config) {
	client := clientFor(t, admin)
	certificates := right{verb: "list", group: "cert-manager.io", resource: "certificates"}
	if allowed(t, client, certificates, serviceAccount) {
		t.Fatalf("may %s before it is granted", certificates)
	}
	role := &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "k8cache-cert-manager", Labels: map[string]string{"k8cache.dev/aggregate-to-read": "true"}},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"cert-manager.io"}, Resources: []string{"*"}, Verbs: []string{"list", "watch"}}},
	}
	if _, err := client.RbacV1().ClusterRoles().Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	waitUntilAllowed(t, client, certificates)
}

// right is a verb on a resource, asked for the whole cluster.
type right struct{ verb, group, resource, subresource string }

func (r right) String() string {
	return strings.TrimSuffix(r.verb+" "+r.group+"/"+r.resource+"/"+r.subresource, "/")
}

// expected says what deploy/rbac.yaml is for: reading every collection but secrets, and asking about callers.
func expected(r right) bool {
	switch r.verb {
	case "list", "watch":
		return r.resource != "secrets" && r.resource != "componentstatuses" // which cannot be watched
	case "create":
		return r.resource == "tokenreviews" || r.resource == "subjectaccessreviews"
	}
	return false
}

// everyRight lists the verbs of all resources, by the API server's own account.
func everyRight(t *testing.T, client kubernetes.Interface) []right {
	t.Helper()
	_, lists, err := client.Discovery().ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	var rights []right
	for _, list := range lists {
		group, _, found := strings.Cut(list.GroupVersion, "/")
		if !found {
			group = ""
		}
		for _, served := range list.APIResources {
			resource, subresource, _ := strings.Cut(served.Name, "/")
			for _, verb := range served.Verbs {
				rights = append(rights, right{verb, group, resource, subresource})
			}
		}
	}
	return rights
}

func allowed(t *testing.T, client kubernetes.Interface, r right, user string) bool {
	t.Helper()
	answer, err := r.review(t.Context(), client, user)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// review asks whether user, a service account, has the right.
func (r right) review(ctx context.Context, client kubernetes.Interface, user string) (bool, error) {
	review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
		User:   user,
		Groups: []string{"system:serviceaccounts", "system:authenticated"},
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Verb: r.verb, Group: r.group, Resource: r.resource, Subresource: r.subresource,
		},
	}}
	answer, err := client.AuthorizationV1().SubjectAccessReviews().Create(ctx, review, metav1.CreateOptions{})
	if err != nil {
		return false, err
	}
	return answer.Status.Allowed, nil
}

// waitUntilAllowed waits for kube-controller-manager, which fills an aggregated role some time after its parts are there.
func waitUntilAllowed(t *testing.T, client kubernetes.Interface, r right) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		return r.review(ctx, client, serviceAccount)
	})
	if err != nil {
		t.Fatalf("wait until %s may %s: %v", serviceAccount, r, err)
	}
}
