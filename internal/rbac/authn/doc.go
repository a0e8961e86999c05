// Package authn answers who is calling, as one cluster knows them.
//
// An Authenticator belongs to one cluster and judges each request by itself: a bearer token by that cluster's
// TokenReview, remembered for seconds under a keyed hash; a client certificate or a front proxy's headers by verifying
// the peer's chain anew; or, in kubeconfig mode on one's own machine, nobody but the kubeconfig's user.
//
// It promises that an identity comes from exactly one credential that this cluster vouches for. No credential is 401,
// two kinds are 400, a cluster that cannot be asked is 503, and none of the three is remembered. It does not change the
// request; which headers must not travel on is said by Strip. Tokens stand in no error, log line or cache key.
//
// All its types are safe for concurrent use. The only goroutines are those of a shared TokenReview, which end within
// its timeout.
package authn
