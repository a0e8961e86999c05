package authn

import (
	"context"
	"fmt"

	"golang.org/x/sync/singleflight"

	"github.com/k8cache/k8cache/internal/rbac"
)

// shared asks once for all callers who come with the same key at the same time. The question outlives the caller who
// happened to come first, because the others wait for its answer; the reviewer bounds it. A caller who gives up gets 503.
func shared(ctx context.Context, g *singleflight.Group, key string, ask func(context.Context) (rbac.User, error)) (rbac.User, error) {
	detached := context.WithoutCancel(ctx)
	flight := g.DoChan(key, func() (u any, err error) {
		defer recovered(&err)
		return ask(detached)
	})
	select {
	case result := <-flight:
		if result.Err != nil {
			return rbac.User{}, result.Err
		}
		return result.Val.(rbac.User), nil
	case <-ctx.Done():
		return rbac.User{}, rbac.Unavailable("authentication was not finished in time", ctx.Err())
	}
}

// recovered turns a panic into an error: in a goroutine of singleflight's it would end the process.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = rbac.Unavailable("authentication failed", fmt.Errorf("panic: %v", r))
	}
}
