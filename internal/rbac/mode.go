package rbac

import "fmt"

// Mode says whom the Authorizer believes.
type Mode string

// The modes. Each is right where its line says so, and shows too little, never too much, where an authorizer only adds
// rights.
const (
	// ModeAuto answers from RBAC where its allow is exact, and asks SubjectAccessReview where another authorizer
	// may deny before RBAC, for users whom RBAC does not know fully, and where RBAC shows nothing. The default.
	ModeAuto Mode = "auto"
	// ModeRBAC answers from RBAC alone. It is wrong, and shows too much, where a webhook denies what RBAC allows,
	// where RBAC is switched off, and for users whose extra keys restrict them.
	ModeRBAC Mode = "rbac"
	// ModeSAR asks SubjectAccessReview for every request, and uses RBAC only to know which namespaces to ask about.
	ModeSAR Mode = "sar"
)

// ParseMode reads a mode from a flag; the empty text is ModeAuto.
func ParseMode(text string) (Mode, error) {
	switch m := Mode(text); m {
	case "":
		return ModeAuto, nil
	case ModeAuto, ModeRBAC, ModeSAR:
		return m, nil
	}
	return "", fmt.Errorf("authorization mode %q is none of auto, rbac, sar", text)
}
