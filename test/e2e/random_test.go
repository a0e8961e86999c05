package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/test/e2e/env"
)

// operations is how many random writes the API server takes before the lists are compared.
const operations = 10000

// TestListsAfterRandomOperations writes at random, past k8cache, and compares what it then has with the API server byte for
// byte, after each tenth of the way. The seed is printed.
func TestListsAfterRandomOperations(t *testing.T) {
	p := eastPair()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	namespaces := []string{namespace(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)}
	for range 10 {
		var group errgroup.Group
		for worker := range 8 {
			dice := rand.New(rand.NewPCG(seed, uint64(worker)))
			group.Go(func() error { return writeAtRandom(t.Context(), p.cluster, dice, namespaces, worker, operations/80) })
		}
		must(t, group.Wait())
		seed++
		for _, ns := range namespaces {
			p.sameList(t, p.cluster.Admin, "/api/v1/namespaces/"+ns+"/configmaps")
		}
		p.sameList(t, p.cluster.Admin, "/api/v1/configmaps")
	}
}

// writeAtRandom creates, changes and deletes config maps of one worker's own.
func writeAtRandom(ctx context.Context, cluster *env.Cluster, dice *rand.Rand, namespaces []string, worker, writes int) error {
	for range writes {
		maps := cluster.Client.CoreV1().ConfigMaps(namespaces[dice.IntN(len(namespaces))])
		name := fmt.Sprintf("random-%d-%d", worker, dice.IntN(50))
		object := &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"n": strconv.Itoa(dice.IntN(5))}},
			Data:       map[string]string{"key": fmt.Sprint("<&>", dice.Uint64())},
		}
		var err error
		switch dice.IntN(4) {
		case 0:
			err = maps.Delete(ctx, name, metav1.DeleteOptions{})
		case 1:
			_, err = maps.Create(ctx, object, metav1.CreateOptions{})
		default:
			_, err = maps.Update(ctx, object, metav1.UpdateOptions{})
		}
		if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	return nil
}
