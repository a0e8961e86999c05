package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// What stands before and after the results in a document that is otherwise written by hand.
const (
	resultsBegin = "<!-- results: begin -->\n"
	resultsEnd   = "<!-- results: end -->\n"
)

// writeResults replaces the results in a document.
func writeResults(path, results string) error {
	document, err := os.ReadFile(path) //nolint:gosec // the file that we were told to change
	if err != nil {
		return err
	}
	changed, err := replaceResults(string(document), results)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(changed), 0o644) //nolint:gosec // a document
}

func replaceResults(document, results string) (string, error) {
	before, rest, ok := strings.Cut(document, resultsBegin)
	if !ok {
		return "", errors.New("no " + strings.TrimSpace(resultsBegin))
	}
	_, after, ok := strings.Cut(rest, resultsEnd)
	if !ok {
		return "", errors.New("no " + strings.TrimSpace(resultsEnd))
	}
	return before + resultsBegin + "\n" + results + "\n" + resultsEnd + after, nil
}
