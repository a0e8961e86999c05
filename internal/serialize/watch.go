package serialize

// AppendEvent appends an event as a watch sends it, with its newline.
func (k Kind) AppendEvent(dst []byte, typ string, o Object) []byte {
	dst = k.AppendObject(appendType(dst, typ), o)
	return append(dst, "}\n"...)
}

// AppendNotice appends an event about the watch itself (BOOKMARK, ERROR), whose
// object is at hand as it is sent.
func AppendNotice(dst []byte, typ string, object []byte) []byte {
	dst = append(appendType(dst, typ), object...)
	return append(dst, "}\n"...)
}

// appendType begins an event.
func appendType(dst []byte, typ string) []byte {
	dst = appendString(append(dst, `{"type":`...), typ)
	return append(dst, `,"object":`...)
}
