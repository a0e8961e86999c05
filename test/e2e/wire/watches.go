package wire

// The parameters of watches, besides those of lists.
func begins() []string {
	return []string{
		"", "resourceVersion=", "resourceVersion=0", "resourceVersion=VERSION", "resourceVersion=1", "resourceVersion=abc", "resourceVersion=-1",
	}
}

func initials() []string {
	return []string{
		"", "sendInitialEvents=true", "sendInitialEvents=false", "sendInitialEvents=true&resourceVersionMatch=NotOlderThan", "sendInitialEvents=false&resourceVersionMatch=NotOlderThan",
		"sendInitialEvents=true&resourceVersionMatch=Exact", "resourceVersionMatch=NotOlderThan", "resourceVersionMatch=Exact", "sendInitialEvents=abc&resourceVersionMatch=NotOlderThan",
	}
}

func bookmarks() []string {
	return []string{"", "allowWatchBookmarks=true", "allowWatchBookmarks=false"}
}

func watchings() []string {
	return []string{
		"limit=1", "limit=abc", "continue=x", "pretty=true", "fieldSelector=metadata.name%3DNAME", "fieldSelector=metadata.name!%3DNAME", "labelSelector=app%3Dweb",
		"labelSelector=a%3Db%3Dc", "fieldSelector=metadata.name", "timeout=abc", "timeout=1s", "timeout=8m20s", "unknown=1",
	}
}

func waits() []string {
	return []string{"timeoutSeconds=abc", "timeoutSeconds=1.5"} // what comes of a negative one depends on who is faster
}

// brief ends a watch soon.
const brief = "timeoutSeconds=1"

// Watched are watches of a collection by every combination of what they may begin with, and with what else they may be
// asked with.
func (k Kind) Watched(namespace string) []Request {
	var all []Request
	path := k.In(namespace)
	for _, begin := range begins() {
		for _, initial := range initials() {
			for _, bookmark := range bookmarks() {
				all = append(all, get(path, "watch=1", begin, initial, bookmark, brief))
			}
		}
	}
	for _, watching := range watchings() {
		all = append(all, get(path, "watch=true", watching, brief))
	}
	for _, wait := range waits() {
		all = append(all, get(path, "watch=1", wait))
	}
	for _, flag := range []string{"watch", "watch=", "watch=abc", "watch=TRUE", "watch=1&watch=0"} {
		all = append(all, get(path, flag, brief))
	}
	return all
}

// WatchForms are watches in every form, compressed and not.
func (k Kind) WatchForms(namespace string) []Request {
	path := k.In(namespace)
	all := Accepted(path, "watch=1", brief)
	all = append(all, Encoded(path, "watch=1", brief)...)
	all = append(all, Encoded(path, "watch=1", "allowWatchBookmarks=true", brief)...)
	for _, agent := range agents() {
		all = append(all, get(path, "watch=1", brief).with("User-Agent: "+agent))
	}
	return all
}
