package httpapi

import (
	"bytes"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of the messages around a version (generated.proto of k8s.io/apimachinery).
const (
	unknownRaw          = 2 // runtime.Unknown.raw
	objectMetadata      = 1 // metadata of every kind of object
	metaResourceVersion = 6 // ObjectMeta.resourceVersion
)

// protobufVersion reads metadata.resourceVersion out of an object in the Kubernetes protobuf encoding: the magic
// "k8s\x00", then a runtime.Unknown. It is zero where there is none.
func protobufVersion(body []byte) uint64 {
	message, ok := bytes.CutPrefix(body, []byte("k8s\x00"))
	if !ok {
		return 0
	}
	for _, number := range []protowire.Number{unknownRaw, objectMetadata, metaResourceVersion} {
		if message = bytesField(message, number); message == nil {
			return 0
		}
	}
	version, err := strconv.ParseUint(string(message), 10, 64)
	if err != nil {
		return 0
	}
	return version
}

// bytesField is the first length-delimited field with a number, nil where there is none.
func bytesField(message []byte, want protowire.Number) []byte {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return nil
		}
		message = message[n:]
		if number == want && kind == protowire.BytesType {
			value, n := protowire.ConsumeBytes(message)
			if n < 0 {
				return nil
			}
			return value
		}
		if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
			return nil
		}
		message = message[n:]
	}
	return nil
}
