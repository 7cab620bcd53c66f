{{- define "qorgau.labels" -}}
app.kubernetes.io/part-of: qorgau
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{/* What every pod has: no root, no token, nothing to write but /tmp. */}}
{{- define "qorgau.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "qorgau.container" -}}
image: {{ printf "%s:%s" .Values.image.repository (toString .Values.image.tag) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
resources: {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* A service's settings. Secrets are files, and no variable holds one. */}}
{{- define "qorgau.settings" -}}
{{- $settings := dict
  "QORGAU_AGENCY" .name
  "QORGAU_NODE" .name
  "QORGAU_HOST" "0.0.0.0"
  "QORGAU_PORT" "8000"
  "QORGAU_DATABASE_URL" .service.databaseUrl
  "QORGAU_DATABASE_PASSWORD_FILE" "/run/secrets/qorgau/database-password"
  "QORGAU_PUBLIC_URL" .service.publicUrl
  "QORGAU_NATS_URL" .root.Values.broker.url
  "QORGAU_NATS_SEED_FILE" "/run/secrets/qorgau/seed"
  "QORGAU_KEYS_FILE" "/run/secrets/qorgau/keys"
  "QORGAU_VAULT_KEYS" "file:/run/secrets/qorgau/vault"
  "QORGAU_TRUST_FILE" "/etc/qorgau/trust.jws"
  "QORGAU_OPERATOR_KEY_FILE" "/etc/qorgau/operator.jwk"
  "QORGAU_ORGANISATIONS_FILE" (printf "/etc/qorgau/organisations-%s.json" .name)
  "QORGAU_OIDC_ISSUER" .root.Values.oidc.issuer
  "QORGAU_OIDC_AUDIENCE" .root.Values.oidc.audience
  "QORGAU_OIDC_JWKS" .root.Values.oidc.jwks
-}}
{{- with .root.Values.calendarFile }}{{ $_ := set $settings "QORGAU_CALENDAR_FILE" . }}{{ end -}}
{{- with .root.Values.otlpEndpoint }}{{ $_ := set $settings "QORGAU_OTLP_ENDPOINT" . }}{{ end -}}
{{- range $name, $value := .service.settings }}{{ $_ := set $settings $name $value }}{{ end -}}
{{- range $name, $value := $settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
