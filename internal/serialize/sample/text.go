package sample

// podText is a pod as an API server writes it, broken into lines anywhere.
const podText = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{.Name}}","generateName":"{{.App}}-{{.Hash}}-","namespace
":"{{.Namespace}}","uid":"{{.UID}}","resourceVersion":"{{.Version}}","generation":1,"creationTimestamp":"{{.Ti
me}}","labels":{"app":"{{.App}}","app.kubernetes.io/name":"{{.App}}","pod-template-hash":"{{.Hash}}","tier":"b
ackend"},"annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"9102"},"ownerReferences":[{"apiVer
sion":"apps/v1","kind":"ReplicaSet","name":"{{.App}}-{{.Hash}}","uid":"{{.Owner}}","controller":true,"blockOwn
erDeletion":true}],"managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1
","time":"{{.Time}}","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:generateName":{},"f:labels":{"f:app"
:{},"f:app.kubernetes.io/name":{},"f:pod-template-hash":{},"f:tier":{}},"f:annotations":{"f:prometheus.io/scra
pe":{},"f:prometheus.io/port":{}}},"f:spec":{"f:volumes":{"k:{\"name\":\"config\"}":{".":{},"f:name":{},"f:con
figMap":{"f:name":{},"f:defaultMode":{}}},"k:{\"name\":\"kube-api-access-x7k2p\"}":{".":{},"f:name":{},"f:proj
ected":{"f:sources":{".":{".":{},"f:configMap":{"f:name":{},"f:items":{"k:{\"key\":\"ca.crt\"}":{".":{},"f:key
":{},"f:path":{}}}}}},"f:defaultMode":{}}}},"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:name":{},"f:imag
e":{},"f:args":{"v:\"--listen=:8080\"":{},"v:\"--config=/etc/app/config.yaml\"":{}},"f:ports":{"k:{\"name\":\"
http\"}":{".":{},"f:name":{},"f:containerPort":{},"f:protocol":{}}},"f:env":{"k:{\"name\":\"POD_NAME\"}":{".":
{},"f:name":{},"f:valueFrom":{"f:fieldRef":{"f:apiVersion":{},"f:fieldPath":{}}}},"k:{\"name\":\"DATABASE_URL\
"}":{".":{},"f:name":{},"f:value":{}},"k:{\"name\":\"LOG_FORMAT\"}":{".":{},"f:name":{},"f:value":{}}},"f:reso
urces":{"f:limits":{"f:cpu":{},"f:memory":{}},"f:requests":{"f:cpu":{},"f:memory":{}}},"f:volumeMounts":{"k:{\
"name\":\"config\"}":{".":{},"f:name":{},"f:readOnly":{},"f:mountPath":{}},"k:{\"name\":\"kube-api-access-x7k2
p\"}":{".":{},"f:name":{},"f:readOnly":{},"f:mountPath":{}}},"f:livenessProbe":{"f:httpGet":{"f:path":{},"f:po
rt":{},"f:scheme":{}},"f:timeoutSeconds":{},"f:periodSeconds":{},"f:successThreshold":{},"f:failureThreshold":
{}},"f:readinessProbe":{"f:httpGet":{"f:path":{},"f:port":{},"f:scheme":{}},"f:timeoutSeconds":{},"f:periodSec
onds":{},"f:successThreshold":{},"f:failureThreshold":{}},"f:terminationMessagePath":{},"f:terminationMessageP
olicy":{},"f:imagePullPolicy":{}},"k:{\"name\":\"sidecar\"}":{".":{},"f:name":{},"f:image":{},"f:ports":{"k:{\
"name\":\"metrics\"}":{".":{},"f:name":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{},"f:volumeMou
nts":{"k:{\"name\":\"kube-api-access-x7k2p\"}":{".":{},"f:name":{},"f:readOnly":{},"f:mountPath":{}}},"f:termi
nationMessagePath":{},"f:terminationMessagePolicy":{},"f:imagePullPolicy":{}}},"f:restartPolicy":{},"f:termina
tionGracePeriodSeconds":{},"f:dnsPolicy":{},"f:serviceAccountName":{},"f:serviceAccount":{},"f:nodeName":{},"f
:securityContext":{},"f:schedulerName":{},"f:priority":{},"f:enableServiceLinks":{},"f:preemptionPolicy":{}}}}
,{"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"{{.Time}}","fieldsType":"FieldsV1","field
sV1":{"f:status":{"f:phase":{},"f:conditions":{"k:{\"type\":\"Initialized\"}":{".":{},"f:type":{},"f:status":{
},"f:lastProbeTime":{},"f:lastTransitionTime":{}},"k:{\"type\":\"Ready\"}":{".":{},"f:type":{},"f:status":{},"
f:lastProbeTime":{},"f:lastTransitionTime":{}},"k:{\"type\":\"PodScheduled\"}":{".":{},"f:type":{},"f:status":
{},"f:lastProbeTime":{},"f:lastTransitionTime":{}}},"f:hostIP":{},"f:podIP":{},"f:podIPs":{"k:{\"ip\":\"{{.IP}
}\"}":{".":{},"f:ip":{}}},"f:startTime":{},"f:containerStatuses":{"k:{\"name\":\"app\"}":{".":{},"f:name":{},"
f:state":{"f:running":{"f:startedAt":{}}},"f:lastState":{},"f:ready":{},"f:restartCount":{},"f:image":{},"f:im
ageID":{},"f:started":{}},"k:{\"name\":\"sidecar\"}":{".":{},"f:name":{},"f:state":{"f:running":{"f:startedAt"
:{}}},"f:lastState":{},"f:ready":{},"f:restartCount":{},"f:image":{},"f:imageID":{},"f:started":{}}},"f:qosCla
ss":{}}},"subresource":"status"}]},"spec":{"volumes":[{"name":"config","configMap":{"name":"{{.App}}-config","
defaultMode":420}},{"name":"kube-api-access-x7k2p","projected":{"sources":[{"serviceAccountToken":{"expiration
Seconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt
"}]}}],"defaultMode":420}}],"containers":[{"name":"app","image":"registry.example/{{.App}}:v1.4.2","args":["--
listen=:8080","--config=/etc/app/config.yaml"],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}]
,"env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},{"name":"
DATABASE_URL","value":"postgres://db.{{.Namespace}}.svc:5432/{{.App}}"},{"name":"LOG_FORMAT","value":"json"}],
"resources":{"limits":{"cpu":"500m","memory":"512Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},"volumeMount
s":[{"name":"config","readOnly":true,"mountPath":"/etc/app"},{"name":"kube-api-access-x7k2p","readOnly":true,"
mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],"livenessProbe":{"httpGet":{"path":"/healthz","po
rt":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},"re
adinessProbe":{"httpGet":{"path":"/readyz","port":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,
"successThreshold":1,"failureThreshold":3},"terminationMessagePath":"/dev/termination-log","terminationMessage
Policy":"File","imagePullPolicy":"IfNotPresent"},{"name":"sidecar","image":"registry.example/exporter:v0.9.1",
"ports":[{"name":"metrics","containerPort":9102,"protocol":"TCP"}],"resources":{},"volumeMounts":[{"name":"kub
e-api-access-x7k2p","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],"termination
MessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}],"rest
artPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"{{.App
}}","serviceAccount":"{{.App}}","nodeName":"{{.Node}}","securityContext":{},"schedulerName":"default-scheduler
","tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSec
onds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds
":300}],"priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"},"status":{"phase":"{
{.Phase}}","conditions":[{"type":"Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"{{.T
ime}}"},{"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"{{.Time}}"},{"type":"PodSch
eduled","status":"True","lastProbeTime":null,"lastTransitionTime":"{{.Time}}"}],"hostIP":"{{.HostIP}}","podIP"
:"{{.IP}}","podIPs":[{"ip":"{{.IP}}"}],"startTime":"{{.Time}}","containerStatuses":[{"name":"app","state":{"ru
nning":{"startedAt":"{{.Time}}"}},"lastState":{},"ready":true,"restartCount":0,"image":"registry.example/{{.Ap
p}}:v1.4.2","imageID":"","started":true},{"name":"sidecar","state":{"running":{"startedAt":"{{.Time}}"}},"last
State":{},"ready":true,"restartCount":0,"image":"registry.example/exporter:v0.9.1","imageID":"","started":true
}],"qosClass":"Burstable"}}`

// configMapText is the config map with the certificate of the cluster that
// every namespace has.
const configMapText = `{"metadata":{"name":"kube-root-ca.crt","namespace":"%s","uid":"%s","resourceVersion":"%d","creationTimestamp":` +
	`"%s","annotations":{"kubernetes.io/description":"Contains a CA bundle that can be used to verify the kube-apis` +
	`erver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage ` +
	`is guaranteed across distributions of Kubernetes clusters."}},"data":{"ca.crt":"%s"}}`

// certificate has the entropy of one.
const certificate = `-----BEGIN CERTIFICATE-----\nRXx2nznYZEGZwOW9vPvIWzfOkcveH8Gw6mtE8TBDbdcp/mm9nozrpqB9HewlsbCH\n7+JsB/8NIdfbCzN` +
	`3dzilxnTTf/E26sE/VTIjpjhBRg07aqHmjWgnKPYQ+xx/2S1f\nougUeABxUt6oZR8/zll5YWjpM4uH/hoaRc/tklkj1D+Zc1sDINsuu6Kaezd` +
	`slnxo\nHSiMR7GCnC4hnJXqncwR3kWVBsTxKbJjXtLbKHaLDcNX0xHMSB5qEupChiMcaTCe\nS14Rnn7A4HFmXG8geInaITBRdAC5GOv4qmEU3` +
	`7IzXAH77p41qzwKxhnGKTe/48r1\nN/N/+1mRdSqAHVbfDLqeKl3nD0q6dEtQ8msj9ihp6jKWjAqKjlRJ4ERMhq2h2i+g\nK25sNG3WgS6XzeP` +
	`wNFbz9xfpzbA7qmYyJsJw95aOEPcyQczkV+8aYvBtfUwcoIUF\nivF2XJFTN2qAGHwqkxuQ72S4TCX8LYlDAP+sEGlq9FSz3iVNhCVB0a9qZZq` +
	`PWg2W\nTbfdAJYTkphKGY2tq0MqtblogFbm2OYQJ2dZT2tO+FqaZorRJjpaTsUdEnuRkUiy\nP9HXUIZMTS/fIDF79UX4eFIyZbS0NBYt85yXD` +
	`v4hlUHoH6D5/xNj8GeE2gXuHADz\nAZHyv7KPjls6HUrYOdF/Z+gSoATvlY+MpjepyQlDOGsJRL5d3HtZYE3PGZQkHlvX\nFfZSAtAo7HP3TvY` +
	`LPKUvtU69UC4nqKufc6uG9E4yU/SBPk8yliF4HhPxd8E/i/8+\nFuT97cRNytHGyCnxNxdTdhhoKVha8DKDMrrTWsi2iOTQ21KGCpY6QF3rjcZ` +
	`0Un12\nVFqpG3u7+pbAA5e/G8buxzEMF8yzMAdeV+0U3AG7vUvpr2AJXY/Xbuv1H/KSlnT6\nXpBXF/QqXzWaxTpXaRtMg54xX5wcBtVcDcMH6` +
	`ygm8CVwlgdXA7qSRgQ3mOz5CN6z\nTo+Oi2wekhdCv/xP+HSbr8zNGVE2OmFO/C5vLYFtfMweqwQU1ld2oEs3HCZWTpy4\n4L5tsPyELk8OfSn` +
	`/oejZe6P+WSnSXFq4PeptDLWtuRQAUJj8iyXEmX94lYgVf3Hs\n-----END CERTIFICATE-----\n`
