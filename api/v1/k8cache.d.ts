// The types of what k8cache adds to the Kubernetes API: see docs/query.md.

/** The parameters of a list. Paths go with commas between: sortBy=-metadata.creationTimestamp,metadata.name */
export interface ListQuery {
  sortBy?: string;
  search?: string;
  offset?: number;
  aggregate?: string;
  fields?: string;
  omitManagedFields?: boolean;
  scope?: "strict";
  fieldSelector?: string;
  labelSelector?: string;
  limit?: number;
  continue?: string;
}

/** A list of the Kubernetes API. remainingItemCount is exact, and left out where nothing remains. */
export interface List<T = unknown> {
  kind: string;
  apiVersion: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: T[];
}

/** The answer to a list with the parameter aggregate. */
export interface AggregateList {
  kind: "AggregateList";
  apiVersion: "k8cache.dev/v1";
  metadata: AggregateListMeta;
  count: number;
  items: Aggregate[];
}

export interface AggregateListMeta {
  resourceVersion: string;
}

export interface Aggregate {
  path: string;
  values: AggregateValue[];
  missing: number;
  omittedValues?: number;
}

export interface AggregateValue {
  value: unknown;
  count: number;
}

/** The answer of /k8cache/v1/status. */
export interface Status {
  version: string;
  clusters: ClusterStatus[];
}

export interface ClusterStatus {
  name: string;
  reachable: boolean;
  /** null where the question was about another cluster: ?cluster=NAME. */
  collections: CollectionStatus[] | null;
}

export interface CollectionStatus {
  group: string;
  version: string;
  resource: string;
  tables?: boolean;
  synced: boolean;
  objects: number;
  bytes: number;
  resourceVersion: string;
  ageSeconds: number;
  error?: string;
}

/** The answer of /k8cache/v1/clusters/{cluster}/namespaces. */
export interface NamespaceNames {
  namespaces: string[] | null;
}
