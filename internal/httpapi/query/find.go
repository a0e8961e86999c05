package query

// find yields the raw values that the path leads to in an object: one at most,
// unless the path is wild. Null is no value.
func (p Path) find(object []byte, yield func(raw []byte) bool) { follow(object, p.steps, yield) }

// first is the value that the path leads to, or nil.
func (p Path) first(object []byte) (raw []byte) {
	p.find(object, func(found []byte) bool {
		raw = found
		return false
	})
	return raw
}

// follow yields what steps lead to from a value; the result is false once yield
// wants no more.
func follow(value []byte, steps []step, yield func(raw []byte) bool) (more bool) {
	if len(steps) == 0 {
		return isNothing(value) || yield(value)
	}
	more = true
	switch s := steps[0]; s.kind {
	case toMember:
		if inside := member(value, s.name); inside != nil {
			more = follow(inside, steps[1:], yield)
		}
	case toElement:
		if inside := element(value, s.index); inside != nil {
			more = follow(inside, steps[1:], yield)
		}
	case toEvery:
		elements(value, func(inside []byte) bool {
			more = follow(inside, steps[1:], yield)
			return more
		})
	}
	return more
}

// member is the raw value of an object's member, or nil.
func member(object []byte, name string) (found []byte) {
	members(object, func(raw, value []byte) bool {
		if isName(raw, name) {
			found = value
		}
		return found == nil
	})
	return found
}

// element is the raw value of an array's element, or nil.
func element(array []byte, index int) (found []byte) {
	elements(array, func(value []byte) bool {
		if index == 0 {
			found = value
		}
		index--
		return found == nil
	})
	return found
}
