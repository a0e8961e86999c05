package serialize

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// span is a range of bytes of an object.
type span struct{ from, to uint32 }

// narrow is a position or a size in an object.
func narrow(n int) uint32 { return uint32(n) } //nolint:gosec // Parse takes no object of more than maxSize

// narrow16 is the length of a namespace.
func narrow16(n int) uint16 { return uint16(n) } //nolint:gosec // Parse takes no longer one than that

// len is the number of bytes in the range.
func (s span) len() uint32 { return s.to - s.from }

// Ref is all that is known of an object without its bytes: what an index
// keeps of it while the bytes are packed.
type Ref struct {
	key       string
	version   uint64
	sum       uint64
	managed   span
	versionAt uint32
	namespace uint16
	size      uint32
}

// Object is one Kubernetes object as the API server sent it, in the form in
// which it stands inside a list.
type Object struct {
	Ref
	raw []byte
}

// Key is "namespace/name", or the name of an object that is in no namespace.
// Sorted by it bytewise, objects stand in the order of etcd.
func (r Ref) Key() string { return r.key }

// Namespace is the object's namespace, or empty.
func (r Ref) Namespace() string { return r.key[:r.namespace] }

// Name is the object's name.
func (r Ref) Name() string {
	if r.namespace == 0 {
		return r.key
	}
	return r.key[r.namespace+1:]
}

// ResourceVersion is the version at which the object was written.
func (r Ref) ResourceVersion() uint64 { return r.version }

// Size is the number of the object's bytes.
func (r Ref) Size() int { return int(r.size) }

// Same says whether both are the same version of the same object. The sum of
// the bytes counts too: an API server that was restored from an older backup
// gives the same version number to different bytes.
func (r Ref) Same(other Ref) bool {
	return r.version == other.version && r.sum == other.sum && r.key == other.key
}

// Fingerprint stands for the version and the bytes of the object. Those of
// several objects may be added up: what they stand for does not depend on
// order, as objects are ordered by their keys anyway.
func (r Ref) Fingerprint() uint64 {
	x := (r.sum ^ r.version) * 0x9e3779b97f4a7c15 // the golden ratio spreads the bits
	return x ^ x>>32
}

// SlimSize is the number of the object's bytes without its managedFields.
func (r Ref) SlimSize() int { return int(r.size - r.managed.len()) }

// Compact is a copy of refs with all keys in one piece of memory.
func Compact(refs []Ref) []Ref {
	var keys strings.Builder
	for _, r := range refs {
		keys.WriteString(r.key)
	}
	refs, all := slices.Clone(refs), keys.String()
	for i := range refs {
		n := len(refs[i].key)
		refs[i].key, all = all[:n], all[n:]
	}
	return refs
}

// Object gives the object its bytes back. They must be those that it had.
func (r Ref) Object(raw []byte) Object { return Object{Ref: r, raw: slices.Clip(raw)} }

// Bytes are the object's JSON in list-item form. They must not be changed.
func (o Object) Bytes() []byte { return o.raw }

// Clone is the same object in memory of its own. An object that was cut out
// of a larger buffer keeps all of that buffer alive.
func (o Object) Clone() Object {
	o.raw = slices.Clone(o.raw)
	return o
}

// Slim is the object without its managedFields.
func (o Object) Slim() Object {
	cut := o.managed
	if cut.len() == 0 {
		return o
	}
	o.raw = o.AppendSlim(make([]byte, 0, o.SlimSize()))
	if o.versionAt > cut.from {
		o.versionAt -= cut.len()
	}
	o.managed = span{}
	return o.measured()
}

// AppendSlim appends the object's bytes without its managedFields.
func (o Object) AppendSlim(dst []byte) []byte {
	return append(append(dst, o.raw[:o.managed.from]...), o.raw[o.managed.to:]...)
}

// WithResourceVersion is the object as it would read had it been written at
// version v. The API server shows an object that left a watch's selector so:
// the previous content at the version of the change.
func (o Object) WithResourceVersion(v uint64) Object {
	from, to := int(o.versionAt), int(o.versionAt)+digits(o.version)
	grown := digits(v) - digits(o.version)
	raw := make([]byte, 0, len(o.raw)+grown)
	raw = append(raw, o.raw[:from]...)
	raw = strconv.AppendUint(raw, v, 10)
	o.raw = append(raw, o.raw[to:]...)
	if o.managed.from > o.versionAt {
		o.managed = span{from: narrow(int(o.managed.from) + grown), to: narrow(int(o.managed.to) + grown)}
	}
	o.version = v
	return o.measured()
}

// WithoutResourceVersion is the object without the member that says its
// version. It is for sending only: no version can be put into it again.
func (o Object) WithoutResourceVersion() Object {
	from := bytes.LastIndexByte(o.raw[:o.versionAt-1], '"') // where the key ends
	from = bytes.LastIndexByte(o.raw[:from], '"')           // and begins
	to := int(o.versionAt) + digits(o.version) + 1
	if rest := bytes.TrimLeft(o.raw[to:], whitespace); rest[0] == ',' {
		to = len(o.raw) - len(rest) + 1
	} else {
		from = len(bytes.TrimRight(o.raw[:from], whitespace+","))
	}
	o.raw = slices.Concat(o.raw[:from], o.raw[to:])
	o.version, o.versionAt, o.managed = 0, 0, span{}
	return o.measured()
}

// measured is o with the size and the sum of its bytes.
func (o Object) measured() Object {
	o.size, o.sum = narrow(len(o.raw)), xxhash.Sum64(o.raw)
	return o
}

// digits is the number of decimal digits of v.
func digits(v uint64) int { return len(strconv.AppendUint(make([]byte, 0, 20), v, 10)) }
