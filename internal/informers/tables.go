package informers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/serialize"
)

const (
	// tableType asks an API server to print.
	tableType = "application/json;as=Table;v=v1;g=meta.k8s.io"
	// nothing is a label selector that no object matches.
	nothing = "k8cache.dev/nothing,!k8cache.dev/nothing"
	// lagging is how long an API server is given to hear of a definition that others have heard of.
	lagging = time.Second
)

// Table returns the collection of a resource's objects with the rows that the API server prints of them. It fails as
// Collection does, and with ErrNotWatchable where the rows could not be kept right.
//
// Columns of a custom resource are what its CustomResourceDefinition declares, and change with it: then the mirror is
// replaced.
func (c *Cluster) Table(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error) {
	var collection Collection
	err := errOutdated
	for try := 0; try < 2 && errors.Is(err, errOutdated); try++ {
		collection, err = c.table(ctx, gvr)
	}
	return collection, err
}

func (c *Cluster) table(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error) {
	resource, ok := c.Cacheable(ctx, gvr)
	if !ok {
		return Collection{}, ErrNotWatchable
	}
	name := key{gvr, true}
	declared, err := c.declaration(ctx, gvr, c.lookup(name))
	if err != nil {
		return Collection{}, err
	}
	m, err := c.obtain(ctx, name, func() *mirror {
		m := newMirror(c.client, resource, c.options)
		m.tables = true
		m.declared.Store(declared)
		return m
	})
	if err != nil {
		return Collection{}, err
	}
	if m.declared.Load().same(declared) {
		m.declared.Store(declared) // the definition may have changed otherwise
	} else {
		m.end(errOutdated)
	}
	collection, err := m.await(ctx)
	if errors.Is(err, errOutdated) && time.Since(m.began) > lagging {
		c.forget(m)
	}
	return collection, err
}

// definitions are the CustomResourceDefinitions.
func definitions() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
}

// declaration is what a custom resource's definition declares to be printed; nil where the resource is built in. What the
// mirror before was made for is not read again.
func (c *Cluster) declaration(ctx context.Context, gvr schema.GroupVersionResource, before *mirror) (*declaration, error) {
	if !strings.Contains(gvr.Group, ".") {
		return nil, nil //nolint:nilnil // custom groups are domain names
	}
	definitions, err := c.Collection(ctx, definitions())
	if errors.Is(err, ErrNotWatchable) {
		return nil, nil //nolint:nilnil // it shows when the resource is a custom one
	}
	if err != nil {
		return nil, fmt.Errorf("custom resource definitions: %w", err)
	}
	snapshot, name := definitions.Snapshot(), gvr.GroupResource().String()
	if before != nil {
		known := before.declared.Load()
		if ref, ok := snapshot.Find("", name); ok && known != nil && ref.Same(known.by) {
			return known, nil
		}
	}
	definition, ok := snapshot.Get("", name)
	if !ok {
		return nil, nil //nolint:nilnil // built in
	}
	return declared(definition, gvr.Version), nil
}

// probeTable learns how the API server prints a resource. An empty table shows that as well as a full one.
func (m *mirror) probeTable(ctx context.Context, found *form) error {
	body, err := m.request().Param("resourceVersion", "0").Param("labelSelector", nothing).Do(ctx).Raw()
	if err != nil {
		return err
	}
	columns, rows := gjson.GetBytes(body, "columnDefinitions"), gjson.GetBytes(body, "rows")
	if !gjson.ValidBytes(body) || !columns.IsArray() || len(rows.Array()) > 0 {
		return fmt.Errorf("%w: the API server prints none", errUnfit)
	}
	found.columns, found.noRows = columns.Raw, rows.Raw
	found.printer, err = newPrinter(found.kind, m.resource.GroupResource(), columns, m.declared.Load())
	return err
}

// readTable reads the object of an event, which is a table of one row.
func (m *mirror) readTable(object []byte) (serialize.Object, error) {
	row, err := m.onlyRow(object)
	if err != nil {
		return serialize.Object{}, err
	}
	read, err := m.form.printer.read(row.Raw, time.Now())
	return read, m.endsWith(err)
}

// markTable takes the object of a bookmark.
func (m *mirror) markTable(object []byte) (gjson.Result, error) {
	row, err := m.onlyRow(object)
	if err != nil {
		return gjson.Result{}, err
	}
	m.remember([]byte(row.Raw))
	return row.Get("object.metadata"), nil
}

// onlyRow is the row of a table that has no other. The first table of a stream has column definitions.
func (m *mirror) onlyRow(table []byte) (gjson.Result, error) {
	found := gjson.GetManyBytes(table, "columnDefinitions", "rows.0")
	if err := m.sameColumns(found[0]); err != nil {
		return gjson.Result{}, err
	}
	if !found[1].IsObject() {
		return gjson.Result{}, fmt.Errorf("%w: a table without a row", serialize.ErrInvalid)
	}
	return found[1], nil
}

// sameColumns ends the mirror where columns are defined otherwise than it knows them: what it holds was printed for
// those.
func (m *mirror) sameColumns(defined gjson.Result) error {
	if defined.IsArray() && defined.Raw != m.form.columns {
		return m.endsWith(errOutdated)
	}
	return nil
}

// addRows gives the rows of a listed table to the builder.
func (m *mirror) addRows(body []byte, add func(serialize.Object) error) (err error) {
	found := gjson.GetManyBytes(body, "columnDefinitions", "rows")
	if err := m.sameColumns(found[0]); err != nil {
		return err
	}
	now := time.Now()
	found[1].ForEach(func(_, row gjson.Result) bool {
		var object serialize.Object
		if object, err = m.form.printer.read(row.Raw, now); err == nil {
			err = add(object)
		}
		return err == nil
	})
	return m.endsWith(err)
}
