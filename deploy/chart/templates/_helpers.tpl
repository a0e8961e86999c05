{{- /* Cluster-scoped names carry the namespace, unless it says the same, so that two releases can stand side by side. */ -}}
{{- define "k8cache.clusterName" -}}
{{- if eq .Release.Name .Release.Namespace -}}{{ .Release.Name }}{{- else -}}{{ .Release.Name }}-{{ .Release.Namespace }}{{- end -}}
{{- end -}}

{{- define "k8cache.labels" -}}
app.kubernetes.io/name: k8cache
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "k8cache.selector" -}}
app.kubernetes.io/name: k8cache
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
