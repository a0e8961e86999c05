package httpapi

import (
	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// event sends an event, if it is one to this caller. Where it is the same to all callers who see it, all who want it in the
// same form are sent the same line.
func (s *watching) event(e store.Event) {
	switch kind, object, ok := s.translate(e); {
	case !ok:
	case s.form != "" && kind == string(e.Type) && object.Same(e.Object.Ref):
		s.out.event(e.Line(s.form, s.encode))
		s.sent = true
	default:
		s.send(kind, object)
	}
}

// lineForm names what a watch's events are written as: their kind, which tells whole objects from their metadata alone, and
// whether managedFields are left out. It is empty where others would hardly ask for the same, and for tables, whose ages run.
func (s *sight) lineForm(q query.Query) string {
	switch {
	case !q.Fields.Everything(), s.form.shape == table:
		return ""
	case q.Slim:
		return s.kind.APIVersion + " slim"
	}
	return s.kind.APIVersion
}

// line is an event in the watch's form.
func (s *watching) line(e store.Event) []byte {
	const around = 128 // the type, and the object's own kind and version
	room := make([]byte, 0, e.Object.Size()+around)
	return s.see.kind.AppendEvent(room, string(e.Type), s.options.query.Object(e.Object))
}

func (s *watching) send(kind string, object serialize.Object) {
	s.room = s.see.kind.AppendEvent(s.room[:0], kind, s.options.query.Object(object))
	s.out.event(s.room)
	s.sent = true
	s.see.headed()
}

func (s *watching) bookmark(version uint64, ends bool) {
	s.notice("BOOKMARK", s.see.bookmark(version, ends))
	s.see.headed()
}

func (s *watching) notice(kind string, object []byte) {
	s.room = serialize.AppendNotice(s.room[:0], kind, object)
	s.out.event(s.room)
}

// translate is what an event is to this caller: what enters their sight is added, what leaves it is deleted, with the
// content that they last saw.
func (s *watching) translate(e store.Event) (kind string, object serialize.Object, ok bool) {
	if s.see.scope.All() && s.see.namespace == "" && s.options.filter.Everything() && e.ResourceVersion > s.turned.until {
		return string(e.Type), e.Object, true
	}
	now := e.Type != store.Deleted && s.sees(e.Object)
	before := e.Type != store.Added && s.saw(e)
	switch {
	case now && before:
		return string(store.Modified), e.Object, true
	case now:
		return string(store.Added), e.Object, true
	case before && e.Type == store.Deleted && s.sees(e.Object):
		return string(store.Deleted), e.Object, true
	case before:
		return string(store.Deleted), e.Previous.WithResourceVersion(e.ResourceVersion), true
	}
	return "", serialize.Object{}, false
}

func (s *watching) sees(object serialize.Object) bool {
	return s.see.scope.Allows(object.Namespace(), object.Name()) && s.options.filter.Picks(object)
}
