package serialize

// MetadataAlone is the kind of answers that hold of each object its metadata
// alone, in a version of meta.k8s.io: v1 or v1beta1.
func (k Kind) MetadataAlone(version string) Kind {
	return Kind{
		APIVersion: "meta.k8s.io/" + version, Kind: "PartialObjectMetadata", ListKind: "PartialObjectMetadataList",
		Custom: k.Custom, Metadata: true, alone: k.APIVersion + " " + k.Kind,
	}
}

// metadataItems are the metadata of list items that are joined by commas.
func (k Kind) metadataItems(joined []byte) []byte {
	dst := make([]byte, 0, len(joined)/4)
	for w := (walker{raw: joined}); w.at < len(joined); w.at++ { // past the comma
		if w.at > 0 {
			dst = append(dst, ',')
		}
		metadata := none()
		for {
			name, value, ok := w.next()
			if !ok {
				break
			}
			if name == "metadata" {
				metadata = value
			}
		}
		dst = k.appendMetadata(dst, metadata)
	}
	return dst
}

// none are the metadata of an object that was cut down to other fields.
func none() []byte { return []byte("{}") }

// appendMetadata appends the object that API servers give for one whose
// metadata are raw.
func (k Kind) appendMetadata(dst, raw []byte) []byte {
	dst = append(dst, `{"kind":"PartialObjectMetadata","apiVersion":`...)
	dst = append(appendString(dst, k.APIVersion), `,"metadata":`...)
	if k.Custom {
		dst = appendOrdered(dst, raw, metadataOrder)
	} else {
		dst = append(dst, k.public(raw)...)
	}
	return append(dst, '}')
}

// metadata are the object's metadata as JSON.
func (o Object) metadata() []byte { return memberOf(o.raw[1:], "metadata") }

// memberOf is the value of an object's member, nil where it has none. The
// object comes without its opening brace.
func memberOf(own []byte, member string) []byte {
	w := walker{raw: own, at: -1}
	for {
		switch name, value, ok := w.next(); {
		case !ok:
			return none()
		case name == member:
			return value
		}
	}
}
