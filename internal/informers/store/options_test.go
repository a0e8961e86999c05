package store

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestZeroOptionsMeanDefaults(t *testing.T) {
	type settings struct {
		Budget, History, Limit int64
		Interval               time.Duration
	}
	tests := map[string]struct {
		collection Options
		packer     PackerOptions
		want       settings
	}{
		"zero": {
			want: settings{Budget: 64 << 20, History: 8 << 20, Limit: math.MaxInt64, Interval: 5 * time.Second},
		},
		"all set": {
			collection: Options{History: 1, Limit: 2},
			packer:     PackerOptions{Budget: 3, Interval: 4},
			want:       settings{Budget: 3, History: 1, Limit: 2, Interval: 4},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.packer.Budget != 0 {
				test.collection.Packer = NewPacker(test.packer)
			}
			c := New(test.collection)
			got := settings{Budget: c.packer.budget, History: c.history.limit, Limit: c.limit, Interval: c.packer.interval}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
