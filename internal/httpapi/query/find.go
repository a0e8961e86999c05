package query

// find yields the raw values that the path leads to in an object: one at most,
// unless the path is wild. Null is no value.
func (p Path) find(object []byte, yield func(raw []byte) bool) {
	follow(object, skipSpace(object, 0), p.steps, yield)
}

// first is the value that the path leads to, or nil.
func (p Path) first(object []byte) (raw []byte) {
	p.find(object, func(found []byte) bool {
		raw = found
		return false
	})
	return raw
}

// follow yields what steps lead to from the value at b[i]; the result is false
// once yield wants no more. Where a value ends it need not know before it is there.
func follow(b []byte, i int, steps []step, yield func(raw []byte) bool) (more bool) {
	if len(steps) == 0 {
		value := b[i:skipValue(b, i)]
		return isNothing(value) || yield(value)
	}
	more = true
	switch s := steps[0]; s.kind {
	case toMember:
		eachMember(b, i, func(name []byte, at int) int {
			if !isName(name, s.name) {
				return skipValue(b, at)
			}
			more = follow(b, at, steps[1:], yield)
			return stop
		})
	case toElement:
		number := 0
		eachElement(b, i, func(at int) int {
			if number++; number <= s.index {
				return skipValue(b, at)
			}
			more = follow(b, at, steps[1:], yield)
			return stop
		})
	case toEvery:
		eachElement(b, i, func(at int) int {
			if more = follow(b, at, steps[1:], yield); !more {
				return stop
			}
			return skipValue(b, at)
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
