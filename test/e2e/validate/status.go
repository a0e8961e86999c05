package validate

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrStatus breaks the guarantee that a refusal is a metav1.Status that says the same as the HTTP code.
var ErrStatus = errors.New("not a fitting Status")

// Status checks a refusal: its code, and its reason unless that is empty.
func Status(body []byte, code int, reason string) error {
	var status struct {
		Kind, APIVersion, Status, Message, Reason string
		Code                                      int
	}
	if err := json.Unmarshal(body, &status); err != nil {
		return fmt.Errorf("%w: %w: %s", ErrStatus, err, excerpt(body, 0))
	}
	if status.Kind != "Status" || status.APIVersion != "v1" || status.Status != "Failure" || status.Message == "" {
		return fmt.Errorf("%w: %s", ErrStatus, excerpt(body, 0))
	}
	if status.Code != code || reason != "" && status.Reason != reason {
		return fmt.Errorf("%w: code %d and reason %q, want %d and %q: %s", ErrStatus, status.Code, status.Reason, code, reason, excerpt(body, 0))
	}
	return nil
}
