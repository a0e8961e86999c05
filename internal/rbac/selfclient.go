package rbac

import (
	"context"

	authorizationv1 "k8s.io/api/authorization/v1"
)

// Self returns a Reviewer that asks what the service itself may do, whoever is asked about. It is for kubeconfig mode,
// where every caller is the service: everybody may ask about their own rights (system:basic-user), and few people's
// kubeconfig may ask about others'. It goes with ModeSAR; ModeAuto asks about others.
func (c *Client) Self() Reviewer { return selfClient{c} }

// selfClient is a Client that speaks of itself only.
type selfClient struct{ *Client }

var _ Reviewer = selfClient{}

// SubjectAccessReview asks whether the service may do what the spec says.
func (c selfClient) SubjectAccessReview(ctx context.Context, spec authorizationv1.SubjectAccessReviewSpec) (authorizationv1.SubjectAccessReviewStatus, error) {
	answer, err := review(ctx, c.Client, "apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &authorizationv1.SelfSubjectAccessReview{
		TypeMeta: typeMeta("authorization.k8s.io/v1", "SelfSubjectAccessReview"),
		Spec:     authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: spec.ResourceAttributes},
	})
	return answer.Status, err
}
