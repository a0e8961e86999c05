package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/k8cache/k8cache/hack/testenv"
)

// example is something to try, and what must come of it.
type example struct {
	title string
	// lines are shell commands. They use $D, the folder with credentials, and what else environment sets.
	lines []string
	// want must match their output, both streams together.
	want *regexp.Regexp
	// endless says that they run until interrupted.
	endless bool
}

func (e example) needsCurl() bool {
	return slices.ContainsFunc(e.lines, func(line string) bool { return strings.Contains(line, "curl ") })
}

// environment is what the commands need, as NAME=value.
func (d *demo) environment() []string {
	kubectl, err := testenv.Binary("kubectl")
	if err != nil {
		kubectl = "kubectl" // start would have failed without it
	}
	return []string{
		"D=" + d.dir,
		"K8CACHE=" + d.k8cache.URL,
		"EAST=" + d.clusters[0].plane.Config().Host,
		"KUBECACHEDIR=" + filepath.Join(d.dir, "kubectl-cache"),
		"PATH=" + filepath.Dir(kubectl) + ":$PATH",
	}
}

// curl returns a command that asks as somebody for a path of a server, which is K8CACHE or EAST.
func curl(arguments, name, server, path string) string {
	certificate := map[string]string{"K8CACHE": "k8cache", "EAST": "east"}[server]
	return fmt.Sprintf(`curl -s %s --cacert $D/%s.crt -H 'Authorization: Bearer %s' "$%s%s"`,
		arguments, certificate, (user{name: name}).token(), server, path)
}

func thrice(line string) string { return "for i in 1 2 3; do " + line + "; done" }

func (d *demo) examples() []example {
	// The user agent is not curl's own, because for curl an API server indents its answers, and so does k8cache.
	const timed = `-A demo --compressed -o /dev/null -w '%{http_code}: %{time_total} s, %{size_download} bytes\n'`
	const counted = ` | grep -c '"hostIP":'`
	return []example{
		{
			title: "All pods of east, as ada: three times from the API server, then three times from k8cache.",
			lines: []string{
				thrice(curl(timed, "ada", "EAST", "/api/v1/pods?resourceVersion=0")),
				thrice(curl(timed, "ada", "K8CACHE", "/clusters/east/api/v1/pods")),
			},
			want: regexp.MustCompile(`^(200: .*\n){6}$`),
		},
		{
			title: "The same as tom. The API server refuses him, though he may see some; k8cache gives him those.",
			lines: []string{
				curl("", "tom", "EAST", "/api/v1/pods") + " | grep message",
				curl("", "tom", "K8CACHE", "/clusters/east/api/v1/pods") + counted,
			},
			want: regexp.MustCompile(`forbidden: User .*"tom.* cannot list .*\n[1-9]`),
		},
		{
			title: "kubectl, unchanged, as tom: his pods of all namespaces.",
			lines: []string{
				"kubectl --kubeconfig $D/tom.kubeconfig --context east-direct get pods -A | tail -3",
				"kubectl --kubeconfig $D/tom.kubeconfig --context east get pods -A | tail -3",
			},
			want: regexp.MustCompile(`Forbidden(?s:.*)\ncheckout +\w`),
		},
		{
			title: "What an API server cannot: the newest of tom's pods with \"web\" in them, and how many are in which phase.",
			lines: []string{
				curl("", "tom", "K8CACHE", "/clusters/east/api/v1/pods?search=web&sortBy=-metadata.creationTimestamp&limit=2&fields=metadata.name"),
				curl("", "tom", "K8CACHE", "/clusters/east/api/v1/pods?aggregate=status.phase"),
			},
			want: regexp.MustCompile(`(?s)"remainingItemCount".*"name": "web.*"AggregateList".*"Running"`),
		},
		{
			title: "nora may see nothing, and eva is unknown in west.",
			lines: []string{
				"kubectl --kubeconfig $D/nora.kubeconfig --context east get pods -A",
				"kubectl --kubeconfig $D/eva.kubeconfig --context west get pods -A 2>&1 | tail -1",
				"kubectl --kubeconfig $D/eva.kubeconfig --context east get widgets -n shop | head -3",
			},
			want: regexp.MustCompile(`Forbidden(?s:.*)must be logged in(?s:.*)COLOUR`),
		},
		{
			title: "A write goes through to the API server, and the next read has it.",
			lines: []string{
				"kubectl --kubeconfig $D/ada.kubeconfig --context west -n cart create configmap hello --from-literal=to=world",
				"kubectl --kubeconfig $D/ada.kubeconfig --context west -n cart get configmap hello -o jsonpath='{.data.to}{\"\\n\"}'",
				"kubectl --kubeconfig $D/ada.kubeconfig --context west -n cart delete configmap hello",
			},
			want: regexp.MustCompile(`hello created\nworld\n.*deleted`),
		},
		{
			title:   "Watch the pods of east change (Ctrl-C ends it).",
			lines:   []string{"kubectl --kubeconfig $D/ada.kubeconfig --context east get pods -A --watch-only"},
			want:    regexp.MustCompile(`(?m)^[a-z-]+ +\S+ +\d/2 `),
			endless: true,
		},
		{
			title: "How it is doing.",
			lines: []string{curl("", "ada", "K8CACHE", "/k8cache/v1/status"), "curl -s " + d.k8cache.AdminURL + "/readyz"},
			want:  regexp.MustCompile(`(?s)east.*ok`),
		},
	}
}

// explain prints who there is, what there is, and what to try.
func (d *demo) explain(examples []example) {
	d.say("ready")
	d.print("\nUsers, by bearer token:\n")
	for _, user := range users() {
		d.print("  %-16s %s %s\n", user.token(), user.name, user.may)
	}
	d.print("\nk8cache:   %s (east and west at /clusters/east and /clusters/west)\n", d.k8cache.URL)
	d.print("Explorer:  %s/ui/ (your browser will not know the certificate; paste a token)\n", d.k8cache.URL)
	d.print("Admin:     %s/metrics\n", d.k8cache.AdminURL)
	d.print("Log:       %s\n", d.k8cache.LogFile())
	d.print("\nIn another terminal:\n\n")
	for _, variable := range d.environment() {
		d.print("  export %s\n", variable)
	}
	if d.options.once {
		return // try prints the lines with what comes of them
	}
	for _, example := range examples {
		d.print("\n# %s\n", example.title)
		for _, line := range example.lines {
			d.print("  %s\n", line)
		}
	}
	d.print("\nCtrl-C ends everything.\n")
}
