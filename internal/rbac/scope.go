package rbac

import (
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// Scope is the part of one request's target that one user may see. It never reaches beyond the target: the scope of a
// list in namespace a shows nothing of namespace b, whatever the user may see there. It is immutable; the zero value
// shows nothing.
type Scope struct {
	user    User
	attrs   Attributes
	all     bool
	grants  *grants
	epoch   uint64
	reason  string // who decided, where it was not RBAC's bindings
	refused string // what the API server says when it refuses, where it was asked
}

// All reports whether the API server would allow the request just as it was asked: the user sees all of its target.
// A request with ?scope=strict is refused where this is false.
func (s Scope) All() bool { return s.all }

// Empty reports whether the user may see nothing of the target, so that the answer is Forbidden. A scope that is not
// empty may still select no object.
func (s Scope) Empty() bool {
	switch {
	case s.all:
		return false
	case s.grants == nil || !s.attrs.isCollection():
		return true
	case !s.attrs.Namespaced:
		return s.attrs.Name != "" || s.grants.cluster.opensNothing()
	case s.attrs.Namespace != "":
		return s.attrs.Name != "" || s.grants.cluster.opensNothing() && s.grants.spaces[s.attrs.Namespace].opensNothing()
	case s.attrs.Name != "":
		return len(s.grants.whereAllowed(s.attrs.Name)) == 0
	default:
		return s.grants.cluster.opensNothing() && len(s.grants.whole) == 0 && len(s.grants.partial) == 0
	}
}

// Allows reports whether the scope shows the object. The namespace of an object that lives in none is empty.
func (s Scope) Allows(namespace, name string) bool {
	switch {
	case !s.targets(namespace, name):
		return false
	case s.all:
		return true
	case s.grants == nil || !s.attrs.isCollection():
		return false
	case s.opens(s.grants.cluster, name):
		return true
	default:
		return s.attrs.Namespaced && s.opens(s.grants.spaces[namespace], name)
	}
}

// targets reports whether the object is among those that the request is about.
func (s Scope) targets(namespace, name string) bool {
	if s.attrs.Name != "" && s.attrs.Name != name {
		return false
	}
	if !s.attrs.Namespaced {
		return namespace == ""
	}
	return s.attrs.Namespace == "" || s.attrs.Namespace == namespace
}

// opens reports whether the cover shows the object: because it allows the request as asked, or because a caller who
// asked for just this name would be allowed.
func (s Scope) opens(c *cover, name string) bool {
	return c.allows(s.attrs.Name) || s.attrs.Name == "" && c.has(name)
}

// Namespaces returns, sorted, the namespaces of which a caller who may not see all of the target sees everything that
// the target has there. It is nil when All, and of names opened one by one it says nothing.
func (s Scope) Namespaces() []string {
	if s.all || s.grants == nil || !s.attrs.Namespaced || !s.attrs.isCollection() {
		return nil
	}
	if s.attrs.Namespace == "" {
		return s.grants.whereAllowed(s.attrs.Name)
	}
	return nil
}

// Select returns the visible part of the target. Whole namespaces are picked as they stand; objects are looked at one
// by one only where names decide.
func (s Scope) Select(snapshot *store.Snapshot) store.View {
	switch {
	case s.Empty():
		return snapshot.In()
	case s.all && s.attrs.Name == "":
		return s.target(snapshot)
	case s.all, s.attrs.Namespace != "", !s.attrs.Namespaced, s.attrs.Name != "", len(s.grants.cluster.names) > 0:
		return s.target(snapshot).Filter(s.shows)
	case len(s.grants.partial) == 0:
		return snapshot.In(s.grants.whole...)
	default:
		return snapshot.In(slices.Concat(s.grants.whole, s.grants.partial)...).Filter(s.shows)
	}
}

// target returns the objects that the request is about, names left aside.
func (s Scope) target(snapshot *store.Snapshot) store.View {
	if s.attrs.Namespaced && s.attrs.Namespace != "" {
		return snapshot.In(s.attrs.Namespace)
	}
	return snapshot.All()
}

// shows is Allows for an object of the store.
func (s Scope) shows(o serialize.Ref) bool { return s.Allows(o.Namespace(), o.Name()) }

// Epoch numbers the state of RBAC that the scope was computed under, for logs; whether it still holds is a question
// for Authorizer.Current.
func (s Scope) Epoch() uint64 { return s.epoch }

// User returns whose scope it is.
func (s Scope) User() User { return s.user }

// Equal reports whether two scopes of the same request show the same, whatever the reasons.
func (s Scope) Equal(other Scope) bool {
	switch {
	case s.all || other.all:
		return s.all == other.all
	case s.grants == other.grants:
		return true
	case s.grants == nil || other.grants == nil:
		return s.Empty() && other.Empty()
	case s.attrs.Namespaced && s.attrs.Namespace != "":
		return s.grants.cluster.shows(other.grants.cluster) &&
			s.grants.spaces[s.attrs.Namespace].shows(other.grants.spaces[s.attrs.Namespace])
	default:
		return s.grants.show(other.grants)
	}
}

// Forbidden returns the API server's refusal of the request, with what it would say about broken bindings.
func (s Scope) Forbidden() *apierrors.StatusError {
	return forbidden(s.user, s.attrs, s.refusal())
}
