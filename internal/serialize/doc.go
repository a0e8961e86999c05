// Package serialize turns the bytes of an API server into the bytes of a
// response, without decoding them in between.
//
// An Object is one Kubernetes object in the form in which it stands inside a
// list. A List is an envelope around runs of such objects (Part), written
// either as they are or as one gzip member spliced from blocks that were
// deflated before.
//
// A Form is another way to write them: without managedFields, their metadata
// alone, as JSON for people or as YAML (Text). Its blocks are made from the
// bytes when first asked for, and kept by who keeps the objects (Keeper). A
// Table shows rows that the API server printed and that stand in the objects;
// the ages in them are told anew each time.
//
// The package promises that whatever Parse accepted is one complete, valid
// JSON object in valid UTF-8, so it cannot break the list it is put into, and
// that everything it writes is what the API server would have written, byte
// for byte.
//
// It knows bytes, not HTTP, and imports no package of ours. Package store
// keeps what it makes; package httpapi sends it. Values are immutable once
// made and safe for concurrent use; there is nothing to lock.
package serialize
