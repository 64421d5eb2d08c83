// Generated from the API by ContractTests (PORTICO_ACCEPT=1). Do not edit.

export interface ApiError {
  id: string;
  message: string;
}

export interface AuditLogActor {
  type: string;
  email?: string;
  id?: string;
}

export interface AuditLogEntry {
  id: string;
  timestamp: string;
  event: string;
  status: string;
  actor: AuditLogActor;
  metadata: Readonly<Record<string, string>>;
}

export interface AuditLogWithCursor {
  auditLog: AuditLogEntry;
  cursor: string;
}

export interface AutoscalingConfig {
  enabled: boolean;
  min: number;
  max: number;
  criteria: AutoscalingCriteria;
}

export interface AutoscalingCriteria {
  cpu: AutoscalingCriterion;
  memory: AutoscalingCriterion;
}

export interface AutoscalingCriterion {
  enabled: boolean;
  percentage: number;
}

export interface BuildFilter {
  paths?: readonly string[];
  ignoredPaths?: readonly string[];
}

export interface Cache {
  profile: string;
}

export interface ChangeEnvironment {
  version: string;
  apply: string;
  set?: readonly EnvVarInput[] | null;
  remove?: readonly string[] | null;
}

export interface ChangedEnvironment {
  environment: ServiceEnvironment;
  deployId?: string | null;
}

export interface CidrBlockAndDescription {
  cidrBlock: string;
  description: string;
}

export interface CodeText {
  text?: string | null;
  problem?: string | null;
}

export interface CreateSession {
  code?: string | null;
  apiKey?: string | null;
}

export interface CreatedInvitation {
  invitation: InvitationInfo;
  url: string;
}

export interface CreatedSession {
  id: string;
  secret: string;
}

export interface CurrentSession {
  id?: string | null;
  userId: string;
  name: string;
  email: string;
  isOwner: boolean;
  version: string;
  workspaces: readonly SessionWorkspace[];
  protectedEnvironments: readonly string[];
}

export interface Deploy {
  id: string;
  commit?: DeployCommit;
  status?: string;
  trigger?: string;
  startedAt?: string;
  finishedAt?: string;
  createdAt?: string;
  updatedAt?: string;
}

export interface DeployChanges {
  since?: DeployedCommit | null;
  commits: readonly DeployedCommit[];
  settings: readonly SettingChange[];
  variables: readonly NameChange[];
  secretFiles: readonly NameChange[];
}

export interface DeployCommit {
  id: string;
  message?: string;
  createdAt?: string;
}

export interface DeployDetails {
  id: string;
  serviceId: string;
  status: string;
  since: string;
  reason: string;
  requestedBy?: string | null;
  commit?: string | null;
  commitMessage?: string | null;
  branch?: string | null;
  createdAt: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  steps: readonly DeployStepTimes[];
  phase?: string | null;
  rollbackOf?: string | null;
  supersededBy?: string | null;
  isCurrent: boolean;
  rollbackRefusal?: string | null;
  failure?: ResourceFailure | null;
}

export interface DeployPost {
  artifactId?: string;
  clearCache?: string;
  commitId?: string;
  imageUrl?: string;
  deployMode?: string;
}

export interface DeployStepTimes {
  name: string;
  state: string;
  from?: string | null;
  to?: string | null;
}

export interface DeployWithCursor {
  deploy: Deploy;
  cursor: string;
}

export interface DeployedCommit {
  deployId: string;
  commit?: string | null;
  message?: string | null;
  createdAt: string;
}

export interface DetectApps {
  ownerId: string;
  type: string;
  repo: string;
  branch?: string | null;
  rootDir?: string | null;
}

export interface DetectedApp {
  framework: string;
  type: string;
  directory: string;
  fields: readonly GuessedField[];
  notes: readonly string[];
}

export interface DetectedApps {
  commit: string;
  apps: readonly DetectedApp[];
  isCut: boolean;
}

export interface DnsRecord {
  type: string;
  name: string;
  value: string;
}

export interface DomainState {
  id: string;
  name: string;
  url: string;
  redirectsTo?: string;
  state: string;
  explanation: string;
  addresses: readonly string[];
  records: readonly DnsRecord[];
  createdAt: string;
  verifiedAt?: string;
  checkAt?: string;
}

export interface EnvGroup {
  envVars: readonly EnvVar[];
  secretFiles: readonly SecretFile[];
  id: string;
  name: string;
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  serviceLinks: readonly EnvGroupLink[];
  environmentId?: string;
}

export interface EnvGroupLink {
  id: string;
  name: string;
  type: string;
}

export interface EnvGroupMeta {
  id: string;
  name: string;
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  serviceLinks: readonly EnvGroupLink[];
  environmentId?: string;
}

export interface EnvSpecificDetails {
  buildCommand?: string;
  startCommand?: string;
  preDeployCommand?: string;
  dockerCommand?: string;
  dockerContext?: string;
  dockerfilePath?: string;
}

export interface EnvVar {
  key: string;
  value: string;
}

export interface EnvVarInput {
  key: string;
  value?: string;
  generateValue?: boolean;
}

export interface Event {
  id: string;
  timestamp: string;
  serviceId: string;
  type: string;
  details: unknown;
}

export interface EventWithCursor {
  event: Event;
  cursor: string;
}

export interface GuessedField {
  field: string;
  value: string;
  reason: string;
}

export interface InvitationInfo {
  id: string;
  email: string;
  role: string;
  createdAt: string;
  expiresAt: string;
}

export interface KeyInfo {
  id: string;
  name: string;
  kind: string;
  user: string;
  createdAt: string;
  expiresAt?: string | null;
  lastUsedAt?: string | null;
  createdBy?: string | null;
  machine?: string | null;
}

export interface KeyValueConnectionInfo {
  internalConnectionString: string;
  externalConnectionString: string;
  cliCommand: string;
}

export interface KeyValueDetail {
  id: string;
  createdAt: string;
  updatedAt: string;
  status: string;
  region: string;
  plan: string;
  name: string;
  owner: Owner;
  options: KeyValueOptions;
  ipAllowList: readonly CidrBlockAndDescription[] | null;
  environmentId?: string;
  version: string;
  dashboardUrl?: string;
}

export interface KeyValueOptions {
  maxmemoryPolicy: string;
  persistenceMode: string;
}

export interface LinkedEnvGroup {
  id: string;
  name: string;
  variables: readonly EnvVar[];
  secretFiles: readonly string[];
}

export interface LogHistogram {
  from: string;
  to: string;
  searchedFrom: string;
  levels: Readonly<Record<string, readonly number[]>>;
}

export interface LogLabelSet {
  resource: string;
  type: string;
  level: string;
  instance?: string;
  host?: string;
  statusCode?: string;
  method?: string;
}

export interface LogLine {
  id: string;
  labels: number;
  message: string;
  path?: string;
}

export interface LogLines {
  labels: readonly LogLabelSet[];
  lines: readonly LogLine[];
  from: string;
  to: string;
  hasOlder: boolean;
  hasNewer: boolean;
}

export interface MaintenanceMode {
  enabled: boolean;
  uri: string;
}

export interface MetricsChart {
  name: string;
  unit: string;
  empty?: string | null;
  lines: readonly MetricsLine[];
}

export interface MetricsLine {
  name: string;
  values: readonly (number | null)[];
}

export interface MetricsMark {
  at: string;
  kind: string;
  text?: string | null;
  deployId?: string | null;
}

export interface MetricsPage {
  range: string;
  from: string;
  stepSeconds: number;
  steps: number;
  charts: readonly MetricsChart[];
  marks: readonly MetricsMark[];
}

export interface NameChange {
  name: string;
  change: string;
}

export interface NotificationSetting {
  ownerId: string;
  slackEnabled: boolean;
  emailEnabled: boolean;
  previewNotificationsEnabled: boolean;
  notificationsToSend: string;
}

export interface Overview {
  rows: readonly OverviewRow[];
}

export interface OverviewChange {
  number: number;
  isWhole: boolean;
  rows: readonly OverviewRow[];
  removed: readonly string[];
}

export interface OverviewDeploy {
  id: string;
  status: string;
  commit?: string;
  message?: string;
  createdAt: string;
  since: string;
}

export interface OverviewRow {
  id: string;
  name: string;
  type: string;
  status: string;
  path: string;
  url?: string;
  project?: string;
  environment?: string;
  environmentId?: string;
  deploy?: OverviewDeploy;
  failure?: string;
  hint?: string;
  ready: number;
  instances: number;
  warning?: string;
  traffic?: OverviewTraffic;
  lastEvent?: string;
}

export interface OverviewTraffic {
  requests: number;
  perSecond: number;
  errorPercent: number;
  p95: number;
}

export interface OwnVariable {
  key: string;
  value: string;
  origin: string;
  reference?: string | null;
}

export interface Owner {
  id: string;
  name: string;
  email: string;
  ipAllowList?: readonly CidrBlockAndDescription[];
  twoFactorAuthEnabled?: boolean;
  type: string;
}

export interface PlanChoice {
  name: string;
  memoryBytes: number;
  cpuMillis?: number | null;
  isDefault: boolean;
}

export interface PostgresConnectionInfo {
  password: string;
  internalConnectionString: string;
  externalConnectionString: string;
  psqlCommand: string;
}

export interface PostgresDetail {
  id: string;
  ipAllowList: readonly CidrBlockAndDescription[] | null;
  createdAt: string;
  updatedAt: string;
  dashboardUrl: string;
  databaseName: string;
  databaseUser: string;
  environmentId?: string;
  highAvailabilityEnabled: boolean;
  name: string;
  owner: Owner;
  plan: string;
  diskSizeGB?: number;
  parameterOverrides?: Readonly<Record<string, string>>;
  region: string;
  readReplicas: readonly ReadReplica[];
  role: string;
  status: string;
  version: string;
  suspended: string;
  suspenders: readonly string[];
  diskAutoscalingEnabled: boolean;
  connectionPool: string;
}

export interface ReadReplica {
  id: string;
  name: string;
}

export interface ReferenceEdge {
  from: string;
  to: string;
  kind: string;
  key: string;
  property?: string | null;
  problem?: string | null;
}

export interface ReferenceNode {
  id: string;
  name: string;
  type: string;
}

export interface References {
  nodes: readonly ReferenceNode[];
  edges: readonly ReferenceEdge[];
}

export interface RequestCode {
  command: CodeText;
  blueprint: CodeText;
}

export interface ResourceChoices {
  runtimes: readonly RuntimeChoice[];
  postgresVersions: readonly string[];
  servicePlans: readonly PlanChoice[];
  postgresPlans: readonly PlanChoice[];
  keyValuePlans: readonly PlanChoice[];
}

export interface ResourceFailure {
  step: string;
  message: string;
  lastLines: readonly string[];
  hint?: string | null;
}

export interface RunSchedule {
  expression: string;
  text?: string | null;
  next: readonly string[];
  paused?: string | null;
}

export interface RuntimeChoice {
  name: string;
  problem?: string | null;
}

export interface SecretFile {
  name: string;
  content: string;
}

export interface ServerPort {
  port: number;
  protocol: string;
}

export interface Service {
  id: string;
  autoDeploy: string;
  autoDeployTrigger?: string;
  branch?: string;
  buildFilter?: BuildFilter;
  createdAt: string;
  dashboardUrl: string;
  environmentId?: string;
  imagePath?: string;
  name: string;
  notifyOnFail: string;
  ownerId: string;
  repo?: string;
  rootDir: string;
  slug: string;
  suspended: string;
  suspenders: readonly string[];
  type: string;
  updatedAt: string;
  serviceDetails: ServiceDetails;
}

export interface ServiceAndDeploy {
  service: Service;
  deployId?: string;
}

export interface ServiceDetails {
  autoscaling?: AutoscalingConfig;
  buildCommand?: string;
  buildPlan: string;
  cache?: Cache;
  disk?: ServiceDisk;
  env?: string;
  envSpecificDetails?: EnvSpecificDetails;
  healthCheckPath?: string;
  ipAllowList?: readonly CidrBlockAndDescription[];
  lastSuccessfulRunAt?: string;
  maintenanceMode?: MaintenanceMode;
  maxShutdownDelaySeconds?: number;
  numInstances?: number;
  openPorts?: readonly ServerPort[];
  plan?: string;
  previews?: ServicePreviews;
  publishPath?: string;
  pullRequestPreviewsEnabled?: string;
  region?: string;
  renderSubdomainPolicy?: string;
  runtime?: string;
  schedule?: string;
  sshAddress?: string;
  url?: string;
}

export interface ServiceDisk {
  id: string;
  name: string;
  sizeGB: number;
  mountPath: string;
}

export interface ServiceDomains {
  host: string;
  url: string;
  domains: readonly DomainState[];
  note?: string | null;
}

export interface ServiceEnvironment {
  version: string;
  isDeployed: boolean;
  variables: readonly OwnVariable[];
  secretFiles: readonly string[];
  groups: readonly LinkedEnvGroup[];
}

export interface ServiceInstance {
  id: string;
  createdAt: string;
}

export interface ServicePreviews {
  generation?: string;
}

export interface ServiceRun {
  id: string;
  command: string;
  status: string;
  reason?: string;
  exitCode?: number;
  requestedBy?: string;
  canceledBy?: string;
  scheduledFor?: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
}

export interface ServiceRuns {
  schedule?: RunSchedule | null;
  runs: readonly ServiceRun[];
}

export interface SessionWorkspace {
  id: string;
  name: string;
  role: string;
  canView: boolean;
  canOperate: boolean;
  canManage: boolean;
}

export interface SettingChange {
  field: string;
  before?: string | null;
  after?: string | null;
  isSecret: boolean;
}

export interface ShellEnd {
  exitCode?: number | null;
  message?: string | null;
}

export interface ShellSize {
  columns: number;
  rows: number;
}

export interface ShellTerminal {
  kind: string;
  columns: number;
  rows: number;
}

export interface SshKeyInfo {
  id: string;
  name: string;
  publicKey: string;
  fingerprint: string;
  createdAt: string;
}

export interface StartShell {
  command: readonly string[];
  terminal?: ShellTerminal | null;
}

export interface TeamMember {
  userId: string;
  name: string;
  email: string;
  status: string;
  role: string;
  mfaEnabled: boolean;
}

export interface Webhook {
  id: string;
  url: string;
  name: string;
  secret: string;
  enabled: boolean;
  eventFilter: readonly string[] | null;
}

export interface WebhookEvent {
  id: string;
  eventId: string;
  eventType: string;
  sentAt: string;
  statusCode?: number;
  responseBody?: string;
  error?: string;
}

export interface WebhookEventWithCursor {
  webhookEvent: WebhookEvent;
  cursor: string;
}

export interface WebhookWithCursor {
  webhook: Webhook;
  cursor: string;
}

/** Every route of the API. */
export type Route =
  | 'DELETE /portico/v1/keys/{keyId}'
  | 'DELETE /portico/v1/repositories/{repository}'
  | 'DELETE /portico/v1/services/{serviceId}/source/deploy-key'
  | 'DELETE /portico/v1/sessions/current'
  | 'DELETE /portico/v1/ssh-keys/{sshKeyId}'
  | 'DELETE /portico/v1/workspaces/{ownerId}'
  | 'DELETE /portico/v1/workspaces/{ownerId}/invitations/{invitationId}'
  | 'DELETE /v1/blueprints/{blueprintId}'
  | 'DELETE /v1/cron-jobs/{cronJobId}/runs'
  | 'DELETE /v1/disks/{diskId}'
  | 'DELETE /v1/env-groups/{envGroupId}'
  | 'DELETE /v1/env-groups/{envGroupId}/env-vars/{envVarKey}'
  | 'DELETE /v1/env-groups/{envGroupId}/secret-files/{name}'
  | 'DELETE /v1/env-groups/{envGroupId}/services/{serviceId}'
  | 'DELETE /v1/environments/{environmentId}'
  | 'DELETE /v1/environments/{environmentId}/resources'
  | 'DELETE /v1/key-value/{redisId}'
  | 'DELETE /v1/owners/{ownerId}/members/{userId}'
  | 'DELETE /v1/postgres/{postgresId}'
  | 'DELETE /v1/postgres/{postgresId}/credentials/{username}'
  | 'DELETE /v1/projects/{projectId}'
  | 'DELETE /v1/redis/{redisId}'
  | 'DELETE /v1/registrycredentials/{registryCredentialId}'
  | 'DELETE /v1/services/{serviceId}'
  | 'DELETE /v1/services/{serviceId}/autoscaling'
  | 'DELETE /v1/services/{serviceId}/custom-domains/{customDomainNameOrID}'
  | 'DELETE /v1/services/{serviceId}/env-vars/{envVarKey}'
  | 'DELETE /v1/services/{serviceId}/headers/{headerId}'
  | 'DELETE /v1/services/{serviceId}/routes/{routeId}'
  | 'DELETE /v1/services/{serviceId}/secret-files/{name}'
  | 'DELETE /v1/webhooks/{webhookId}'
  | 'GET /portico/v1/background'
  | 'GET /portico/v1/blueprints/export'
  | 'GET /portico/v1/choices'
  | 'GET /portico/v1/connections/{name}'
  | 'GET /portico/v1/deploys/{deployId}'
  | 'GET /portico/v1/deploys/{deployId}/changes'
  | 'GET /portico/v1/engine'
  | 'GET /portico/v1/engine/outside'
  | 'GET /portico/v1/key-value/{id}/internal-authentication'
  | 'GET /portico/v1/keys'
  | 'GET /portico/v1/logins/{userCode}'
  | 'GET /portico/v1/logs'
  | 'GET /portico/v1/logs/download'
  | 'GET /portico/v1/logs/follow'
  | 'GET /portico/v1/logs/histogram'
  | 'GET /portico/v1/logs/lines'
  | 'GET /portico/v1/metrics'
  | 'GET /portico/v1/metrics/page'
  | 'GET /portico/v1/overview'
  | 'GET /portico/v1/references'
  | 'GET /portico/v1/repositories'
  | 'GET /portico/v1/services/{serviceId}/domains'
  | 'GET /portico/v1/services/{serviceId}/environment'
  | 'GET /portico/v1/services/{serviceId}/run'
  | 'GET /portico/v1/services/{serviceId}/runs'
  | 'GET /portico/v1/services/{serviceId}/shell'
  | 'GET /portico/v1/services/{serviceId}/source'
  | 'GET /portico/v1/sessions/current'
  | 'GET /portico/v1/sources/{commit}'
  | 'GET /portico/v1/ssh-keys'
  | 'GET /portico/v1/status'
  | 'GET /portico/v1/stream'
  | 'GET /portico/v1/workspaces/{ownerId}/invitations'
  | 'GET /v1/blueprints'
  | 'GET /v1/blueprints/{blueprintId}'
  | 'GET /v1/blueprints/{blueprintId}/syncs'
  | 'GET /v1/disks'
  | 'GET /v1/disks/{diskId}'
  | 'GET /v1/env-groups'
  | 'GET /v1/env-groups/{envGroupId}'
  | 'GET /v1/env-groups/{envGroupId}/env-vars/{envVarKey}'
  | 'GET /v1/env-groups/{envGroupId}/secret-files/{name}'
  | 'GET /v1/environments'
  | 'GET /v1/environments/{environmentId}'
  | 'GET /v1/events/{eventId}'
  | 'GET /v1/key-value'
  | 'GET /v1/key-value/{redisId}'
  | 'GET /v1/key-value/{redisId}/connection-info'
  | 'GET /v1/logs'
  | 'GET /v1/logs/subscribe'
  | 'GET /v1/logs/values'
  | 'GET /v1/metrics/active-connections'
  | 'GET /v1/metrics/bandwidth'
  | 'GET /v1/metrics/bandwidth-sources'
  | 'GET /v1/metrics/cpu'
  | 'GET /v1/metrics/cpu-limit'
  | 'GET /v1/metrics/cpu-target'
  | 'GET /v1/metrics/disk-capacity'
  | 'GET /v1/metrics/disk-usage'
  | 'GET /v1/metrics/filters/application'
  | 'GET /v1/metrics/filters/http'
  | 'GET /v1/metrics/filters/path'
  | 'GET /v1/metrics/http-latency'
  | 'GET /v1/metrics/http-requests'
  | 'GET /v1/metrics/instance-count'
  | 'GET /v1/metrics/memory'
  | 'GET /v1/metrics/memory-limit'
  | 'GET /v1/metrics/memory-target'
  | 'GET /v1/notification-settings/overrides'
  | 'GET /v1/notification-settings/overrides/services/{serviceId}'
  | 'GET /v1/notification-settings/owners/{ownerId}'
  | 'GET /v1/owners'
  | 'GET /v1/owners/{ownerId}'
  | 'GET /v1/owners/{ownerId}/audit-logs'
  | 'GET /v1/owners/{ownerId}/members'
  | 'GET /v1/postgres'
  | 'GET /v1/postgres/{postgresId}'
  | 'GET /v1/postgres/{postgresId}/connection-info'
  | 'GET /v1/postgres/{postgresId}/credentials'
  | 'GET /v1/postgres/{postgresId}/parameter-overrides'
  | 'GET /v1/postgres/{postgresId}/parameter-overrides/available'
  | 'GET /v1/postgres/{postgresId}/query/processes'
  | 'GET /v1/postgres/{postgresId}/query/sizes'
  | 'GET /v1/postgres/{postgresId}/query/table-scans'
  | 'GET /v1/postgres/{postgresId}/query/top-queries'
  | 'GET /v1/projects'
  | 'GET /v1/projects/{projectId}'
  | 'GET /v1/redis'
  | 'GET /v1/redis/{redisId}'
  | 'GET /v1/redis/{redisId}/connection-info'
  | 'GET /v1/registrycredentials'
  | 'GET /v1/registrycredentials/{registryCredentialId}'
  | 'GET /v1/services'
  | 'GET /v1/services/{serviceId}'
  | 'GET /v1/services/{serviceId}/custom-domains'
  | 'GET /v1/services/{serviceId}/custom-domains/{customDomainNameOrID}'
  | 'GET /v1/services/{serviceId}/deploys'
  | 'GET /v1/services/{serviceId}/deploys/{deployId}'
  | 'GET /v1/services/{serviceId}/env-vars'
  | 'GET /v1/services/{serviceId}/env-vars/{envVarKey}'
  | 'GET /v1/services/{serviceId}/events'
  | 'GET /v1/services/{serviceId}/headers'
  | 'GET /v1/services/{serviceId}/instances'
  | 'GET /v1/services/{serviceId}/jobs'
  | 'GET /v1/services/{serviceId}/jobs/{jobId}'
  | 'GET /v1/services/{serviceId}/outbound-ips'
  | 'GET /v1/services/{serviceId}/routes'
  | 'GET /v1/services/{serviceId}/secret-files'
  | 'GET /v1/services/{serviceId}/secret-files/{name}'
  | 'GET /v1/users'
  | 'GET /v1/webhooks'
  | 'GET /v1/webhooks/{webhookId}'
  | 'GET /v1/webhooks/{webhookId}/events'
  | 'PATCH /portico/v1/services/{serviceId}/environment'
  | 'PATCH /portico/v1/workspaces/{ownerId}'
  | 'PATCH /v1/blueprints/{blueprintId}'
  | 'PATCH /v1/disks/{diskId}'
  | 'PATCH /v1/env-groups/{envGroupId}'
  | 'PATCH /v1/environments/{environmentId}'
  | 'PATCH /v1/key-value/{redisId}'
  | 'PATCH /v1/notification-settings/overrides/services/{serviceId}'
  | 'PATCH /v1/notification-settings/owners/{ownerId}'
  | 'PATCH /v1/owners/{ownerId}/members/{userId}'
  | 'PATCH /v1/postgres/{postgresId}'
  | 'PATCH /v1/projects/{projectId}'
  | 'PATCH /v1/redis/{redisId}'
  | 'PATCH /v1/registrycredentials/{registryCredentialId}'
  | 'PATCH /v1/services/{serviceId}'
  | 'PATCH /v1/services/{serviceId}/routes/{routeId}'
  | 'PATCH /v1/webhooks/{webhookId}'
  | 'POST /portico/v1/blueprints/apply'
  | 'POST /portico/v1/code/key-value'
  | 'POST /portico/v1/code/postgres'
  | 'POST /portico/v1/code/services'
  | 'POST /portico/v1/code/services/{serviceId}'
  | 'POST /portico/v1/invitations/accept'
  | 'POST /portico/v1/keys'
  | 'POST /portico/v1/login-links'
  | 'POST /portico/v1/logins/approve'
  | 'POST /portico/v1/services/{name}/restart'
  | 'POST /portico/v1/services/{name}/rollback'
  | 'POST /portico/v1/services/{serviceId}/source/deploy-hook'
  | 'POST /portico/v1/services/{serviceId}/source/deploy-key'
  | 'POST /portico/v1/services/{serviceId}/source/webhook'
  | 'POST /portico/v1/sessions'
  | 'POST /portico/v1/sources/detect'
  | 'POST /portico/v1/ssh-keys'
  | 'POST /portico/v1/stop'
  | 'POST /portico/v1/webhooks/{webhookId}/events/{eventId}/redeliver'
  | 'POST /portico/v1/workspaces'
  | 'POST /portico/v1/workspaces/{ownerId}/invitations'
  | 'POST /v1/blueprints/validate'
  | 'POST /v1/cron-jobs/{cronJobId}/runs'
  | 'POST /v1/device-grant'
  | 'POST /v1/device-token'
  | 'POST /v1/disks'
  | 'POST /v1/env-groups'
  | 'POST /v1/env-groups/{envGroupId}/services/{serviceId}'
  | 'POST /v1/environments'
  | 'POST /v1/environments/{environmentId}/resources'
  | 'POST /v1/key-value'
  | 'POST /v1/key-value/{redisId}/resume'
  | 'POST /v1/key-value/{redisId}/suspend'
  | 'POST /v1/oauth/revoke'
  | 'POST /v1/postgres'
  | 'POST /v1/postgres/{postgresId}/credentials'
  | 'POST /v1/postgres/{postgresId}/restart'
  | 'POST /v1/postgres/{postgresId}/resume'
  | 'POST /v1/postgres/{postgresId}/suspend'
  | 'POST /v1/projects'
  | 'POST /v1/redis'
  | 'POST /v1/redis/{redisId}/resume'
  | 'POST /v1/redis/{redisId}/suspend'
  | 'POST /v1/registrycredentials'
  | 'POST /v1/services'
  | 'POST /v1/services/{serviceId}/cache/purge'
  | 'POST /v1/services/{serviceId}/custom-domains'
  | 'POST /v1/services/{serviceId}/custom-domains/{customDomainNameOrID}/verify'
  | 'POST /v1/services/{serviceId}/deploys'
  | 'POST /v1/services/{serviceId}/deploys/{deployId}/cancel'
  | 'POST /v1/services/{serviceId}/ephemeral-shell'
  | 'POST /v1/services/{serviceId}/headers'
  | 'POST /v1/services/{serviceId}/jobs'
  | 'POST /v1/services/{serviceId}/jobs/{jobId}/cancel'
  | 'POST /v1/services/{serviceId}/restart'
  | 'POST /v1/services/{serviceId}/resume'
  | 'POST /v1/services/{serviceId}/rollback'
  | 'POST /v1/services/{serviceId}/routes'
  | 'POST /v1/services/{serviceId}/scale'
  | 'POST /v1/services/{serviceId}/suspend'
  | 'POST /v1/token/refresh'
  | 'POST /v1/webhooks'
  | 'PUT /portico/v1/key-value/{id}/internal-authentication'
  | 'PUT /portico/v1/repositories/{repository}'
  | 'PUT /portico/v1/sources/{commit}'
  | 'PUT /v1/env-groups/{envGroupId}/env-vars/{envVarKey}'
  | 'PUT /v1/env-groups/{envGroupId}/secret-files/{name}'
  | 'PUT /v1/postgres/{postgresId}/parameter-overrides'
  | 'PUT /v1/services/{serviceId}/autoscaling'
  | 'PUT /v1/services/{serviceId}/env-vars'
  | 'PUT /v1/services/{serviceId}/env-vars/{envVarKey}'
  | 'PUT /v1/services/{serviceId}/headers'
  | 'PUT /v1/services/{serviceId}/routes'
  | 'PUT /v1/services/{serviceId}/secret-files'
  | 'PUT /v1/services/{serviceId}/secret-files/{name}';
