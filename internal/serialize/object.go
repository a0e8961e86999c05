package serialize

import (
	"slices"
	"strconv"
)

// span is a range of bytes of an object.
type span struct{ from, to uint32 }

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

// Object gives the object its bytes back. They must be those that it had.
func (r Ref) Object(raw []byte) Object { return Object{Ref: r, raw: raw[:len(raw):len(raw)]} }

// Bytes are the object's JSON in list-item form. They must not be changed.
func (o Object) Bytes() []byte { return o.raw }

// Clone is the same object in memory of its own. An object that was cut out
// of a larger buffer keeps all of that buffer alive.
func (o Object) Clone() Object {
	o.raw = slices.Clone(o.raw)
	return o
}

// AppendSlim appends the object without its managedFields.
func (o Object) AppendSlim(dst []byte) []byte {
	dst = append(dst, o.raw[:o.managed.from]...)
	return append(dst, o.raw[o.managed.to:]...)
}

// WithResourceVersion is the object as it would read had it been written at
// version v. The API server shows an object that left a watch's selector so:
// the previous content at the version of the change.
func (o Object) WithResourceVersion(v uint64) (Object, error) {
	old := len(strconv.FormatUint(o.version, 10))
	raw := make([]byte, 0, len(o.raw)+20)
	raw = append(raw, o.raw[:o.versionAt]...)
	raw = strconv.AppendUint(raw, v, 10)
	raw = append(raw, o.raw[int(o.versionAt)+old:]...)
	return Parse(raw)
}
