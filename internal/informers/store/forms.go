package store

import (
	"errors"
	"sync"

	"github.com/k8cache/k8cache/internal/serialize"
)

// forms are the blocks of one leaf in other forms than its own.
type forms struct {
	mu     sync.Mutex
	blocks map[serialize.Form]*form
}

// form is one of them. Who asks for it first makes it, and the others wait.
type form struct {
	once  sync.Once
	block serialize.Block
	err   error
}

// errUnmade is for those who waited for a form whose making panicked: no form is
// not an empty one.
var errUnmade = errors.New("objects could not be written in this form")

// keep returns the block of a form, made when first asked for, and kept if the
// packer has room.
func (f *forms) keep(as serialize.Form, packer *Packer, deflate func() (serialize.Block, error)) (serialize.Block, error) {
	f.mu.Lock()
	if f.blocks == nil {
		f.blocks = map[serialize.Form]*form{}
	}
	kept, ok := f.blocks[as]
	if !ok {
		kept = new(form)
		f.blocks[as] = kept
	}
	f.mu.Unlock()
	kept.once.Do(func() {
		block, err := serialize.Block{}, errUnmade
		defer func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			kept.block, kept.err = block, err
			if f.blocks[as] == kept && (err != nil || !packer.admit(int64(len(block.Data)))) {
				delete(f.blocks, as)
			}
		}()
		block, err = deflate()
	})
	return kept.block, kept.err
}

// size is the memory that the blocks take.
func (f *forms) size() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	var n int64
	for _, kept := range f.blocks {
		n += int64(len(kept.block.Data))
	}
	return n
}

// forget drops the blocks.
func (f *forms) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.blocks = nil
}
