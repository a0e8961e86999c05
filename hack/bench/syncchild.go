package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	k8sdynamic "k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// syncAs is what a child does that was told to be one kind of reader.
func syncAs(ctx context.Context, q syncQuestion) (synced, error) {
	config, err := clientcmd.BuildConfigFromFlags("", q.Kubeconfig)
	if err != nil {
		return synced{}, err
	}
	config.QPS = -1
	switch q.Kind {
	case bare:
		return readBare(ctx, config)
	case typed:
		config.ContentType = "application/vnd.kubernetes.protobuf"
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			return synced{}, err
		}
		return inform(ctx, informers.NewSharedInformerFactory(client, 0).Core().V1().Pods().Informer())
	case dynamic:
		client, err := k8sdynamic.NewForConfig(config)
		if err != nil {
			return synced{}, err
		}
		factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
		return inform(ctx, factory.ForResource(corev1.SchemeGroupVersion.WithResource("pods")).Informer())
	}
	return synced{}, fmt.Errorf("no reader is called %q", q.Kind)
}

// inform runs an informer until it has all, and weighs it.
func inform(ctx context.Context, informer toolscache.SharedIndexInformer) (synced, error) {
	ctx, cancel := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	m, err := startMeter()
	if err != nil {
		cancel()
		return synced{}, err
	}
	group.Go(func() error {
		informer.RunWithContext(ctx)
		return nil
	})
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !informer.HasSynced() {
		<-tick.C
	}
	s, err := m.stop()
	s.Objects = len(informer.GetStore().ListKeys())
	runtime.KeepAlive(informer)
	cancel()
	return s, errors.Join(err, group.Wait())
}

// readBare reads the watch that k8cache would read, over the same kind of connection, until all objects have come.
func readBare(ctx context.Context, config *rest.Config) (synced, error) {
	config.GroupVersion, config.APIPath = &schema.GroupVersion{Version: "v1"}, "/api"
	config.NegotiatedSerializer = k8sdynamic.ConfigFor(config).NegotiatedSerializer
	client, err := rest.RESTClientFor(config)
	if err != nil {
		return synced{}, err
	}
	m, err := startMeter()
	if err != nil {
		return synced{}, err
	}
	body, err := client.Get().AbsPath(listPath).SetHeader("Accept", "application/json").Param("watch", "true").
		Param("sendInitialEvents", "true").Param("resourceVersionMatch", "NotOlderThan").
		Param("allowWatchBookmarks", "true").Stream(ctx)
	if err != nil {
		return synced{}, err
	}
	defer body.Close() //nolint:errcheck // only read from
	objects, err := countInitial(bufio.NewReaderSize(body, 256<<10))
	if err != nil {
		return synced{}, err
	}
	s, err := m.stop()
	s.Objects = objects
	return s, err
}

// countInitial reads the events of a watch up to the bookmark that ends the initial ones.
func countInitial(r *bufio.Reader) (int, error) {
	for objects, begin := 0, true; ; {
		part, err := r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, err
		}
		if begin && bytes.HasPrefix(part, []byte(`{"type":"ADDED"`)) {
			objects++
		}
		if begin && bytes.HasPrefix(part, []byte(`{"type":"BOOKMARK"`)) && bytes.Contains(part, []byte(metav1.InitialEventsAnnotationKey)) {
			return objects, nil
		}
		begin = err == nil
	}
}

// meter measures this process's own time.
type meter struct {
	began time.Time
	cpu   time.Duration
}

func startMeter() (meter, error) {
	cpu, err := cpuTime(os.Getpid())
	return meter{began: time.Now(), cpu: cpu}, err
}

// stop tells the time that passed, and the memory that is in use after collecting garbage.
func (m meter) stop() (synced, error) {
	s := synced{Took: time.Since(m.began)}
	cpu, err := cpuTime(os.Getpid())
	if err != nil {
		return s, err
	}
	s.CPU = cpu - m.cpu
	runtime.GC()
	runtime.GC() // what pools keep goes at the second
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	resident, err := memoryOf(os.Getpid())
	s.Heap, s.RSS, s.Peak = int64(stats.HeapAlloc), resident.now, resident.peak //nolint:gosec // fits
	return s, err
}
