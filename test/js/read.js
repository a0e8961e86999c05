// Reads the config maps of a namespace in every way that the official client has, by the kubeconfig in $KUBECONFIG, and
// writes what it got as lines. node read.js NAMESPACE
import { CoreV1Api, CustomObjectsApi, KubeConfig, KubernetesObjectApi, VersionApi, Watch } from '@kubernetes/client-node';

const [namespace] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(CoreV1Api);

const say = (what, value) => process.stdout.write(`${what} ${JSON.stringify(value)}\n`);
const named = ({ metadata }) => `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`;

say('version', await config.makeApiClient(VersionApi).getCode());
const whole = await api.listNamespacedConfigMap({ namespace });
say('list', whole.items);
say('labelled', (await api.listNamespacedConfigMap({ namespace, labelSelector: 'chosen=yes' })).items.map(named));
say('fielded', (await api.listNamespacedConfigMap({ namespace, fieldSelector: 'metadata.name!=cm-1' })).items.map(named));

const pages = [];
let token;
do {
  const page = await api.listNamespacedConfigMap({ namespace, limit: 2, _continue: token });
  pages.push([page.items.map(named), page.metadata.remainingItemCount]);
  token = page.metadata._continue;
} while (token);
say('pages', pages);

say('read', await api.readNamespacedConfigMap({ namespace, name: 'cm-1' }));
await api.readNamespacedConfigMap({ namespace, name: 'absent' }).catch((error) => say('absent', [error.code, error.body]));
await api.listNamespacedConfigMap({ namespace, labelSelector: 'a=b=c' }).catch((error) => say('refused', [error.code, error.body]));
const custom = await config.makeApiClient(CustomObjectsApi).listNamespacedCustomObject({ group: 'e2e.k8cache.dev', version: 'v1', namespace, plural: 'widgets' });
say('custom', custom.items);
const objects = KubernetesObjectApi.makeApiClient(config);
say('generic', await objects.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'cm-1' } }));

const seen = [];
await new Promise((resolve, reject) => {
  const query = { timeoutSeconds: 1, allowWatchBookmarks: false };
  new Watch(config).watch(`/api/v1/namespaces/${namespace}/configmaps`, query, (type, object) => seen.push(`${type} ${named(object)}`), (error) =>
    error && error.name !== 'AbortError' ? reject(error) : resolve(),
  );
});
say('watch', seen);
