// Package store keeps the objects of one resource of one cluster, as bytes, in
// memory: the state that lists, gets and searches read, and the recent events
// that watches resume from.
//
// A Collection is a copy-on-write tree of leaves. A leaf is a run of neighbours
// in etcd key order; it never changes, so what is derived from it (its items
// deflated, or what a Reader made by a Recipe) is made once, when first asked for,
// and lasts until a change replaces the leaf. A Snapshot is the tree at one
// version; a View is a selection of a snapshot, and gives the parts that
// package serialize splices into a response.
//
//	mirror ─ Builder ─► Replace ─┐                  ┌─► Snapshot ─► View ─► parts
//	       └ Upsert, Delete ─────┴─► Collection ────┤
//	                                                └─► history ─► Subscription
//
// The package promises:
//   - a reader sees the world before a change or the one after it, never half
//     of either and never an empty one in between;
//   - a snapshot stays what it was for as long as someone has it;
//   - versions that a reader sees do not go back, unless a relist brings an
//     older world, which ends all watches;
//   - leaves at rest are kept deflated, and what is unpacked stays within the
//     budget of the Packer.
//
// Writers of one collection exclude each other by a mutex that readers never
// take. Readers load the current snapshot from an atomic pointer. What a leaf
// holds are atomic pointers too; its mutex is held only by who makes one. Its
// blocks in other forms have a mutex that is never held while one is made. The
// package starts no goroutine: Packer.Run blocks and is its caller's.
//
// Package informers feeds collections; httpapi and rbac read them.
package store
