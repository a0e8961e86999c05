package validate

import (
	"errors"
	"fmt"
)

// ErrOrder breaks the guarantee that a list is in the order of keys, each item once.
var ErrOrder = errors.New("not in the order of keys")

// Ordered checks that keys rise strictly. By bytes, a-b/x comes before a/x.
func Ordered(list *List) error {
	for i := 1; i < len(list.Items); i++ {
		if previous, next := list.Items[i-1].Key(), list.Items[i].Key(); previous >= next {
			return fmt.Errorf("%w: %s before %s", ErrOrder, previous, next)
		}
	}
	return nil
}
