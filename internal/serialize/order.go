package serialize

import "slices"

// order is the order in which an object's members are written: names in it,
// and for a member that is an array of objects the order of theirs.
type order func() (names []string, within map[string]order)

// metadataOrder is that of ObjectMeta in apimachinery. Custom resources are
// kept and sent with their members sorted, but the metadata alone in this
// order, as API servers decode them for it.
func metadataOrder() ([]string, map[string]order) {
	return []string{
		"name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
		"deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
	}, map[string]order{"ownerReferences": ownerOrder, "managedFields": managedOrder}
}

// ownerOrder is that of OwnerReference.
func ownerOrder() ([]string, map[string]order) {
	return []string{"apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"}, nil
}

// managedOrder is that of ManagedFieldsEntry.
func managedOrder() ([]string, map[string]order) {
	return []string{"manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource"}, nil
}

// appendOrdered appends an object with its members in order; those that order
// does not know, of a newer API server, come last.
func appendOrdered(dst, raw []byte, order order) []byte {
	names, within := order()
	values := make([][]byte, len(names), len(names)+1)
	w := walker{raw: raw}
	for {
		name, value, ok := w.next()
		if !ok {
			break
		}
		if at := slices.Index(names, name); at < len(values) && at >= 0 {
			values[at] = value
		} else {
			names, values = append(names, name), append(values, value)
		}
	}
	dst = append(dst, '{')
	first := true
	for i, value := range values {
		if value == nil {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendString(dst, names[i]), ':')
		if inner, ok := within[names[i]]; ok {
			dst = appendOrderedArray(dst, value, inner)
		} else {
			dst = append(dst, value...)
		}
	}
	return append(dst, '}')
}

// appendOrderedArray appends an array of objects, each with its members in
// order. What is no such array stays as it is.
func appendOrderedArray(dst, raw []byte, order order) []byte {
	var n nest
	start, from := len(dst), 1
	for from < len(raw) && raw[from] == '{' {
		to := skipValue(raw, from, &n)
		dst = appendOrdered(append(dst, raw[from-1]), raw[from:to], order) // with the bracket or comma before it
		from = to + 1
	}
	if raw[0] != '[' || from != len(raw) {
		return append(dst[:start], raw...)
	}
	return append(dst, ']')
}
