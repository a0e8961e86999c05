package rbac

import "slices"

// cover is what one place (the cluster, or a namespace) opens to a question: everything in it, or some names.
// Once compiled it is immutable.
type cover struct {
	whole bool
	names []string   // sorted, each once; empty when whole
	by    []*binding // the bindings that give it
	// broken is what the API server says about the bindings here that apply but name a role that does not exist.
	broken []string
}

// add widens the cover by what one binding gives. A binding that gives nothing beyond a whole cover is not among
// the deciding ones.
func (c *cover) add(b *binding, a answer) {
	switch {
	case c.whole && !a.whole:
		return
	case a.whole && !c.whole:
		c.whole, c.names, c.by = true, nil, nil
	default:
		c.names = append(c.names, a.names...)
	}
	c.by = append(c.by, b)
}

// seal ends the widening.
func (c *cover) seal() {
	slices.Sort(c.names)
	c.names = slices.Clip(slices.Compact(c.names))
	slices.Sort(c.broken)
	c.broken = slices.Compact(c.broken)
	// A binding stands here once for each of its subjects that the user is.
	slices.SortFunc(c.by, func(a, b *binding) int { return a.ref.compare(b.ref) })
	c.by = slices.Compact(c.by)
}

// allows answers for one name as the API server does, the empty name of an unnamed list included: a resourceNames
// entry of "" matches that (ResourceNameMatches compares, and no more). A nil cover allows nothing.
func (c *cover) allows(name string) bool {
	return c != nil && (c.whole || c.has(name))
}

// has reports whether the name is among the names.
func (c *cover) has(name string) bool {
	if c == nil {
		return false
	}
	_, found := slices.BinarySearch(c.names, name)
	return found
}

// opensNothing reports whether nothing at all can be seen through the cover.
func (c *cover) opensNothing() bool { return c == nil || !c.whole && len(c.names) == 0 }

// equal reports whether two covers show the same and are given by the same bindings.
func (c *cover) equal(other *cover) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.whole == other.whole && slices.Equal(c.names, other.names) && slices.Equal(c.broken, other.broken) &&
		slices.EqualFunc(c.by, other.by, func(a, b *binding) bool { return a.ref == b.ref })
}

// shows reports whether two covers show the same, whoever gives it.
func (c *cover) shows(other *cover) bool {
	if c.opensNothing() || other.opensNothing() {
		return c.opensNothing() == other.opensNothing()
	}
	return c.whole == other.whole && slices.Equal(c.names, other.names)
}

// named returns the names, none for a nil cover.
func (c *cover) named() []string {
	if c == nil {
		return nil
	}
	return c.names
}
