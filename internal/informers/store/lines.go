package store

import "sync"

// lines are what one event is sent as, for all watchers of it: each form is
// made once, by whoever wants it first. They last as long as the event is
// among the newest, in the history's last two chunks, and take at most as much
// memory there, for each form in use, as the objects themselves.
type lines struct {
	mu   sync.Mutex
	made []line
}

// line is an event in one form.
type line struct {
	form  string
	bytes []byte
}

// Line is the event in a form, as encode makes it. It is shared with all who
// want it in the same form, so it must depend on nothing but event and form,
// and must not be changed.
func (e Event) Line(form string, encode func(Event) []byte) []byte {
	if e.lines == nil {
		return encode(e)
	}
	e.lines.mu.Lock()
	defer e.lines.mu.Unlock()
	for _, l := range e.lines.made {
		if l.form == form {
			return l.bytes
		}
	}
	made := encode(e)
	e.lines.made = append(e.lines.made, line{form: form, bytes: made})
	return made
}
