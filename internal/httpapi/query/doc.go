// Package query filters, searches, sorts, counts and cuts the objects of a
// store.View: what a cache can do that an API server cannot.
//
//	sortBy=-metadata.creationTimestamp&search=web front&limit=50
//
//	View ─ Filter ─► rows of each leaf that match ─┬─ Sort ──► one page of objects
//	                 (remembered on the leaf)      ├─ Count ─► objects per value
//	                                               └─ Fields ► items cut down
//
// It works leaf by leaf. What is made of a leaf (values at a path, their
// order, texts to search, rows that match) is remembered on it: a query that is
// repeated after a change looks at one leaf anew. A page of a sorted list is
// picked by merging the leaves' orders, and sorts nothing.
//
// The package promises:
//   - it sees only the view that it is given, which is what rbac let through;
//   - nothing that a caller writes means more than a path, a word or a value:
//     there are no patterns and no expressions, and each parameter is bounded;
//   - values have one fixed order, see Value; ties are broken by the order of
//     keys, so pages of one snapshot never repeat nor skip;
//   - what it writes is valid JSON, made of the API server's own bytes.
//
// It knows no HTTP and no rights. Package httpapi reads the parameters with
// Parse and writes what comes out. Values are immutable; the goroutines that
// look at leaves side by side end before the function that started them.
package query
