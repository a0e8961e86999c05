package httpapi

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

func TestThreat31_OneCallerLeavesRoomForOthers(t *testing.T) {
	l := newLimit(3, 2)
	leave := func(user string) func() {
		t.Helper()
		done, err := l.enter("east", user)
		if err != nil {
			t.Fatalf("%s: %v", user, err)
		}
		return done
	}
	first := leave("greedy")
	leave("greedy")
	if _, err := l.enter("east", "greedy"); !apierrors.IsTooManyRequests(err) {
		t.Errorf("a third place for one caller: %v", err)
	}
	other := leave("modest")
	if _, err := l.enter("east", "another"); !apierrors.IsTooManyRequests(err) {
		t.Errorf("a fourth place: %v", err)
	}
	first()
	other()
	leave("another")()
	if len(l.each) != 1 || l.all != 1 {
		t.Errorf("places not given back: %v of %d", l.each, l.all)
	}
}
