package store

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"weak"
)

// PackerOptions are the settings of a packer. The zero value means defaults.
type PackerOptions struct {
	// Budget bounds, in bytes, what is at hand beside the deflated objects:
	// unpacked leaves, what is derived from leaves, old snapshots. The default is
	// 64 MiB.
	Budget int64
	// Interval is the time between rounds, and after which what was not used
	// is packed. The default is 5 seconds.
	Interval time.Duration
	// Sketch is kept of every object, deflated, as long as the object is. Nil:
	// nothing is.
	Sketch Sketch
}

// keepDerived is for how many rounds without use it is remembered what was
// derived.
const keepDerived = 120

// Packer packs what is not in use, over all collections that were made with
// it. It does so in rounds, from Run.
//
// The budget holds between rounds too: a read that would exceed it keeps
// nothing, and a write packs another leaf for the one that it made, or that.
type Packer struct {
	budget   int64
	interval time.Duration
	sketch   Sketch
	round    atomic.Uint64
	resident atomic.Int64 // estimated between rounds, counted in each

	mu          sync.Mutex
	collections []weak.Pointer[Collection]
	cold        []*leaf // at hand after the last round, longest unused first
}

// NewPacker makes a packer for any number of collections.
func NewPacker(o PackerOptions) *Packer {
	return &Packer{
		budget:   cmp.Or(o.Budget, 64<<20),
		interval: cmp.Or(o.Interval, 5*time.Second),
		sketch:   o.Sketch,
	}
}

// Run packs until ctx ends.
func (p *Packer) Run(ctx context.Context) error {
	ticker := time.NewTicker(p.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			p.round.Add(1)
			p.Pack()
		}
	}
}

// Resident is about how many bytes of the budget are in use.
func (p *Packer) Resident() int64 { return p.resident.Load() }

// add takes care of a collection for as long as it is in use.
func (p *Packer) add(c *Collection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.collections = append(p.collections, weak.Make(c))
}

// live are the collections still in use.
func (p *Packer) live() []*Collection {
	p.mu.Lock()
	defer p.mu.Unlock()
	var live []*Collection
	p.collections = slices.DeleteFunc(p.collections, func(w weak.Pointer[Collection]) bool {
		c := w.Value()
		if c != nil {
			live = append(live, c)
		}
		return c == nil
	})
	return live
}

// admit takes n bytes from the budget if there are as many.
func (p *Packer) admit(n int64) bool {
	for {
		now := p.resident.Load()
		if now+n > p.budget {
			return false
		}
		if p.resident.CompareAndSwap(now, now+n) {
			return true
		}
	}
}

// roomAhead is what should be free before something is derived: more than a
// leaf's share of almost anything.
const roomAhead = 64 << 10

// makeRoom packs what has not been used lately where the budget is used up: what is
// derived is smaller than what it was derived from, and costs more to make.
func (p *Packer) makeRoom() {
	for p.resident.Load()+roomAhead > p.budget {
		l := p.coldest()
		if l == nil {
			return
		}
		p.release(l.pack())
	}
}

// charge takes n bytes from the budget in any case.
func (p *Packer) charge(n int64) { p.resident.Add(n) }

// release gives n bytes back.
func (p *Packer) release(n int64) { p.resident.Add(-n) }

// settle makes up for leaves that a write made, if they exceed the budget.
func (p *Packer) settle(made []*leaf) {
	for p.over() {
		l := p.coldest()
		if l == nil {
			break
		}
		p.release(l.pack())
	}
	for _, l := range made {
		if p.over() {
			p.release(l.pack())
		}
	}
}

// over says whether the budget is exceeded.
func (p *Packer) over() bool { return p.resident.Load() > p.budget }

// coldest takes the next leaf that has not been used since the last round, or
// nil.
func (p *Packer) coldest() *leaf {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.cold) > 0 {
		l := p.cold[0]
		p.cold[0], p.cold = nil, p.cold[1:]
		if !l.stale.Load() && l.touched.Load() < p.round.Load() {
			return l
		}
	}
	return nil
}

// Pack does one round: it packs what has not been used since the last tick but
// one, then what was used longest ago, until a quarter of the budget is free.
func (p *Packer) Pack() {
	var used []*leaf
	resident := int64(0)
	for _, c := range p.live() {
		c.history.pack()
		resident += c.shelf.pack(p.budget / 2)
		for l := range c.Snapshot().leaves() {
			if n := l.resident(); n > 0 {
				used = append(used, l)
				resident += n
			}
		}
	}
	slices.SortFunc(used, func(a, b *leaf) int { return cmp.Compare(a.touched.Load(), b.touched.Load()) })
	round := p.round.Load()
	for _, l := range used {
		idle := round - min(round, l.touched.Load())
		if over := resident > p.budget/4*3; over || idle >= 2 {
			resident -= l.pack()
			if over && resident > p.budget/4*3 || idle >= keepDerived {
				resident -= l.forget()
			}
		}
	}
	p.resident.Store(resident)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cold = slices.DeleteFunc(used, func(l *leaf) bool { return l.raw.Load() == nil })
}
