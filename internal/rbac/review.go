package rbac

import (
	"context"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// Reviewer asks a cluster's API server about rights; Client does.
type Reviewer interface {
	SubjectAccessReview(ctx context.Context, spec authorizationv1.SubjectAccessReviewSpec) (authorizationv1.SubjectAccessReviewStatus, error)
	SelfSubjectRulesReview(ctx context.Context, namespace string) (authorizationv1.SubjectRulesReviewStatus, error)
}

// reviewSpec puts a request into the words of a SubjectAccessReview, whole: an authorizer may look at any of it, and an
// empty version would reach a webhook as "*".
func reviewSpec(u User, a Attributes) authorizationv1.SubjectAccessReviewSpec {
	spec := authorizationv1.SubjectAccessReviewSpec{
		User: u.Name, UID: u.UID, Groups: u.Groups,
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: a.Namespace, Verb: a.Verb, Group: a.Group, Version: a.Version,
			Resource: a.Resource, Subresource: a.Subresource, Name: a.Name,
		},
	}
	for key, values := range u.Extra {
		if spec.Extra == nil {
			spec.Extra = make(map[string]authorizationv1.ExtraValue, len(u.Extra))
		}
		spec.Extra[key] = values
	}
	if r := fieldRequirements(a.FieldSelector); len(r) > 0 {
		spec.ResourceAttributes.FieldSelector = &authorizationv1.FieldSelectorAttributes{Requirements: r}
	}
	if r := labelRequirements(a.LabelSelector); len(r) > 0 {
		spec.ResourceAttributes.LabelSelector = &authorizationv1.LabelSelectorAttributes{Requirements: r}
	}
	return spec
}

// fieldRequirements translates what the review can express. What it cannot is left out, which asks for more than is
// wanted and so is safe (KEP-4601; k8s.io/apiserver's webhook authorizer does the same).
func fieldRequirements(selector fields.Requirements) []metav1.FieldSelectorRequirement {
	var out []metav1.FieldSelectorRequirement
	for _, r := range selector {
		next := metav1.FieldSelectorRequirement{Key: r.Field, Values: []string{r.Value}}
		switch r.Operator {
		case selection.Equals, selection.DoubleEquals, selection.In:
			next.Operator = metav1.FieldSelectorOpIn
		case selection.NotEquals, selection.NotIn:
			next.Operator = metav1.FieldSelectorOpNotIn
		case selection.Exists, selection.DoesNotExist, selection.GreaterThan, selection.LessThan:
		}
		if next.Operator != "" {
			out = append(out, next)
		}
	}
	return out
}

// labelRequirements is fieldRequirements for labels.
func labelRequirements(selector labels.Requirements) []metav1.LabelSelectorRequirement {
	var out []metav1.LabelSelectorRequirement
	for _, r := range selector {
		next := metav1.LabelSelectorRequirement{Key: r.Key()}
		if values := r.ValuesUnsorted(); len(values) > 0 {
			next.Values = values
		}
		switch r.Operator() {
		case selection.Equals, selection.DoubleEquals, selection.In:
			next.Operator = metav1.LabelSelectorOpIn
		case selection.NotEquals, selection.NotIn:
			next.Operator = metav1.LabelSelectorOpNotIn
		case selection.Exists:
			next.Operator = metav1.LabelSelectorOpExists
		case selection.DoesNotExist:
			next.Operator = metav1.LabelSelectorOpDoesNotExist
		case selection.GreaterThan, selection.LessThan:
		}
		if next.Operator != "" {
			out = append(out, next)
		}
	}
	return out
}
