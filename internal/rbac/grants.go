package rbac

import "slices"

// grants is what RBAC gives one user for one question: the cluster's cover, which counts everywhere, and that of each
// namespace with a RoleBinding that says anything about it. It is immutable and shared by all requests of that user
// that ask the same, whatever namespace or name they ask for.
type grants struct {
	cluster *cover
	spaces  map[string]*cover
	weight  int

	// whole and partial are the namespaces of which an unnamed list shows everything, or some names, sorted.
	whole, partial []string
}

// allows reports whether the API server's RBAC authorizer would allow the question for that namespace and name: by
// a ClusterRoleBinding, or, where a namespace is asked for, by a RoleBinding in it.
func (g *grants) allows(namespace, name string) bool {
	return g.cluster.allows(name) || namespace != "" && g.spaces[namespace].allows(name)
}

// space returns what a RoleBinding may give in the namespace, creating it.
func (g *grants) space(namespace string) *cover {
	c := g.spaces[namespace]
	if c == nil {
		c = &cover{}
		g.spaces[namespace] = c
	}
	return c
}

// add takes up one binding that applies to the user, and what its role says.
func (g *grants) add(b *binding, a answer) {
	if !a.whole && len(a.names) == 0 && a.missing == "" {
		return
	}
	place := g.cluster
	if b.ref.Namespace != "" {
		place = g.space(b.ref.Namespace)
	}
	if a.missing != "" {
		place.broken = append(place.broken, a.missing)
		return
	}
	place.add(b, a)
}

// seal ends the compilation and weighs the result for the cache.
func (g *grants) seal() *grants {
	g.cluster.seal()
	g.weight = 1 + len(g.cluster.names) + len(g.cluster.by)
	for namespace, c := range g.spaces {
		c.seal()
		g.weight += 1 + len(c.names) + len(c.by)
		switch {
		case c.allows(""):
			g.whole = append(g.whole, namespace)
		case !c.opensNothing():
			g.partial = append(g.partial, namespace)
		}
	}
	slices.Sort(g.whole)
	slices.Sort(g.partial)
	return g
}

// whereAllowed returns the namespaces in which a RoleBinding gives the name, sorted.
func (g *grants) whereAllowed(name string) []string {
	if name == "" {
		return g.whole
	}
	var namespaces []string
	for namespace, c := range g.spaces {
		if c.allows(name) {
			namespaces = append(namespaces, namespace)
		}
	}
	slices.Sort(namespaces)
	return namespaces
}

// equal reports whether two compilations came out the same, deciding bindings included.
func (g *grants) equal(other *grants) bool {
	if len(g.spaces) != len(other.spaces) || !g.cluster.equal(other.cluster) {
		return false
	}
	for namespace, c := range g.spaces {
		if !c.equal(other.spaces[namespace]) {
			return false
		}
	}
	return true
}

// broken returns what the API server would add to a refusal in that namespace.
func (g *grants) broken(namespace string) []string {
	if c := g.spaces[namespace]; c != nil {
		return slices.Concat(g.cluster.broken, c.broken)
	}
	return g.cluster.broken
}

// show reports whether two compilations show the same, whoever gives it.
func (g *grants) show(other *grants) bool {
	if !g.cluster.shows(other.cluster) {
		return false
	}
	for namespace, c := range g.spaces {
		if !c.shows(other.spaces[namespace]) {
			return false
		}
	}
	for namespace, c := range other.spaces {
		if !c.shows(g.spaces[namespace]) {
			return false
		}
	}
	return true
}
