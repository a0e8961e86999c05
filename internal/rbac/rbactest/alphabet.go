package rbactest

// Alphabet is what worlds, users and questions are made of. What stands twice comes up twice as often.
type Alphabet struct {
	Namespaces, SubjectNamespaces []string
	Users, Groups, Accounts       []string
	SubjectKinds                  []string
	RoleKinds, ClusterRoleKinds   []string
	Verbs, APIGroups, Resources   []string
	ResourceNames                 []string

	AskedVerbs, AskedGroups, AskedResources, AskedSubresources []string
	AskedNamespaces, AskedNames                                []string
}

// Odd returns the alphabet for evaluators alone: it holds what an API server would refuse to store too.
func Odd() *Alphabet {
	a := Legal()
	a.SubjectKinds = append(a.SubjectKinds, "user", "")
	a.RoleKinds = append(a.RoleKinds, "", "role")
	a.ClusterRoleKinds = append(a.ClusterRoleKinds, "Role", "clusterrole")
	a.Users = append(a.Users, "", "system:serviceaccount::bot")
	a.Groups = append(a.Groups, "")
	a.Resources = append(a.Resources, "", "/", "*/")
	a.AskedResources = append(a.AskedResources, "*", "")
	a.AskedSubresources = append(a.AskedSubresources, "*")
	a.AskedVerbs = append(a.AskedVerbs, "*", "")
	a.AskedGroups = append(a.AskedGroups, "*")
	return a
}

// Legal returns the alphabet of worlds that an API server takes.
func Legal() *Alphabet {
	return &Alphabet{
		Namespaces:        []string{"a", "a-b", "b", "c"},
		SubjectNamespaces: []string{"", "a", "a-b", "b"},
		Users:             []string{"alice", "bob", "system:serviceaccount:a:bot", "system:serviceaccount:b:bot"},
		Groups:            []string{"dev", "ops", "system:authenticated", "system:serviceaccounts:a"},
		Accounts:          []string{"bot", "bob"},
		SubjectKinds:      []string{"User", "Group", "ServiceAccount"},
		RoleKinds:         []string{"Role", "ClusterRole"},
		ClusterRoleKinds:  []string{"ClusterRole"},
		Verbs:             []string{"get", "list", "watch", "*", "list", "watch", "use"},
		APIGroups:         []string{"", "", "apps", "*", "rbac.authorization.k8s.io"},
		Resources: []string{
			"pods", "pods", "pods", "*", "pods/log", "pods/*", "*", "*/log", "*/*", "*/scale", "deployments", "deployments/scale", "namespaces", "nodes",
		},
		ResourceNames: []string{"x", "y", "x-y", "", "*", "a"},

		AskedVerbs:        []string{"get", "list", "list", "watch", "create"},
		AskedGroups:       []string{"", "", "apps"},
		AskedResources:    []string{"pods", "pods", "deployments", "namespaces", "nodes"},
		AskedSubresources: []string{"", "", "", "", "log", "scale"},
		AskedNamespaces:   []string{"", "", "a", "a-b", "b", "c", "d"},
		AskedNames:        []string{"", "", "x", "y", "z", "a"},
	}
}
