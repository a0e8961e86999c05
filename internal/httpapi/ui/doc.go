// Package ui is the explorer: a page for people who try k8cache in a browser. It lists what a caller may see, shows single
// objects, and says of each answer where it came from and what it cost.
//
// The files in static are served as they stand: no build step, no dependency. The page holds the caller's token in
// memory alone and sends it to k8cache alone; the headers (Content-Security-Policy first) keep any other origin out of
// it, and whatever a cluster sends is shown as text.
//
// It imports no package of ours: it knows k8cache by its wire, as any other client does.
package ui
