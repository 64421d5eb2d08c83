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
