package rbac

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
	"sync"
)

// Digest is a cache key: a keyed hash of fields.
type Digest [sha256.Size]byte

// Digester makes cache keys out of untrusted fields. It is HMAC-SHA256 under a key made at random for this process,
// over length-prefixed fields: keys can be neither computed beforehand nor run together, and what they are made from
// (a token, say) cannot be read back out of memory. The scheme is that of k8s.io/apiserver's token cache.
// It is safe for concurrent use.
type Digester struct {
	pool sync.Pool
}

// NewDigester returns a Digester with a key of its own.
func NewDigester() *Digester {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails: it ends the process rather (crypto/rand, Go 1.24)
	d := &Digester{}
	d.pool.New = func() any { return hmac.New(sha256.New, key) }
	return d
}

// Sum returns the digest of the fields in their order.
func (d *Digester) Sum(fields ...string) Digest {
	h := d.pool.Get().(hash.Hash)
	defer d.pool.Put(h)
	h.Reset()
	var buffer []byte
	for _, field := range fields {
		buffer = binary.AppendUvarint(buffer[:0], uint64(len(field)))
		buffer = append(buffer, field...)
		h.Write(buffer)
	}
	var sum Digest
	h.Sum(sum[:0])
	return sum
}

// User returns the key of a whole identity: name, UID, groups in any order, and extra keys.
func (d *Digester) User(u User) Digest { return d.Sum(u.fields()...) }

// length renders the length of a list as a field of its own.
func length(n int) string { return strconv.Itoa(n) }
