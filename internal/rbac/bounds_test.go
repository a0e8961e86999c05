package rbac

import (
	"fmt"
	"strconv"
	"testing"
)

// This file looks inside, because what is bounded here cannot be seen from outside.

func TestMemoryIsBoundedByWeight(t *testing.T) {
	m, d := newMemory(1000), NewDigester()
	for i := range 10_000 {
		m.put(d.Sum(strconv.Itoa(i)), remembered{grants: &grants{weight: 1 + i%100}})
		if m.weight > 1000 && m.lru.Len() > 1 {
			t.Fatalf("weight %d after %d", m.weight, i)
		}
	}
	if _, ok := m.get(d.Sum("9999")); !ok {
		t.Error("the last one is forgotten")
	}
	if _, ok := m.get(d.Sum("0")); ok {
		t.Error("the first one is still there")
	}
	total := 0
	for i := range 10_000 {
		if r, ok := m.get(d.Sum(strconv.Itoa(i))); ok {
			total += r.grants.weight
		}
	}
	if total != m.weight {
		t.Errorf("the entries weigh %d, counted %d", total, m.weight)
	}
	m.put(d.Sum("heavy"), remembered{grants: &grants{weight: 5000}})
	if _, ok := m.get(d.Sum("heavy")); !ok || m.lru.Len() != 1 {
		t.Errorf("one heavier than all: %v, %d entries", ok, m.lru.Len())
	}
	m.put(d.Sum("heavy"), remembered{grants: &grants{weight: 10}})
	if m.weight != 10 {
		t.Errorf("an entry that was replaced still weighs: %d", m.weight)
	}
}

func TestThreat01_FieldsOfKeysDoNotRunTogether(t *testing.T) {
	d := NewDigester()
	seen := map[Digest]string{}
	for _, fields := range [][]string{
		nil, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"", "ab"}, {"ab", ""}, {"a", "", "b"}, {"\x01a"}, {"a\x00b"}, {"\x02ab"},
	} {
		sum := d.Sum(fields...)
		if other, ok := seen[sum]; ok {
			t.Errorf("%q and %s have the same key", fields, other)
		}
		seen[sum] = fmt.Sprintf("%q", fields)
		if sum != d.Sum(fields...) {
			t.Errorf("%q has two keys", fields)
		}
		if sum == NewDigester().Sum(fields...) {
			t.Errorf("%q has the same key in another process", fields)
		}
	}
}

func TestThreat01_UsersKeysTellThemApart(t *testing.T) {
	d := NewDigester()
	one := User{Name: "a", UID: "1", Groups: []string{"x", "y"}, Extra: map[string][]string{"k": {"v"}}}
	same := User{Name: "a", UID: "1", Groups: []string{"y", "x", "y"}, Extra: map[string][]string{"k": {"v"}}}
	if d.User(one) != d.User(same) {
		t.Error("the order of groups counts")
	}
	for _, other := range []User{
		{Name: "a", UID: "1", Groups: []string{"x", "y"}},
		{Name: "a", UID: "1", Groups: []string{"x", "y", "k", "1", "v"}},
		{Name: "a", UID: "1", Groups: []string{"x"}, Extra: map[string][]string{"y": {}, "k": {"v"}}},
		{Name: "a", UID: "1", Groups: []string{"x", "y"}, Extra: map[string][]string{"k": {"v", "v"}}},
		{Name: "a", UID: "1", Groups: []string{"x", "y"}, Extra: map[string][]string{"k": {}, "v": {}}},
		{Name: "a", UID: "", Groups: []string{"x", "y"}, Extra: map[string][]string{"k": {"v"}}},
		{Name: "a1", Groups: []string{"x", "y"}, Extra: map[string][]string{"k": {"v"}}},
	} {
		if d.User(one) == d.User(other) {
			t.Errorf("%+v has the key of %+v", other, one)
		}
	}
}

func TestLimitersAndReviewsAreBounded(t *testing.T) {
	r := newReviews(nil, NewDigester())
	for i := range 3 * maxReviewers {
		r.limit(r.digests.Sum(strconv.Itoa(i)))
	}
	if got := len(r.limits.Keys()); got > maxReviewers {
		t.Errorf("%d limiters", got)
	}
}
