using Portico.Blueprint.Model;

namespace Portico.Blueprint.Binding;

/// <summary>All enumerated words of the format, for reading and writing.</summary>
internal static class Vocabulary
{
    public static readonly Choices<ServiceType> ServiceTypes = new(
        ("web", ServiceType.Web), ("pserv", ServiceType.PrivateService), ("worker", ServiceType.Worker),
        ("cron", ServiceType.Cron), ("keyvalue", ServiceType.KeyValue), ("redis", ServiceType.Redis),
        ("static", ServiceType.Static), ("workflow", ServiceType.Workflow))
    { Offered = 5 };

    public static readonly Choices<ReferenceKind> References = new(
        ("web", ReferenceKind.Web), ("pserv", ReferenceKind.PrivateService), ("worker", ReferenceKind.Worker),
        ("cron", ReferenceKind.Cron), ("static", ReferenceKind.Static), ("keyvalue", ReferenceKind.KeyValue),
        ("redis", ReferenceKind.KeyValue), ("dpg", ReferenceKind.Postgres), ("job", ReferenceKind.Job))
    { Offered = 6 };

    public static readonly Choices<AutoDeployTrigger> AutoDeploy = new(
        ("off", AutoDeployTrigger.Off), ("commit", AutoDeployTrigger.Commit), ("checksPass", AutoDeployTrigger.ChecksPass));

    public static readonly Choices<PreviewGeneration> Previews = new(
        ("automatic", PreviewGeneration.Automatic), ("manual", PreviewGeneration.Manual), ("off", PreviewGeneration.Off));

    public static readonly Choices<RouteKind> Routes = new(
        ("redirect", RouteKind.Redirect), ("rewrite", RouteKind.Rewrite));

    public static readonly Choices<bool> Switch = new(("enabled", true), ("disabled", false));

    public static readonly Choices<MaxMemoryPolicy> MaxMemory = new(
        ("allkeys-lru", MaxMemoryPolicy.AllKeysLru), ("volatile-lru", MaxMemoryPolicy.VolatileLru),
        ("allkeys-lfu", MaxMemoryPolicy.AllKeysLfu), ("volatile-lfu", MaxMemoryPolicy.VolatileLfu),
        ("allkeys-random", MaxMemoryPolicy.AllKeysRandom), ("volatile-random", MaxMemoryPolicy.VolatileRandom),
        ("volatile-ttl", MaxMemoryPolicy.VolatileTtl), ("noeviction", MaxMemoryPolicy.NoEviction));

    public static readonly Choices<PersistenceMode> Persistence = new(
        ("journal-snapshot", PersistenceMode.JournalSnapshot), ("snapshot", PersistenceMode.Snapshot),
        ("off", PersistenceMode.Off));

    public static readonly string[] Runtimes =
        ["node", "python", "ruby", "go", "rust", "elixir", "docker", "image", "static", "dotnet"];

    public static readonly string[] PostgresVersions = ["10", "11", "12", "13", "14", "15", "16", "17", "18"];
}

/// <summary>The <c>type</c> of an item under <c>services</c>, as written.</summary>
internal enum ServiceType
{
    Web,
    PrivateService,
    Worker,
    Cron,
    Static,
    KeyValue,
    Redis,
    Workflow,
}
