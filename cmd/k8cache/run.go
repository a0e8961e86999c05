package main

import (
	"context"
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/internal/httpapi"
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
	packer := store.NewPacker(store.PackerOptions{Budget: budget})
	members, requests := make([]member, 0, len(found.configs)), map[string]*httpapi.Cluster{}
	for name, config := range found.configs {
		m, err := newMember(name, config, c, known, packer, log)
		if err != nil {
			return settingsError{err}
		}
		members, requests[name] = append(members, m), m.request
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	handler := httpapi.New(httpapi.Options{
		Clusters: requests, Default: found.fallback, Local: c.Authentication == authenticationKubeconfig,
		Stop: ctx.Done(), Version: version, Registry: registry, Log: log,
	})

	events, stopEvents := context.WithCancel(context.WithoutCancel(ctx))
	defer stopEvents()
	var eventSide errgroup.Group
	eventSide.Go(func() error { return packer.Run(events) })
	for _, m := range members {
		eventSide.Go(func() error { return m.events.Run(events) })
	}
	ready := readiness{stop: ctx.Done(), members: members}
	requestSide, ctx := errgroup.WithContext(ctx) // a listener that cannot listen ends the other
	requestSide.Go(func() error {
		tlsConfig, err := servingTLS(ctx, requestSide, c)
		if err != nil {
			return err
		}
		public := listener{name: "public", address: c.Listen, handler: handler, tls: tlsConfig}
		admin := listener{name: "admin", address: c.AdminListen, handler: adminHandler(ready, registry)}
		return serveBoth(ctx, requestSide, public, admin, log)
	})
	err = requestSide.Wait()
	stopEvents()
	return errors.Join(err, eventSide.Wait())
}

// serveBoth serves the public listener, and the admin listener besides, which says that we are ready: so the public one
// is bound first.
func serveBoth(ctx context.Context, group *errgroup.Group, public, admin listener, log *zap.Logger) error {
	publicSocket, err := public.listen(ctx)
	if err != nil {
		return err
	}
	adminSocket, err := admin.listen(ctx)
	if err != nil {
		return errors.Join(err, publicSocket.Close())
	}
	group.Go(func() error { return admin.serve(ctx, adminSocket, log) })
	return public.serve(ctx, publicSocket, log)
}
