package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
)

// retrySeconds is what Retry-After says where nothing better is known.
const retrySeconds = 1

// fullSeconds is what Retry-After says where memory has to be freed first.
const fullSeconds = 30

// fail answers with the Status that an error carries; any other error is our own fault, told to the log and not to
// the caller.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		a.log.Error("request failed", zap.String("id", requestID(r.Context())), zap.Error(err))
		status = apierrors.NewInternalError(errors.New("see the log of k8cache"))
	}
	if asked := (*unwritable)(nil); errors.As(err, &asked) {
		writeStatusAs(w, form{mediaType: yamlType}, status.Status())
		return
	}
	writeStatus(w, r, status.Status())
}

// writeStatus writes a Status in the form that an API server would choose.
func writeStatus(w http.ResponseWriter, r *http.Request, status metav1.Status) {
	writeStatusAs(w, statusForm(r.Header.Get("Accept"), wantsPretty(r, r.URL.Query())), status)
}

func writeStatusAs(w http.ResponseWriter, f form, status metav1.Status) {
	body, err := f.text().Document(statusBytes(status))
	switch {
	case f.mediaType == protobufType:
		body = statusProtobuf(status)
	case err != nil: // it quotes what cannot be written, and keeps its code
		body, _ = f.text().Document(statusBytes((&unwritable{err}).Status()))
	}
	header := w.Header()
	if status.Details != nil && status.Details.RetryAfterSeconds > 0 {
		header.Set("Retry-After", strconv.Itoa(int(status.Details.RetryAfterSeconds)))
	}
	header.Set("Content-Type", f.mediaType)
	header.Set("Cache-Control", "no-cache, private")
	if status.Code == http.StatusForbidden {
		header.Set("X-Content-Type-Options", "nosniff") // it quotes what the caller sent
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(int(status.Code))
	_, _ = w.Write(body) //nolint:gosec // never HTML; the client may be gone
}

// statusBytes is a Status as JSON, without a line feed.
func statusBytes(status metav1.Status) []byte {
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	body, _ := json.Marshal(status) // strings and numbers always can be
	return body
}

// statusProtobuf is a Status in the API server's protobuf encoding.
func statusProtobuf(status metav1.Status) []byte {
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	var body bytes.Buffer
	_ = protobuf.NewSerializer(nil, nil).Encode(&status, &body) // memory takes all
	return body.Bytes()
}

// notWritable says that an object cannot be written in the form that was asked for, which can be YAML only. An API server
// tells it in that form, whatever it would choose for other errors.
func notWritable(err error) error { return &unwritable{err} }

type unwritable struct{ error }

// Status is the API server's answer.
func (e *unwritable) Status() metav1.Status {
	return metav1.Status{Status: metav1.StatusFailure, Code: http.StatusInternalServerError, Message: e.Error()}
}

func unknownCluster(name string) error {
	err := apierrors.NewNotFound(schema.GroupResource{Resource: "clusters"}, name)
	err.ErrStatus.Message = fmt.Sprintf("cluster %q not found", name)
	return err
}

// full says to who may see a part that only memory could show it, and has no room. Who may see all is passed on.
func full(resource string) error {
	err := apierrors.NewServiceUnavailable("memory is full: " + resource + " cannot be kept, ask for one namespace with Cache-Control: no-cache")
	err.ErrStatus.Details = &metav1.StatusDetails{RetryAfterSeconds: fullSeconds}
	return err
}

// notSynced says that a collection is not there yet: worth trying again soon.
func notSynced(resource string) error {
	err := apierrors.NewServiceUnavailable(resource + " is not synced yet, try again")
	err.ErrStatus.Details = &metav1.StatusDetails{RetryAfterSeconds: retrySeconds}
	return err
}
