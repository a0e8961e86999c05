package rbac

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
