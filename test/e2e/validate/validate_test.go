package validate

import (
	"errors"
	"net/http"
	"testing"
)

func list(t *testing.T, body string) *List {
	t.Helper()
	parsed, err := ParseList([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

const (
	first  = `{"metadata":{"namespace":"a-b","name":"x"}}`
	second = `{"metadata":{"namespace":"a","name":"x"}}`
	third  = `{"metadata":{"namespace":"a","name":"x"},"spec":{}}`
	event1 = `{"type":"ADDED","object":{"metadata":{"resourceVersion":"9"}}}`
	event2 = `{"type":"DELETED","object":{"metadata":{"resourceVersion":"10"}}}`
)

// TestValidatorsFindWhatTheyAreNamedFor shows each guarantee kept and broken, for a validator that finds nothing proves nothing.
func TestValidatorsFindWhatTheyAreNamedFor(t *testing.T) {
	items := func(items string) *List { return list(t, `{"items":[`+items+`]}`) }
	answer := func(values ...string) http.Header { return http.Header{"Cache-Status": values} }
	notFound := []byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","message":"m","reason":"NotFound","code":404}`)
	tests := map[string]struct{ got, want error }{
		"same bytes":            {SameBytes([]byte("abc"), []byte("abc")), nil},
		"other byte":            {SameBytes([]byte("abc"), []byte("abd")), ErrBytes},
		"cut off":               {SameBytes([]byte("abc"), []byte("ab")), ErrBytes},
		"in order":              {Ordered(items(first + "," + second)), nil},
		"by namespace and name": {Ordered(items(second + "," + first)), ErrOrder},
		"twice":                 {Ordered(items(first + "," + first)), ErrOrder},
		"union":                 {Union(items(first+","+second), items(second), items(first)), nil},
		"union of nothing":      {Union(items("")), nil},
		"item missing":          {Union(items(first), items(second), items(first)), ErrUnion},
		"item too many":         {Union(items(first+","+second), items(first)), ErrUnion},
		"item changed":          {Union(items(second), items(third)), ErrUnion},
		"item twice":            {Union(items(first+","+first), items(first)), ErrUnion},
		"union out of order":    {Union(items(second+","+first), items(second), items(first)), ErrOrder},
		"hit":                   {FromMemory(answer("k8cache; hit; detail=x")), nil},
		"no hit":                {FromMemory(answer(Bypass)), ErrSource},
		"bypass":                {FromServer(answer(Bypass)), nil},
		"a source":              {Source(answer(Hit)), nil},
		"no source":             {Source(answer()), ErrSource},
		"two sources":           {Source(answer(Hit, Bypass)), ErrSource},
		"somebody's source":     {Source(answer("other; hit")), ErrSource},
		"hit and forwarded":     {Source(answer("k8cache; hit; fwd=miss")), ErrSource},
		"same headers":          {SameHeaders(http.Header{"A": {"1"}}, http.Header{"A": {"1"}, "Age": {"3"}}), nil},
		"header missing":        {SameHeaders(http.Header{"A": {"1"}}, nil), ErrHeaders},
		"header too many":       {SameHeaders(nil, http.Header{"A": {"1"}}), ErrHeaders},
		"status":                {Status(notFound, 404, "NotFound"), nil},
		"status of other code":  {Status(notFound, 403, ""), ErrStatus},
		"no status":             {Status([]byte("404 page not found"), 404, ""), ErrStatus},
		"same events":           {SameEvents([]string{event1, event2}, []string{event1, event2}), nil},
		"event missing":         {SameEvents([]string{event1, event2}, []string{event1}), ErrEvents},
		"event too many":        {SameEvents([]string{event1}, []string{event1, event2}), ErrEvents},
		"event changed":         {SameEvents([]string{event1}, []string{event2}), ErrEvents},
		"event twice":           {OrderedEvents([]string{event1, event1}), ErrEvents},
		"events out of order":   {OrderedEvents([]string{event2, event1}), ErrEvents},
		"no event":              {OrderedEvents([]string{"{"}), ErrEvents},
		"forward":               {Forward([]string{"9", "9", "10"}), nil},
		"backward":              {Forward([]string{"10", "9"}), ErrForward},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if !errors.Is(test.got, test.want) {
				t.Errorf("got %v, want %v", test.got, test.want)
			}
		})
	}
}

func TestParseListRefusesWhatIsNone(t *testing.T) {
	for _, body := range []string{``, `{}`, `{"items":null}`, `{"items":[1]}`, `{"items":[{}]`} {
		if _, err := ParseList([]byte(body)); !errors.Is(err, ErrNoList) {
			t.Errorf("%s: got %v, want %v", body, err, ErrNoList)
		}
	}
}
