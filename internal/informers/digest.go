package informers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/cespare/xxhash/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// metadataType asks an API server for nothing of a list but metadata.
const metadataType = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"

// digest stands for the names and versions of a collection's objects, in their order.
type digest struct {
	objects int
	sum     uint64
}

type digester struct {
	objects int
	sum     *xxhash.Digest
	room    []byte
}

func newDigester() *digester { return &digester{sum: xxhash.New()} }

// add takes the next object: its key, which has no line feed, and its version.
func (d *digester) add(key string, version uint64) {
	d.room = append(strconv.AppendUint(append(append(d.room[:0], key...), '\n'), version, 10), '\n')
	_, _ = d.sum.Write(d.room) // a hash takes everything
	d.objects++
}

func (d *digester) digest() digest { return digest{objects: d.objects, sum: d.sum.Sum64()} }

// digestAt is the digest of the collection as the API server has it at a version, page by page.
func (m *mirror) digestAt(ctx context.Context, version uint64) (digest, error) {
	d := newDigester()
	asked := map[string]string{
		"resourceVersion": strconv.FormatUint(version, 10), "resourceVersionMatch": string(metav1.ResourceVersionMatchExact),
	}
	for {
		metadata, err := m.digestPage(ctx, asked, d)
		if err != nil {
			return digest{}, err
		}
		if got := metadata.ResourceVersion; got != strconv.FormatUint(version, 10) {
			return digest{}, fmt.Errorf("asked for version %d, the answer is of %q", version, got)
		}
		if metadata.Continue == "" {
			return d.digest(), nil
		}
		asked = map[string]string{"continue": metadata.Continue}
	}
}

func (m *mirror) digestPage(ctx context.Context, asked map[string]string, d *digester) (metav1.ListMeta, error) {
	request := request(m.client, m.resource.GroupVersionResource).SetHeader("Accept", metadataType).Param("limit", strconv.Itoa(pageSize))
	for name, value := range asked {
		request = request.Param(name, value)
	}
	body, err := request.Stream(ctx)
	if err != nil {
		return metav1.ListMeta{}, err
	}
	defer body.Close() //nolint:errcheck // only read from
	return readMetadata(body, d)
}

// metadataItem is what is read of an object; fields that are not named are skipped.
type metadataItem struct {
	Metadata struct{ Namespace, Name, ResourceVersion string }
}

func (i metadataItem) key() string {
	if i.Metadata.Namespace == "" {
		return i.Metadata.Name
	}
	return i.Metadata.Namespace + "/" + i.Metadata.Name
}

var errNoMetadataList = errors.New("the answer is no list of metadata")

// readMetadata reads a PartialObjectMetadataList, one object at a time.
func readMetadata(body io.Reader, d *digester) (metadata metav1.ListMeta, err error) {
	decoder := json.NewDecoder(body)
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return metadata, errors.Join(errNoMetadataList, err)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return metadata, err
		}
		var into any = new(json.RawMessage)
		switch name {
		case "items":
			err = readItems(decoder, d)
			into = nil
		case "metadata":
			into = &metadata
		}
		if into != nil {
			err = decoder.Decode(into)
		}
		if err != nil {
			return metadata, err
		}
	}
	_, err = decoder.Token() // without its end the answer was cut off
	return metadata, err
}

func readItems(decoder *json.Decoder, d *digester) error {
	token, err := decoder.Token()
	if err != nil || token == nil { // null: there are none
		return err
	}
	if token != json.Delim('[') {
		return errNoMetadataList
	}
	for decoder.More() {
		var item metadataItem
		if err := decoder.Decode(&item); err != nil {
			return err
		}
		version, err := strconv.ParseUint(item.Metadata.ResourceVersion, 10, 64)
		if err != nil {
			return fmt.Errorf("version of an object: %w", err)
		}
		d.add(item.key(), version)
	}
	_, err = decoder.Token()
	return err
}
