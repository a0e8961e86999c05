package testenv

import (
	"errors"
	"fmt"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Context is one context of a kubeconfig, with a cluster and a user of its own, all three of the same name.
type Context struct {
	Name   string
	Config *rest.Config
	// Namespace is the one kubectl uses when told none. Default: none, which is "default".
	Namespace string
}

// WriteKubeconfig writes a kubeconfig file that its owner alone may read, with the first context as the current one.
// A prefix in a config's Host (https://host:port/clusters/east) is kept.
func WriteKubeconfig(path string, contexts ...Context) error {
	if len(contexts) == 0 {
		return errors.New("write kubeconfig: no contexts")
	}
	config := clientcmdapi.NewConfig()
	config.CurrentContext = contexts[0].Name
	for _, context := range contexts {
		config.Contexts[context.Name] = &clientcmdapi.Context{Cluster: context.Name, AuthInfo: context.Name, Namespace: context.Namespace}
		config.Clusters[context.Name] = clusterOf(context.Config)
		config.AuthInfos[context.Name] = authInfoOf(context.Config)
	}
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	return nil
}

func clusterOf(config *rest.Config) *clientcmdapi.Cluster {
	return &clientcmdapi.Cluster{
		Server:                   config.Host,
		TLSServerName:            config.ServerName,
		InsecureSkipTLSVerify:    config.Insecure,
		CertificateAuthority:     config.CAFile,
		CertificateAuthorityData: config.CAData,
	}
}

func authInfoOf(config *rest.Config) *clientcmdapi.AuthInfo {
	return &clientcmdapi.AuthInfo{
		ClientCertificate:     config.CertFile,
		ClientCertificateData: config.CertData,
		ClientKey:             config.KeyFile,
		ClientKeyData:         config.KeyData,
		Token:                 config.BearerToken,
		TokenFile:             config.BearerTokenFile,
	}
}
