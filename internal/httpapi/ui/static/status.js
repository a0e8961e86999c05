// The status column: per kind a text, its tone (good, warn, bad, done or none) and what else a person wants to know.
// It runs in the worker, on whatever a cluster sends: fields may be missing.

const condition = (object, type) => object.status?.conditions?.find?.((c) => c.type === type);

/** statusOf describes one object. */
export function statusOf(kind, object) {
  if (object.metadata?.deletionTimestamp) return { text: 'Terminating', tone: 'warn', more: '' };
  return (Object.hasOwn(describers, kind) ? describers[kind] : describeOther)(object);
}

const replicas = (object) => {
  const want = object.spec?.replicas ?? 1;
  const have = object.status?.readyReplicas ?? 0;
  return { text: `${have}/${want} ready`, tone: have >= want ? 'good' : 'warn', more: images(object.spec?.template?.spec) };
};

const images = (spec) => (spec?.containers ?? []).map((c) => c.image).join(', ');

const describers = {
  Pod: describePod,
  Deployment: replicas,
  StatefulSet: replicas,
  ReplicaSet: replicas,
  DaemonSet: (o) => {
    const { desiredNumberScheduled: want = 0, numberReady: have = 0 } = o.status ?? {};
    return { text: `${have}/${want} ready`, tone: have >= want ? 'good' : 'warn', more: images(o.spec?.template?.spec) };
  },
  Job: (o) => {
    const tone = condition(o, 'Failed')?.status === 'True' ? 'bad' : 'none';
    const text = tone === 'bad' ? 'Failed' : condition(o, 'Complete')?.status === 'True' ? 'Complete' : 'Running';
    return { text, tone: text === 'Complete' ? 'done' : tone, more: images(o.spec?.template?.spec) };
  },
  CronJob: (o) => ({ text: o.spec?.suspend ? 'Suspended' : 'Active', tone: o.spec?.suspend ? 'warn' : 'good', more: o.spec?.schedule ?? '' }),
  Node: (o) => {
    const ready = condition(o, 'Ready')?.status === 'True';
    const text = (ready ? 'Ready' : 'NotReady') + (o.spec?.unschedulable ? ', cordoned' : '');
    return { text, tone: ready ? 'good' : 'bad', more: o.status?.nodeInfo?.kubeletVersion ?? '' };
  },
  Service: (o) => ({
    text: o.spec?.type ?? '',
    tone: 'none',
    more: [o.spec?.clusterIP, (o.spec?.ports ?? []).map((p) => `${p.port}/${p.protocol}`).join(',')].filter(Boolean).join(' '),
  }),
  ConfigMap: (o) => keys(o, ''),
  Secret: (o) => keys(o, o.type ?? ''),
  PersistentVolumeClaim: (o) => ({ ...describeOther(o), more: o.status?.capacity?.storage ?? '' }),
  Event: (o) => ({
    text: o.reason ?? '',
    tone: o.type === 'Warning' ? 'warn' : 'none',
    more: `${o.involvedObject?.kind ?? o.regarding?.kind ?? ''}/${o.involvedObject?.name ?? o.regarding?.name ?? ''}: ${o.message ?? o.note ?? ''}`,
  }),
};

function keys(object, more) {
  const size = Object.keys(object.data ?? {}).length + Object.keys(object.binaryData ?? {}).length;
  return { text: `${size} ${size === 1 ? 'key' : 'keys'}`, tone: 'none', more };
}

/** describePod says of a pod what kubectl does: the first thing that keeps it from running, or its phase. */
function describePod(pod) {
  const { status = {}, spec = {} } = pod;
  const containers = status.containerStatuses ?? [];
  const ready = containers.filter((c) => c.ready).length;
  const restarts = containers.reduce((sum, c) => sum + (c.restartCount ?? 0), 0);
  const more = [
    `${ready}/${spec.containers?.length ?? 0} ready`,
    restarts > 0 ? `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}` : '',
    spec.nodeName ?? '',
  ].filter(Boolean).join(' · ');
  const text = podText(status, containers);
  return { text, tone: podTone(text, ready, containers.length), more };
}

function podText(status, containers) {
  for (const c of status.initContainerStatuses ?? []) {
    if (c.state?.terminated?.exitCode === 0 || c.started) continue;
    const reason = c.state?.terminated?.reason ?? c.state?.waiting?.reason;
    return reason && reason !== 'PodInitializing' ? `Init:${reason}` : 'Init';
  }
  const reasons = containers.map((c) => c.state?.waiting?.reason ?? c.state?.terminated?.reason).filter(Boolean);
  const trouble = reasons.find((reason) => reason !== 'Completed');
  if (trouble) return trouble;
  const ended = reasons.length > 0 && reasons.length === containers.length;
  return ended ? 'Completed' : status.reason ?? status.phase ?? 'Unknown';
}

function podTone(text, ready, containers) {
  if (text === 'Running') return ready < containers ? 'warn' : 'good';
  if (text === 'Succeeded' || text === 'Completed') return 'done';
  if (text === 'Pending' || text === 'ContainerCreating' || text === 'PodInitializing' || text === 'Init') return 'warn';
  return 'bad';
}

const goodPhases = ['Active', 'Available', 'Bound', 'Ready', 'Running', 'Succeeded'];

/** describeOther takes a phase, or a condition that most kinds have, and nothing where there is neither. */
function describeOther(object) {
  const phase = object.status?.phase;
  if (typeof phase === 'string' && phase !== '') {
    return { text: phase, tone: goodPhases.includes(phase) ? 'good' : phase === 'Failed' ? 'bad' : 'warn', more: '' };
  }
  for (const type of ['Ready', 'Available', 'Established', 'Accepted']) {
    const found = condition(object, type);
    if (found?.status === 'True') return { text: type, tone: 'good', more: '' };
    if (found) return { text: String(found.reason || `Not ${type.toLowerCase()}`), tone: 'warn', more: String(found.message ?? '') };
  }
  return { text: '', tone: 'none', more: '' };
}
