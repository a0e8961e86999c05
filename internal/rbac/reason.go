package rbac

import (
	"fmt"
	"strings"
)

// maxReasons bounds how many bindings one audit line names.
const maxReasons = 4

// Reason names what decided, for the audit log: the bindings that show the user what they see, or the authorizer that
// was asked, or what is missing. It is bounded, whatever the number of bindings.
func (s Scope) Reason() string {
	switch {
	case s.reason != "":
		return s.reason
	case s.Empty():
		return s.refusal()
	}
	refs, more := s.deciding()
	names := make([]string, 0, len(refs)+1)
	for _, ref := range refs {
		names = append(names, ref.String())
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return "RBAC: allowed by " + strings.Join(names, ", ")
}

// deciding returns the first bindings that show anything of the target, and how many more do.
func (s Scope) deciding() (refs []Ref, more int) {
	take := func(c *cover) {
		if c == nil || s.all && !c.allows(s.attrs.Name) {
			return
		}
		for _, b := range c.by {
			if len(refs) == maxReasons {
				more++
				continue
			}
			refs = append(refs, b.ref)
		}
	}
	take(s.grants.cluster)
	if s.attrs.Namespace != "" {
		take(s.grants.spaces[s.attrs.Namespace])
		return refs, more
	}
	if s.all || !s.attrs.Namespaced {
		return refs, more
	}
	for _, namespace := range s.grants.whole {
		take(s.grants.spaces[namespace])
	}
	for _, namespace := range s.grants.partial {
		take(s.grants.spaces[namespace])
	}
	return refs, more
}

// refusal is the reason that the API server's RBAC authorizer gives for having no opinion: the bindings that apply and
// name a missing role. Like it, several are put in brackets (apimachinery, util/errors.Aggregate).
func (s Scope) refusal() string {
	if s.refused != "" || s.grants == nil {
		return s.refused
	}
	broken := s.grants.broken(s.attrs.Namespace)
	switch len(broken) {
	case 0:
		return ""
	case 1:
		return "RBAC: " + broken[0]
	default:
		return "RBAC: [" + strings.Join(broken, ", ") + "]"
	}
}
