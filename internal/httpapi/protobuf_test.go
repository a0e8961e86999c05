package httpapi

import (
	"bytes"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

func TestProtobufVersion(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "n", UID: "u", ResourceVersion: "4711"}}
	pod.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Pod"))
	var body bytes.Buffer
	if err := protobuf.NewSerializer(scheme, scheme).Encode(pod, &body); err != nil {
		t.Fatal(err)
	}
	if got := protobufVersion(body.Bytes()); got != 4711 {
		t.Errorf("got %d", got)
	}
}

func FuzzProtobufVersion(f *testing.F) {
	f.Add([]byte("k8s\x00\x12\x05\x0a\x03\x32\x011"))
	f.Fuzz(func(_ *testing.T, body []byte) { protobufVersion(body) }) // must not panic
}
