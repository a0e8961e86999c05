package e2e

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// upgrade is the text of a request for another protocol.
func upgrade(who *testenv.Identity, method, path, protocol string, lines ...string) string {
	head := fmt.Sprintf("%s {base}%s HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: %s\r\n", method, path, protocol)
	if who != nil {
		head += "Authorization: Bearer " + who.Token + "\r\n"
	}
	if protocol == "websocket" {
		head += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	}
	return head + strings.Join(append(lines, "", ""), "\r\n")
}

// TestUpgradesReachTheAPIServer asks for shells, logs and ports. There is no kubelet behind: the API server's own refusal
// must come back.
func TestUpgradesReachTheAPIServer(t *testing.T) {
	p := eastPair()
	pod := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods/web-000"
	for name, text := range map[string]string{
		"exec by WebSocket":    upgrade(p.cluster.Admin, "GET", pod+"/exec?command=true&stdout=1&container=web", "websocket", "Sec-WebSocket-Protocol: v5.channel.k8s.io"),
		"exec by SPDY":         upgrade(p.cluster.Admin, "POST", pod+"/exec?command=true&stdout=1&container=web", "SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io", "Content-Length: 0"),
		"attach":               upgrade(p.cluster.Admin, "GET", pod+"/attach?stdout=1&container=web", "websocket", "Sec-WebSocket-Protocol: v5.channel.k8s.io"),
		"port forward":         upgrade(p.cluster.Admin, "GET", pod+"/portforward?ports=80", "websocket", "Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io"),
		"exec of what is not":  upgrade(p.cluster.Admin, "GET", pod+"x/exec?command=true", "websocket", "Sec-WebSocket-Protocol: v5.channel.k8s.io"),
		"exec by nobody":       upgrade(nil, "GET", pod+"/exec?command=true", "websocket", "Sec-WebSocket-Protocol: v5.channel.k8s.io"),
		"exec without a right": upgrade(user(t, p.cluster), "GET", pod+"/exec?command=true", "websocket", "Sec-WebSocket-Protocol: v5.channel.k8s.io"),
	} {
		t.Run(name, func(t *testing.T) {
			want, err := p.cluster.AskRaw(t.Context(), text)
			must(t, err)
			got, err := p.server.AskRaw(t.Context(), text)
			must(t, err)
			check(t, name, validate.FromServer(got.Header))
			if got.Code != want.Code {
				t.Errorf("code %d, the API server's %d: %s", got.Code, want.Code, got.Body)
			}
			check(t, name, validate.SameBytes(want.Body, got.Body))
		})
	}
}

// TestWatchByWebSocket has one text frame for each event, as browsers get them.
func TestWatchByWebSocket(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods?watch=1"
	bearer := "base64url.bearer.authorization.k8s.io." + base64.RawURLEncoding.EncodeToString([]byte(p.cluster.Admin.Token))
	for name, text := range map[string]string{
		"by header":                         upgrade(p.cluster.Admin, "GET", path, "websocket", "Origin: https://{host}"),
		"by header with a protocol":         upgrade(p.cluster.Admin, "GET", path, "websocket", "Origin: https://{host}", "Sec-WebSocket-Protocol: base64.binary.k8s.io"),
		"by protocol":                       upgrade(nil, "GET", path, "websocket", "Origin: https://{host}", "Sec-WebSocket-Protocol: "+bearer+", base64.binary.k8s.io"),
		"by protocol, which stands alone":   upgrade(nil, "GET", path, "websocket", "Origin: https://{host}", "Sec-WebSocket-Protocol: "+bearer),
		"by protocol, and nobody's":         upgrade(nil, "GET", path, "websocket", "Origin: https://{host}", "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.eA, base64.binary.k8s.io"),
		"by nobody":                         upgrade(nil, "GET", path, "websocket", "Origin: https://{host}"),
		"without an origin":                 upgrade(p.cluster.Admin, "GET", path, "websocket"),
		"with two protocols that both stay": upgrade(p.cluster.Admin, "GET", path, "websocket", "Origin: https://{host}", "Sec-WebSocket-Protocol: a, b"),
		"of somebody who may see no pods":   upgrade(user(t, p.cluster), "GET", path, "websocket", "Origin: https://{host}"),
	} {
		t.Run(name, func(t *testing.T) {
			wantCode, wantProtocol, want := firstFrame(t, p.cluster.Server, text)
			gotCode, gotProtocol, got := firstFrame(t, p.server, text)
			if wantCode == http.StatusForbidden && strings.Contains(name, "nobody") {
				wantCode = http.StatusUnauthorized // what is in memory is for nobody unknown
			}
			if gotCode != wantCode || gotProtocol != wantProtocol {
				t.Fatalf("code %d, protocol %q; the API server's %d, %q", gotCode, gotProtocol, wantCode, wantProtocol)
			}
			if wantCode == http.StatusSwitchingProtocols {
				check(t, name, validate.SameBytes(want, got))
			}
		})
	}
}

// firstFrame opens a WebSocket and reads its first frame, opcode and all.
func firstFrame(t *testing.T, server *env.Server, text string) (code int, protocol string, frame []byte) {
	t.Helper()
	response, conn, err := server.OpenRaw(t.Context(), text)
	must(t, err)
	defer response.Body.Close() //nolint:errcheck // as the connection
	defer conn.Close()          //nolint:errcheck // cut off on purpose
	if response.StatusCode != http.StatusSwitchingProtocols {
		return response.StatusCode, "", nil
	}
	frame, err = readFrame(conn)
	must(t, err)
	return response.StatusCode, response.Header.Get("Sec-WebSocket-Protocol"), frame
}

// readFrame reads an unmasked frame (RFC 6455, 5.2): its first byte and its payload.
func readFrame(conn io.Reader) ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(conn, head); err != nil {
		return nil, err
	}
	size := uint64(head[1])
	if extended := map[byte]int{126: 2, 127: 8}[head[1]]; extended > 0 {
		length := make([]byte, 8)
		if _, err := io.ReadFull(conn, length[8-extended:]); err != nil {
			return nil, err
		}
		size = binary.BigEndian.Uint64(length)
	}
	payload := make([]byte, size)
	_, err := io.ReadFull(conn, payload)
	return append(head[:1], payload...), err
}
