package serialize

// AppendEvent appends an event as a watch sends it, with its newline.
func (k Kind) AppendEvent(dst []byte, typ string, o Object) []byte {
	dst = append(dst, `{"type":`...)
	dst = appendString(dst, typ)
	dst = append(dst, `,"object":`...)
	dst = k.AppendObject(dst, o)
	return append(dst, "}\n"...)
}
