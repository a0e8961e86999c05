package loadgen

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// linesEvery is how often a line is written where there is no terminal: often enough to see that something happens, rarely
// enough for a log of CI.
const linesEvery = 5 * time.Second

// progress reports how far a step is, as a bar on a terminal and as lines elsewhere. A nil one reports nothing.
type progress struct {
	bar   *progressbar.ProgressBar // nil for lines
	out   io.Writer
	what  string
	total int
	began time.Time

	mu   sync.Mutex
	done int
	told time.Time
}

// newProgress starts to report to out on a step of total parts, or of an unknown number of them if that is zero.
func newProgress(out io.Writer, what string, total int) *progress {
	if out == nil {
		return nil
	}
	p := &progress{out: out, what: what, total: total, began: time.Now(), told: time.Now()}
	if file, ok := out.(*os.File); ok && total > 0 && term.IsTerminal(int(file.Fd())) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(out),
			progressbar.OptionSetDescription(fmt.Sprintf("  %-12s", what)),
			progressbar.OptionSetWidth(30),
			progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionOnCompletion(func() { _, _ = fmt.Fprintln(out) }))
	}
	return p
}

func (p *progress) add(n int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	if p.bar != nil {
		_ = p.bar.Add(n) // a bar that cannot be drawn is no reason to stop
		return
	}
	if time.Since(p.told) >= linesEvery {
		p.tellLocked()
	}
}

// finish tells the end, which for a bar is its being full.
func (p *progress) finish() {
	if p == nil || p.bar != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done > 0 {
		p.tellLocked()
	}
}

func (p *progress) tellLocked() {
	p.told = time.Now()
	of := ""
	if p.total > 0 {
		of = fmt.Sprintf("/%d", p.total)
	}
	_, _ = fmt.Fprintf(p.out, "  %-12s %d%s after %.1f s\n", p.what, p.done, of, time.Since(p.began).Seconds())
}
