// Follows the config maps of a namespace with the informer of the official client, by the kubeconfig in $KUBECONFIG, and
// writes a line for each thing that it is told: ADDED, MODIFIED or DELETED, with key and version. It ends when its input
// does. node follow.js NAMESPACE [LABEL-SELECTOR]
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

const [namespace, labelSelector] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(CoreV1Api);

const say = (...words) => process.stdout.write(words.join(' ') + '\n');
const named = ({ metadata }) => `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`;

const path = namespace ? `/api/v1/namespaces/${namespace}/configmaps` : '/api/v1/configmaps';
const list = () =>
  namespace ? api.listNamespacedConfigMap({ namespace, labelSelector }) : api.listConfigMapForAllNamespaces({ labelSelector });
const informer = makeInformer(config, path, list, labelSelector);
informer.on('add', (object) => say('ADDED', named(object)));
informer.on('update', (object) => say('MODIFIED', named(object)));
informer.on('delete', (object) => say('DELETED', named(object)));
informer.on('error', (error) => {
  // As the client's own examples have it: begin again a little later.
  process.stderr.write(`${error}\n`);
  setTimeout(() => informer.start(), 200);
});
await informer.start();
say('STARTED');

process.stdin.on('end', async () => {
  await informer.stop();
  process.exit(0);
});
process.stdin.resume();
