package wire

import "strings"

// Values of a list's parameters, good and bad; "" leaves the parameter out.
func versions() []string {
	return []string{"", "resourceVersion=", "resourceVersion=0", "resourceVersion=VERSION", "resourceVersion=1", "resourceVersion=abc", "resourceVersion=-1", "resourceVersion=18446744073709551616"}
}

func matches() []string {
	return []string{"", "resourceVersionMatch=", "resourceVersionMatch=Exact", "resourceVersionMatch=NotOlderThan", "resourceVersionMatch=Nonsense"}
}

func limits() []string {
	return []string{"", "limit=0", "limit=1", "limit=3", "limit=500", "limit=-1", "limit=abc"}
}

func tokens() []string {
	return []string{
		"continue=nonsense", "continue=", "continue=%00", "continue=e30", "continue=bm90IGpzb24", // {} and "not json"
		"continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi94In0",        // start ../x
		"continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJ4In0",            // rv 0
		"continue=eyJ2IjoibWV0YS5rOHMuaW8vdjIiLCJydiI6MSwic3RhcnQiOiJ4In0",            // another encoding
		"continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0Ijoid2ViLTAwMyJ9",   // from any version on
		"continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiL3dlYi0wMDMifQ", // the same with a slash
	}
}

func others() []string {
	return []string{
		"sendInitialEvents=true", "sendInitialEvents=false", "sendInitialEvents=abc", "timeout=abc", "timeout=10s", "timeout=1s", "timeout=-1s", "timeout=", "timeout=0", "timeout=100h",
		"timeoutSeconds=abc", "timeoutSeconds=-1", "timeoutSeconds=5", "allowWatchBookmarks=true", "allowWatchBookmarks=abc", "watch=false", "watch=0",
		"unknown=1", "limit=1&limit=3", "export=true", "exact=true", "includeObject=None", "a;b=c", "%zz=1", "LIMIT=1", "Continue=x",
	}
}

func labels() []string {
	return []string{
		"app", "!app", "app=web", "app==web", "app!=web", "app in (web,sample)", "app in ()", "app notin (web)", "app in (web),tier", "app=web,tier!=back",
		"tier>1", "tier<1", "app=", "app!=", ",", "app,", "a=b=c", "app in web", "-x", "app=-x", "app=web;tier=front", "APP=web", "app = web , tier = front",
		strings.Repeat("a", 64), "app=" + strings.Repeat("a", 64), "a/b/c=d", "kubernetes.io/metadata.name", "x in (a,a)", "app in (web", "app>web", "=x", " ",
	}
}

func fields() []string {
	return []string{
		"metadata.name=NAME", "metadata.name==NAME", "metadata.name!=NAME", "metadata.name=absent", "metadata.name=", "metadata.name!=", "metadata.name=a,metadata.name=b",
		"metadata.name=NAME,metadata.name!=x", "metadata.namespace=NS", "metadata.namespace!=NS", "metadata.namespace=", "metadata.namespace=NS,metadata.name=NAME",
		"metadata.name", "metadata.name=NAME,", ",", `metadata.name=a\,b`, `metadata.name=a\=b`, `metadata.name=a\x`, `metadata.name=a\`, "metadata.name=..", "metadata.name=a/b",
		"metadata.name>x", "=x", " metadata.name=NAME", "metadata.name=NAME ",
	}
}

// Versioned are lists by every combination of version, match and limit.
func (k Kind) Versioned(namespace string) []Request {
	var all []Request
	for _, version := range versions() {
		for _, match := range matches() {
			for _, limit := range limits() {
				all = append(all, get(k.In(namespace), version, match, limit))
			}
		}
	}
	return all
}

// Continued are lists with tokens of nobody's making, alone and beside what excludes them.
func (k Kind) Continued(namespace string) []Request {
	var all []Request
	for _, token := range tokens() {
		for _, beside := range []string{"", "limit=2", "resourceVersion=VERSION", "resourceVersion=0", "resourceVersionMatch=Exact", "labelSelector=app"} {
			all = append(all, get(k.In(namespace), token, beside))
		}
	}
	return all
}

// Othered are lists with what else a list may be asked with.
func (k Kind) Othered(namespace string) []Request {
	var all []Request
	for _, other := range others() {
		all = append(all, get(k.In(namespace), other))
	}
	return all
}

// Labelled are lists by label selectors.
func (k Kind) Labelled(namespace string) []Request {
	var all []Request
	for _, text := range labels() {
		all = append(all, get(k.In(namespace), selector("labelSelector", text)))
	}
	return all
}

// Fielded are lists by fields that every kind has, and by those of this one, with each operator.
func (k Kind) Fielded(namespace string) []Request {
	var texts []string
	for _, text := range fields() {
		texts = append(texts, strings.NewReplacer("NAME", k.Object, "NS", namespace).Replace(text))
	}
	for _, field := range k.Fields {
		name, value, _ := strings.Cut(field, "=")
		texts = append(texts, field, name+"=="+value, name+"!="+value, name+"=nonsense", name+"=", name+"!=", field+",metadata.name!=x", name+"=TRUE")
	}
	var all []Request
	for _, text := range texts {
		all = append(all, get(k.In(namespace), selector("fieldSelector", text)))
	}
	return all
}
