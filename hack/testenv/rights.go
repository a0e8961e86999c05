package testenv

import (
	"context"
	"fmt"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// WaitAllowed waits until the API server's authorizer allows what is asked: it sees a new role or binding a moment after
// that was written.
func WaitAllowed(ctx context.Context, admin *rest.Config, asked authorizationv1.SubjectAccessReviewSpec) error {
	client, err := kubernetes.NewForConfig(admin)
	if err != nil {
		return err
	}
	review := &authorizationv1.SubjectAccessReview{Spec: asked}
	err = wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, 10*time.Second, true, func(ctx context.Context) (bool, error) {
		answer, err := client.AuthorizationV1().SubjectAccessReviews().Create(ctx, review, metav1.CreateOptions{})
		return err == nil && answer.Status.Allowed, err
	})
	if err != nil {
		return fmt.Errorf("wait until %s is allowed %v: %w", asked.User, asked.ResourceAttributes, err)
	}
	return nil
}
