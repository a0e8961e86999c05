package wire

import (
	"net/http"
	"strings"
)

// Gets are requests for one object, there or not, with what means something for it and what does not.
func (k Kind) Gets(namespace string) []Request {
	one, absent := k.One(namespace), k.In(namespace)+"/not-there"
	var all []Request
	for _, parameter := range []string{
		"", "resourceVersion=", "resourceVersion=0", "resourceVersion=VERSION", "resourceVersion=1", "resourceVersion=abc", "resourceVersion=-1", "resourceVersionMatch=Exact",
		"labelSelector=a%3Db", "labelSelector=a%3Db%3Dc", "fieldSelector=metadata.name%3Dx", "watch=1", "limit=abc", "continue=x", "export=true", "export=false", "exact=true",
		"timeout=abc", "timeout=5s", "timeoutSeconds=abc", "pretty=true", "unknown=1", "sendInitialEvents=true",
	} {
		all = append(all, get(one, parameter), get(absent, parameter))
	}
	all = append(all, Accepted(one)...)
	all = append(all, Accepted(absent)...)
	all = append(all, Encoded(one)...)
	all = append(all, Printed(one)...)
	return append(all, Tables(one)...)
}

// Methods are requests that read nothing, or nothing from memory, for a collection and for one object.
func (k Kind) Methods(namespace string) []Request {
	var all []Request
	for _, path := range []string{k.In(namespace), k.One(namespace), k.In(namespace) + "/not-there", k.In(namespace) + "?watch=1&timeoutSeconds=1"} {
		for _, method := range []string{http.MethodHead, http.MethodOptions, "TRACE", "NONSENSE", "get", http.MethodPut, http.MethodPost, http.MethodPatch} {
			one := strings.Contains(path, k.Object)
			if method == http.MethodPut && one || method == http.MethodPost && !one || method == http.MethodPatch && one {
				continue // those might write
			}
			all = append(all, Request{Method: method, Path: path})
		}
	}
	return all
}

// Odd are paths that name nothing, the wrong thing, or something in a strange way.
func (k Kind) Odd(namespace string) []Request {
	in, plural := k.In(namespace), k.Path[strings.LastIndex(k.Path, "/")+1:]
	root := strings.TrimSuffix(k.Path, "/"+plural)
	escaped := "%" + "61" // an "a"
	paths := []string{
		in + "/", in + "//", in + "/?limit=1", in + "?", in + "/" + k.Object + "/", in + "/" + k.Object + "//", in + "/" + k.Object + "/nonsense", in + "/" + k.Object + "/status",
		in + "/" + k.Object + "/scale", in + "/..", in + "/.", in + "/%2e%2e", in + "/Not_A_Name", in + "/" + strings.ToUpper(k.Object), in + "%2f" + k.Object, in + "x", in + "/%00",
		strings.Replace(in, "a", escaped, 1), strings.Replace(in, "/"+plural, "/"+strings.ToUpper(plural), 1), "/" + in, root, root + "/", root + "/nonsense", root + "/nonsense/x",
		root + "/namespaces//" + plural, root + "/namespaces/" + namespace + "/" + plural, root + "/namespaces/" + namespace + "/" + plural + "/" + k.Object,
		root + "/" + plural + "/" + k.Object, root + "/namespaces/absent/" + plural, root + "/namespaces/absent/" + plural + "/x", root + "/namespaces/" + namespace,
		root + "/watch/" + plural + "?timeoutSeconds=1", root + "/watch/namespaces/" + namespace + "/" + plural + "?timeoutSeconds=1",
		root + "/watch/" + plural + "/" + k.Object + "?timeoutSeconds=1", strings.Replace(root, "/v1", "/v9", 1) + "/" + plural, strings.Replace(root, "/apis/", "/apis/x", 1) + "/" + plural,
	}
	var all []Request
	for _, path := range paths {
		all = append(all, get(path))
	}
	return all
}
