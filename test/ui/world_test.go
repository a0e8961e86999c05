package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/client-go/kubernetes"

	"github.com/k8cache/k8cache/hack/testenv"
)

// world is a cluster, which is called east and west, two k8caches before it, and a browser.
type world struct {
	plane *testenv.ControlPlane
	// client is the cluster's admin, who asks directly.
	client kubernetes.Interface
	// token asks for tokens; local makes everybody the admin.
	token, local *testenv.Process
	browser      *browser
	dir          string
}

// The users. Only alice and the admin may do something; a token of nobody's is unknown to the cluster.
const (
	adminToken = "admin-token-that-tests-use"
	aliceToken = "alice-token-that-tests-use"
	carolToken = "carol-token-that-tests-use"
)

func newWorld(ctx context.Context, chromium string) (*world, error) {
	w := &world{}
	if err := w.start(ctx, chromium); err != nil {
		return nil, errors.Join(err, w.stop())
	}
	return w, nil
}

func (w *world) start(ctx context.Context, chromium string) (err error) {
	binary := os.Getenv("K8CACHE_BINARY")
	if binary == "" {
		return errors.New("no k8cache to test: run make test-ui, or point K8CACHE_BINARY at the binary")
	}
	if w.dir, err = os.MkdirTemp("", "k8cache-ui-"); err != nil {
		return err
	}
	w.plane, err = testenv.Start(ctx, testenv.Options{Name: "east", Users: []testenv.User{
		{Name: "root@example.com", Groups: []string{"system:masters"}, Token: adminToken},
		{Name: "alice@example.com", Token: aliceToken},
		{Name: "carol@example.com", Token: carolToken},
	}})
	if err != nil {
		return err
	}
	admin := w.plane.Config()
	admin.QPS = -1
	if w.client, err = kubernetes.NewForConfig(admin); err != nil {
		return err
	}
	if err := populate(ctx, admin, w.client); err != nil {
		return fmt.Errorf("populate: %w", err)
	}
	kubeconfig := filepath.Join(w.dir, "kubeconfig")
	if err := testenv.WriteKubeconfig(kubeconfig,
		testenv.Context{Name: "east", Config: admin}, testenv.Context{Name: "west", Config: admin}); err != nil {
		return err
	}
	options := testenv.ProcessOptions{Binary: binary, Kubeconfig: kubeconfig, PlainHTTP: true}
	if w.token, err = testenv.StartProcess(ctx, options); err != nil {
		return err
	}
	options.Args = []string{"--authentication=kubeconfig"}
	if w.local, err = testenv.StartProcess(ctx, options); err != nil {
		return err
	}
	w.browser, err = startBrowser(ctx, chromium, filepath.Join(w.dir, "profile"))
	return err
}

func (w *world) stop() error {
	var errs []error
	if w.browser != nil {
		errs = append(errs, w.browser.stop())
	}
	for _, process := range []*testenv.Process{w.local, w.token} {
		if process != nil {
			errs = append(errs, process.Stop())
		}
	}
	if w.plane != nil {
		errs = append(errs, w.plane.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}
