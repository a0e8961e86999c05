package testenv

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// User is somebody whom the API server knows by a static token.
type User struct {
	Name   string
	Groups []string
	// Token is the bearer token. Default: a random one.
	Token string
}

// Identity is somebody the API server knows, ready to be used.
type Identity struct {
	// Name is what RBAC calls them: a user name, or system:serviceaccount:NAMESPACE:NAME.
	Name string
	// Token is the bearer token; empty for a client certificate.
	Token string
	// Config talks to the API server as them, without client-side rate limit.
	Config *rest.Config
}

// writeTokens writes the file from which the API server learns its static users.
func (c *ControlPlane) writeTokens() (string, error) {
	path := filepath.Join(c.dir, "tokens.csv")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600) //nolint:gosec // in a folder of our own
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // WriteAll reports what was not written
	c.tokens = make(map[string]string, len(c.options.Users))
	// A first user whom nobody knows, because kube-apiserver refuses a file without any.
	records := [][]string{{rand.Text(), "k8cache:nobody", "nobody"}}
	for _, user := range c.options.Users {
		if user.Token == "" {
			user.Token = rand.Text()
		}
		c.tokens[user.Name] = user.Token
		record := []string{user.Token, user.Name, "uid-" + user.Name}
		if len(user.Groups) > 0 { // an empty field would be a group without a name
			record = append(record, strings.Join(user.Groups, ","))
		}
		records = append(records, record)
	}
	return path, csv.NewWriter(file).WriteAll(records)
}

// TokenUser returns one of Options.Users.
func (c *ControlPlane) TokenUser(name string) (*Identity, error) {
	token, ok := c.tokens[name]
	if !ok {
		return nil, fmt.Errorf("token user %s: not among Options.Users of %s", name, c.options.Name)
	}
	return Bearer(c.admin, name, token), nil
}

// ServiceAccount makes a service account if there is none of that name, and a token for it that holds a day.
func (c *ControlPlane) ServiceAccount(ctx context.Context, namespace, name string) (*Identity, error) {
	return NewServiceAccount(ctx, c.admin, namespace, name)
}

// NewServiceAccount does the same in any cluster, with the config of somebody who may.
func NewServiceAccount(ctx context.Context, admin *rest.Config, namespace, name string) (*Identity, error) {
	client, err := kubernetes.NewForConfig(admin)
	if err != nil {
		return nil, err
	}
	accounts := client.CoreV1().ServiceAccounts(namespace)
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name}}
	if _, err := accounts.Create(ctx, account, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return nil, fmt.Errorf("create service account %s/%s: %w", namespace, name, err)
	}
	seconds := int64(24 * 60 * 60)
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}
	if request, err = accounts.CreateToken(ctx, name, request, metav1.CreateOptions{}); err != nil {
		return nil, fmt.Errorf("create token of service account %s/%s: %w", namespace, name, err)
	}
	return Bearer(admin, "system:serviceaccount:"+namespace+":"+name, request.Status.Token), nil
}

// CertUser makes a user who is known by a client certificate.
func (c *ControlPlane) CertUser(name string, groups ...string) (*Identity, error) {
	user, err := c.plane.AddUser(envtest.User{Name: name, Groups: groups}, &rest.Config{QPS: -1})
	if err != nil {
		return nil, fmt.Errorf("add user %s: %w", name, err)
	}
	config := user.Config()
	config.Host = strings.TrimSuffix(config.Host, "/") // so that a path can be put behind it
	return &Identity{Name: name, Config: config}, nil
}

// Bearer returns somebody who presents a token to the API server of a config, whether that knows it or not.
func Bearer(admin *rest.Config, name, token string) *Identity {
	config := rest.AnonymousClientConfig(admin)
	config.BearerToken = token
	config.QPS = -1
	return &Identity{Name: name, Token: token, Config: config}
}
