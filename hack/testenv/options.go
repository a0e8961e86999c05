package testenv

import "time"

// Options say what control plane Start makes. The zero value is etcd and kube-apiserver with RBAC and no users but the admin.
type Options struct {
	// Name is what errors and kubeconfigs call the control plane. Default: "default".
	Name string
	// Users are known to the API server by static bearer tokens; TokenUser hands them out. They cannot be added later,
	// because the API server reads its token file once.
	Users []User
	// ControllerManager runs kube-controller-manager too. Default: none, so aggregated ClusterRoles (view, edit, admin)
	// stay empty, namespaces get no service account and deleted namespaces stay Terminating.
	ControllerManager bool
	// Controllers are those the controller manager runs. Default: DefaultControllers.
	Controllers []string
	// APIServerFlags are added to kube-apiserver's; a flag that has a default here loses it. Names go without dashes.
	APIServerFlags map[string][]string
	// StartTimeout bounds the start of each component. Default: 60 s, because machines that run tests are often busy.
	StartTimeout time.Duration
	// StopTimeout bounds the orderly end of each component, after which it is killed. Default: 20 s.
	StopTimeout time.Duration
}

// DefaultControllers fill aggregated roles, give namespaces their service account and root CA, and finish deleting them.
// None touches workloads, so what a load generator writes stays as written.
func DefaultControllers() []string {
	return []string{
		"clusterrole-aggregation-controller",
		"namespace-controller",
		"root-ca-certificate-publisher-controller",
		"serviceaccount-controller",
	}
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "default"
	}
	if len(o.Controllers) == 0 {
		o.Controllers = DefaultControllers()
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = time.Minute
	}
	if o.StopTimeout == 0 {
		o.StopTimeout = 20 * time.Second
	}
	return o
}
