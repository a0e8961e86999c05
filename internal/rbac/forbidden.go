package rbac

import (
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Forbidden returns the 403 that the API server answers when none of its authorizers has an opinion, word for word
// (k8s.io/apiserver, pkg/endpoints/handlers/responsewriters/errors.go).
func Forbidden(u User, a Attributes) *apierrors.StatusError { return forbidden(u, a, "") }

// forbidden is Forbidden with the authorizers' reason.
func forbidden(u User, a Attributes, reason string) *apierrors.StatusError {
	resource := a.Resource
	if a.Subresource != "" {
		resource += "/" + a.Subresource
	}
	where := "at the cluster scope"
	if a.Namespace != "" {
		where = fmt.Sprintf("in the namespace %q", a.Namespace)
	}
	// An answer that looks like HTML must not run in a browser; the API server escapes the same three characters.
	html := strings.NewReplacer(`&`, "&amp;", `<`, "&lt;", `>`, "&gt;")
	message := html.Replace(fmt.Sprintf("User %q cannot %s resource %q in API group %q %s", u.Name, a.Verb, resource, a.Group, where))
	if reason != "" {
		message += ": " + reason
	}
	return apierrors.NewForbidden(schema.GroupResource{Group: a.Group, Resource: a.Resource}, a.Name, errors.New(message))
}
