package authn

import (
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/rbac"
)

// Pass returns nil if a request can go on to the cluster as whose it is, or the Failure to answer with. What a
// certificate or a front proxy proves to us it does not prove there: passed on, the request would be somebody else's.
// Nobody's stays nobody's, for the cluster to judge.
func (a *Authenticator) Pass(r *http.Request) error {
	c, err := a.credentials(r)
	if err != nil {
		return err
	}
	if c.method != ByCertificate && c.method != ByFrontProxy {
		return nil
	}
	status := apierrors.NewForbidden(schema.GroupResource{}, "", nil)
	status.ErrStatus.Message = "this request is not one to answer from memory, and a caller known by " + string(c.method) +
		" cannot be passed on to the cluster: send a bearer token, or ask the API server itself"
	return rbac.NewFailure(status, nil)
}
