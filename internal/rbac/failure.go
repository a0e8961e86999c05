package rbac

import (
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Failure is a refusal in two parts: the Status that the caller is told, and the cause, which only the log is told.
// It is what Scope and authentication return where they cannot decide.
type Failure struct {
	status metav1.Status
	cause  error
}

var _ apierrors.APIStatus = (*Failure)(nil)

// NewFailure returns the status as an error that unwraps to the cause.
func NewFailure(status *apierrors.StatusError, cause error) *Failure {
	return &Failure{status: status.Status(), cause: cause}
}

// Unavailable returns a 503 that asks the caller to come back in a second. It is the answer where a question to the
// cluster could not be answered: neither 401, which would log users out, nor 403, which would be a statement about
// their rights.
func Unavailable(message string, cause error) *Failure {
	status := apierrors.NewServiceUnavailable(message)
	status.ErrStatus.Details = &metav1.StatusDetails{RetryAfterSeconds: 1}
	return NewFailure(status, cause)
}

// Error returns both parts, for the log.
func (f *Failure) Error() string {
	if f.cause == nil {
		return f.status.Message
	}
	return f.status.Message + ": " + f.cause.Error()
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.cause }

// Status returns what the caller is told.
func (f *Failure) Status() metav1.Status { return f.status }
