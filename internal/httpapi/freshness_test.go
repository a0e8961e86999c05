package httpapi

import (
	"net/url"
	"testing"
)

// The matrix of the API concepts' section "Resource versions", as an API server was seen to answer it.
func TestListFreshness(t *testing.T) {
	for _, test := range []struct {
		query   string
		limit   int64
		want    freshness
		version uint64
		limited int64
	}{
		{"", 0, newest, 0, 0},
		{"", 5, newest, 0, 5},
		{"resourceVersion=0", 5, newest, 0, 0},
		{"resourceVersion=0&resourceVersionMatch=NotOlderThan", 5, newest, 0, 0},
		{"resourceVersion=7", 0, notOlderThan, 7, 0},
		{"resourceVersion=7&resourceVersionMatch=NotOlderThan", 0, notOlderThan, 7, 0},
		{"resourceVersion=7", 5, exactly, 7, 5},
		{"resourceVersion=7&resourceVersionMatch=NotOlderThan", 5, notOlderThan, 7, 5},
		{"resourceVersion=7&resourceVersionMatch=Exact", 0, exactly, 7, 0},
		{"resourceVersion=7&resourceVersionMatch=Exact", 5, exactly, 7, 5},
		{"resourceVersion=0&resourceVersionMatch=Exact", 0, asUpstream, 0, 0},
		{"resourceVersionMatch=Exact", 0, asUpstream, 0, 0},
		{"resourceVersionMatch=NotOlderThan", 0, asUpstream, 0, 0},
		{"resourceVersion=7&resourceVersionMatch=Foo", 0, asUpstream, 0, 0},
		{"resourceVersion=abc", 0, asUpstream, 0, 0},
		{"resourceVersion=-1", 0, asUpstream, 0, 0},
		{"sendInitialEvents=true", 0, asUpstream, 0, 0},
	} {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got, version, limit := listFreshness(query, test.limit)
		if got != test.want || got != asUpstream && (version != test.version || limit != test.limited) {
			t.Errorf("%q limit %d: got %d at %d limit %d", test.query, test.limit, got, version, limit)
		}
	}
}

func TestGetFreshness(t *testing.T) {
	for value, want := range map[string]freshness{"": newest, "0": newest, "7": notOlderThan, "abc": asUpstream, "-1": asUpstream} {
		if got, _ := getFreshness(url.Values{"resourceVersion": {value}}); got != want {
			t.Errorf("%q: got %d, want %d", value, got, want)
		}
	}
}
