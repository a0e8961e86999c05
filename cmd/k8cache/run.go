package main

import (
	"context"
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/internal/httpapi"
	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/httpapi/ui"
	"github.com/k8cache/k8cache/internal/informers/store"
)

// run builds the graph from top to bottom and runs it until the context ends. The event side outlives the listeners,
// so that what is being answered is answered from living collections.
func run(ctx context.Context, c Config, log *zap.Logger) error {
	found, err := connect(c, log)
	if err != nil {
		return settingsError{err}
	}
	budget, err := c.memoryBudget()
	if err != nil {
		return settingsError{err}
	}
	known, err := newIdentities(c, log)
	if err != nil {
		return settingsError{err}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	checks := newChecks(registry, log)
	packing := store.PackerOptions{Budget: budget}
	if c.Search {
		packing.Sketch = query.Sketch
	}
	packer := store.NewPacker(packing)
	members, requests := make([]member, 0, len(found.configs)), map[string]*httpapi.Cluster{}
	for name, config := range found.configs {
		m, err := newMember(name, config, c, known, packer, checks, log)
		if err != nil {
			return settingsError{err}
		}
		members, requests[name] = append(members, m), m.request
	}
	explorer, err := ui.New()
	if err != nil {
		return err
	}
	handler := httpapi.New(httpapi.Options{
		Clusters: requests, Default: found.fallback, Local: c.Authentication == authenticationKubeconfig,
		NoSearch: !c.Search, UI: explorer, Stop: ctx.Done(), Version: version, Registry: registry, Log: log,
	})

	ready := readiness{stop: ctx.Done(), members: members}
	requestSide, ctx := errgroup.WithContext(ctx) // a listener that fails ends the other
	public := &listener{flag: "listen", address: c.Listen, handler: handler}
	admin := &listener{flag: "admin-listen", address: c.AdminListen, handler: adminHandler(ready, registry)}
	if err := open(ctx, requestSide, c, public, admin); err != nil {
		return err
	}

	events, stopEvents := context.WithCancel(context.WithoutCancel(ctx))
	defer stopEvents()
	var eventSide errgroup.Group
	eventSide.Go(func() error { return packer.Run(events) })
	for _, m := range members {
		eventSide.Go(func() error { return m.events.Run(events) })
	}
	// The admin listener outlives the public one: whoever asks hears "stopping", and no refused connection.
	beside, stopAdmin := context.WithCancel(context.WithoutCancel(ctx))
	requestSide.Go(func() error {
		defer stopAdmin()
		return public.serve(ctx, log)
	})
	requestSide.Go(func() error { return admin.serve(beside, log) })
	err = requestSide.Wait()
	stopEvents()
	return errors.Join(err, eventSide.Wait())
}

// open finds out whether the listeners can be what they are to be before anything runs, and binds both before either
// answers: the admin listener must not say ready while the public one refuses connections.
func open(ctx context.Context, group *errgroup.Group, c Config, public, admin *listener) error {
	err := errors.Join(public.bind(ctx), admin.bind(ctx))
	if err == nil {
		public.tls, err = servingTLS(ctx, group, c)
	}
	if err != nil {
		return errors.Join(err, public.close(), admin.close())
	}
	return nil
}
