package validate

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrNoList says that something is not a Kubernetes list, so nothing can be said about it.
var ErrNoList = errors.New("not a list")

// List is a list answer with its items as they were sent.
type List struct {
	Kind    string
	Version string
	Items   []Item
}

// Item is one of them.
type Item struct {
	Namespace, Name string
	Raw             string
}

// Key is the place of an item in the order of keys.
func (i Item) Key() string { return i.Namespace + "/" + i.Name }

// ParseList reads a list answer.
func ParseList(body []byte) (*List, error) {
	var raw struct {
		Kind     string
		Metadata struct{ ResourceVersion string }
		Items    []json.RawMessage
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, fmt.Errorf("%w: %w: %s", ErrNoList, err, excerpt(body, 0))
	}
	if raw.Items == nil {
		return nil, fmt.Errorf("%w: no items: %s", ErrNoList, excerpt(body, 0))
	}
	list := &List{Kind: raw.Kind, Version: raw.Metadata.ResourceVersion, Items: make([]Item, len(raw.Items))}
	for i, item := range raw.Items {
		var meta struct {
			Metadata struct{ Namespace, Name string }
		}
		if err := json.Unmarshal(item, &meta); err != nil {
			return nil, fmt.Errorf("%w: %w: %s", ErrNoList, err, excerpt(item, 0))
		}
		list.Items[i] = Item{Namespace: meta.Metadata.Namespace, Name: meta.Metadata.Name, Raw: string(item)}
	}
	return list, nil
}

// excerpt shows a body around a place.
func excerpt(body []byte, at int) string {
	const around = 100
	from, to := max(0, at-around), min(len(body), at+around)
	return fmt.Sprintf("%q", body[from:to])
}
