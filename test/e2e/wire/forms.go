package wire

func accepts() []string {
	return []string{
		"*/*", "application/*", "application/json", "application/json;charset=utf-8", "application/json;foo=bar", "text/html,*/*;q=0.8", "text/html", "application/xml",
		"APPLICATION/JSON", "application/cbor", "application/json;q=0", "application/yaml", "application/yaml;q=0.5,application/json", "application/json;q=0.5,application/yaml",
		"application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf,application/json", "application/json;stream=watch", "application/json;stream=foo",
		"application/json;sv=1", "application/json;pretty=1", "application/json;pretty=0", "application/yaml;pretty=1", "", "nonsense", ";", "application/json;",
		"application/json;as=Table;g=meta.k8s.io;v=v1", "application/json;as=Table;g=meta.k8s.io;v=v1beta1", "application/yaml;as=Table;g=meta.k8s.io;v=v1",
		"application/json;as=Table;g=meta.k8s.io;v=v2", "application/json;as=Table;g=meta.k8s.io;v=v1,application/json;as=Table;g=meta.k8s.io;v=v1beta1,application/json",
		"application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1", "application/json;as=Table", "application/json;as=Nonsense;g=meta.k8s.io;v=v1",
		"application/json;as=Nonsense;g=meta.k8s.io;v=v1,application/json",
		"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1",
		"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1beta1",
		"application/yaml;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/yaml;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
		"application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
		"application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
	}
}

// agents are how people's programs and others call themselves.
func agents() []string {
	return []string{"curl/8.5.0", "Wget/1.21", "Mozilla/5.0 (X11; Linux x86_64)", "kubectl/v1.37.2", "", "Curl/8", "mozilla/5.0"}
}

func pretties() []string {
	return []string{"", "pretty=true", "pretty=1", "pretty=t", "pretty=false", "pretty=0", "pretty=", "pretty", "pretty=nonsense", "pretty=1&pretty=0"}
}

func encodings() []string {
	return []string{"gzip", "deflate, gzip", "gzip,deflate", "gzip;q=0.5", "*", "GZIP", "identity", "", "br", " gzip ", "x-gzip", "gzip, *;q=0"}
}

// Accepted are requests for a path in every form that can be asked for. Version 0 and an exact version let lists that
// cannot be cleared of their version be compared.
func Accepted(path string, parameters ...string) []Request {
	var all []Request
	for _, accept := range accepts() {
		all = append(all, get(path, parameters...).with("Accept: "+accept))
	}
	return all
}

// Printed are requests for a path by people and by programs.
func Printed(path string) []Request {
	var all []Request
	for _, agent := range agents() {
		for _, pretty := range pretties() {
			all = append(all, get(path, pretty).with("User-Agent: "+agent))
		}
	}
	for _, pretty := range pretties() {
		all = append(all, get(path, pretty).with("User-Agent: curl/8.5.0", "Accept: application/json;pretty=0"), get(path, pretty).with("Accept: application/yaml"))
	}
	return all
}

// Encoded are requests for a path with every way to ask for compression.
func Encoded(path string, parameters ...string) []Request {
	var all []Request
	for _, encoding := range encodings() {
		all = append(all, get(path, parameters...).with("Accept-Encoding: "+encoding))
	}
	return all
}

// Tables are requests for a table with each of the parameters that tables have.
func Tables(path string) []Request {
	var all []Request
	for _, include := range []string{"", "includeObject=None", "includeObject=Metadata", "includeObject=Object", "includeObject=Nonsense", "includeObject="} {
		all = append(all, get(path, include).with("Accept: application/json;as=Table;g=meta.k8s.io;v=v1"))
	}
	return all
}
