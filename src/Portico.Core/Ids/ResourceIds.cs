namespace Portico.Core.Ids;

public readonly record struct WorkspaceId : IResourceId<WorkspaceId>
{
    private WorkspaceId(string value) => Value = value;

    public static string Prefix => "tea-";

    public string Value { get; }

    public static WorkspaceId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct ServiceId : IResourceId<ServiceId>
{
    private ServiceId(string value) => Value = value;

    public static string Prefix => "srv-";

    public string Value { get; }

    public static ServiceId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct CronJobId : IResourceId<CronJobId>
{
    private CronJobId(string value) => Value = value;

    public static string Prefix => "crn-";

    public string Value { get; }

    public static CronJobId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct PostgresId : IResourceId<PostgresId>
{
    private PostgresId(string value) => Value = value;

    public static string Prefix => "dpg-";

    public string Value { get; }

    public static PostgresId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct KeyValueId : IResourceId<KeyValueId>
{
    private KeyValueId(string value) => Value = value;

    public static string Prefix => "red-";

    public string Value { get; }

    public static KeyValueId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct EnvGroupId : IResourceId<EnvGroupId>
{
    private EnvGroupId(string value) => Value = value;

    public static string Prefix => "evg-";

    public string Value { get; }

    public static EnvGroupId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct DiskId : IResourceId<DiskId>
{
    private DiskId(string value) => Value = value;

    public static string Prefix => "dsk-";

    public string Value { get; }

    public static DiskId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct DeployId : IResourceId<DeployId>
{
    private DeployId(string value) => Value = value;

    public static string Prefix => "dep-";

    public string Value { get; }

    public static DeployId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct BlueprintId : IResourceId<BlueprintId>
{
    private BlueprintId(string value) => Value = value;

    public static string Prefix => "exs-";

    public string Value { get; }

    public static BlueprintId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct SyncId : IResourceId<SyncId>
{
    private SyncId(string value) => Value = value;

    public static string Prefix => "exe-";

    public string Value { get; }

    public static SyncId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct EventId : IResourceId<EventId>
{
    private EventId(string value) => Value = value;

    public static string Prefix => "evt-";

    public string Value { get; }

    public static EventId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct UserId : IResourceId<UserId>
{
    private UserId(string value) => Value = value;

    public static string Prefix => "usr-";

    public string Value { get; }

    public static UserId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct ApiKeyId : IResourceId<ApiKeyId>
{
    private ApiKeyId(string value) => Value = value;

    public static string Prefix => "key-";

    public string Value { get; }

    public static ApiKeyId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct SessionId : IResourceId<SessionId>
{
    private SessionId(string value) => Value = value;

    public static string Prefix => "ses-";

    public string Value { get; }

    public static SessionId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct SshKeyId : IResourceId<SshKeyId>
{
    private SshKeyId(string value) => Value = value;

    public static string Prefix => "ssh-";

    public string Value { get; }

    public static SshKeyId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct ProjectId : IResourceId<ProjectId>
{
    private ProjectId(string value) => Value = value;

    public static string Prefix => "prj-";

    public string Value { get; }

    public static ProjectId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct EnvironmentId : IResourceId<EnvironmentId>
{
    private EnvironmentId(string value) => Value = value;

    public static string Prefix => "evm-";

    public string Value { get; }

    public static EnvironmentId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct JobId : IResourceId<JobId>
{
    private JobId(string value) => Value = value;

    public static string Prefix => "job-";

    public string Value { get; }

    public static JobId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct CronRunId : IResourceId<CronRunId>
{
    private CronRunId(string value) => Value = value;

    public static string Prefix => "crr-";

    public string Value { get; }

    public static CronRunId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct CustomDomainId : IResourceId<CustomDomainId>
{
    private CustomDomainId(string value) => Value = value;

    public static string Prefix => "cdm-";

    public string Value { get; }

    public static CustomDomainId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct RegistryCredentialId : IResourceId<RegistryCredentialId>
{
    private RegistryCredentialId(string value) => Value = value;

    public static string Prefix => "rgc-";

    public string Value { get; }

    public static RegistryCredentialId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct HeaderId : IResourceId<HeaderId>
{
    private HeaderId(string value) => Value = value;

    public static string Prefix => "hdr-";

    public string Value { get; }

    public static HeaderId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct RouteId : IResourceId<RouteId>
{
    private RouteId(string value) => Value = value;

    public static string Prefix => "rdr-";

    public string Value { get; }

    public static RouteId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct AuditLogId : IResourceId<AuditLogId>
{
    private AuditLogId(string value) => Value = value;

    public static string Prefix => "aud-";

    public string Value { get; }

    public static AuditLogId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct PushId : IResourceId<PushId>
{
    private PushId(string value) => Value = value;

    public static string Prefix => "psh-";

    public string Value { get; }

    public static PushId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct WebhookId : IResourceId<WebhookId>
{
    private WebhookId(string value) => Value = value;

    public static string Prefix => "whk-";

    public string Value { get; }

    public static WebhookId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct WebhookEventId : IResourceId<WebhookEventId>
{
    private WebhookEventId(string value) => Value = value;

    public static string Prefix => "whe-";

    public string Value { get; }

    public static WebhookEventId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}

public readonly record struct InvitationId : IResourceId<InvitationId>
{
    private InvitationId(string value) => Value = value;

    public static string Prefix => "inv-";

    public string Value { get; }

    public static InvitationId FromBody(string body) => new(Prefix + body);

    public override string ToString() => Value;
}
