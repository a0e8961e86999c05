package httpapi

import (
	"bufio"
	"compress/gzip"
	"io"
	"testing"
	"time"
)

// TestZipperIsReadPieceByPiece by a client that knows nothing of pieces, before the next one comes.
func TestZipperIsReadPieceByPiece(t *testing.T) {
	server, client := pipe(t)
	if err := client.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	read, failed := make(chan struct{}, 3), make(chan error, 1)
	go func() {
		defer close(failed)
		out := zipper{server, newZippers()}
		for _, line := range []string{"one\n", "two\n", "three\n"} {
			if _, err := io.WriteString(out, line); err != nil {
				failed <- err
				return
			}
			<-read
		}
	}()
	plain, err := gzip.NewReader(client)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(plain)
	for _, want := range []string{"one\n", "two\n", "three\n"} {
		if line, err := lines.ReadString('\n'); line != want || err != nil {
			t.Fatalf("got %q, %v, want %q", line, err, want)
		}
		read <- struct{}{}
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
}
