package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/internal/httpapi"
)

const (
	// drain is how long running requests may take to end once the process is told to stop.
	drain = 10 * time.Second
	// headTimeout bounds how slowly a client may send a request's head (slowloris), keepAlive how long it may hold a
	// connection for nothing.
	headTimeout, keepAlive = 10 * time.Second, 2 * time.Minute
	maxHeader              = 64 << 10 // bytes
)

// listener is one address, named by its flag, and what answers there.
type listener struct {
	flag, address string
	handler       http.Handler
	tls           *tls.Config  // nil: plain HTTP
	socket        net.Listener // nil until bind
}

// bind takes the address: from now on, clients wait rather than being refused.
func (l *listener) bind(ctx context.Context) error {
	var config net.ListenConfig
	var err error
	if l.socket, err = config.Listen(ctx, "tcp", l.address); err != nil {
		return settingsError{fmt.Errorf("--%s: %w", l.flag, err)}
	}
	return nil
}

// close gives the address back.
func (l *listener) close() error {
	if l.socket == nil {
		return nil
	}
	return l.socket.Close()
}

// serve answers until the context ends, then lets running requests end for a while and cuts the rest off.
func (l *listener) serve(ctx context.Context, log *zap.Logger) error {
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	server := &http.Server{
		Handler: l.handler, TLSConfig: l.tls, ReadHeaderTimeout: headTimeout, IdleTimeout: keepAlive, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return requests },
		ConnContext: httpapi.CorkedContext,
		ErrorLog:    zap.NewStdLog(log.WithOptions(zap.IncreaseLevel(zap.WarnLevel))),
	}
	log.Info("listening", zap.String("listener", l.flag), zap.Stringer("address", l.socket.Addr()), zap.Bool("tls", l.tls != nil))
	var group errgroup.Group
	stopped := make(chan struct{})
	group.Go(func() error {
		select {
		case <-ctx.Done():
			return shutDown(context.WithoutCancel(ctx), server, cut)
		case <-stopped: // it could not serve
			return nil
		}
	})
	var err error
	if socket := httpapi.Corked(l.socket); l.tls != nil {
		err = server.ServeTLS(socket, "", "")
	} else {
		err = server.Serve(socket)
	}
	close(stopped)
	if !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, group.Wait())
	}
	return group.Wait()
}

// shutDown waits for running requests, then cuts off those that would not end: watches, logs, shells.
func shutDown(ctx context.Context, server *http.Server, cut context.CancelFunc) error {
	ctx, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	if err := server.Shutdown(ctx); err == nil {
		return nil
	}
	cut()
	return server.Close()
}
