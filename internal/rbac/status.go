package rbac

// Status is how an Authorizer stands, for a status page and the log. Reading it asks nobody.
type Status struct {
	Mode Mode
	// Epoch numbers the state of RBAC that was last compiled.
	Epoch uint64
	// Bindings and Roles are how many it had of either.
	Bindings, Roles int
	// Unread is how many RBAC objects could not be decoded and count as absent. It should be zero.
	Unread int
	// Exact says that, when last asked, the cluster's RBAC was found to be the last word.
	Exact bool
}

// Status returns how the Authorizer stands.
func (a *Authorizer) Status() Status {
	p := a.policy.Load()
	s := Status{
		Mode: a.options.Mode, Epoch: p.epoch, Unread: p.unread(),
		Bindings: len(p.roleBindings.entries) + len(p.clusterRoleBindings.entries),
		Roles:    len(p.roles.entries) + len(p.clusterRoles.entries),
	}
	exact, known := a.probe.answer()
	s.Exact = exact && known
	return s
}
