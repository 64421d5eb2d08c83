namespace Portico.Blueprint.Model;

/// <summary>The kinds of services; <c>type: web</c> with <c>runtime: static</c> is a static site.</summary>
public enum ServiceKind
{
    StaticSite,
    WebService,
    PrivateService,
    BackgroundWorker,
    CronJob,
}

/// <summary>The <c>type</c> of a <c>fromService</c> reference.</summary>
public enum ReferenceKind
{
    Web,
    PrivateService,
    Worker,
    Cron,
    Static,
    KeyValue,
    Postgres,
    Job,
}

public enum AutoDeployTrigger
{
    Off,
    Commit,
    ChecksPass,
}

public enum PreviewGeneration
{
    Automatic,
    Manual,
    Off,
}

public enum RouteKind
{
    Redirect,
    Rewrite,
}

public enum MaxMemoryPolicy
{
    AllKeysLru,
    VolatileLru,
    AllKeysLfu,
    VolatileLfu,
    AllKeysRandom,
    VolatileRandom,
    VolatileTtl,
    NoEviction,
}

public enum PersistenceMode
{
    JournalSnapshot,
    Snapshot,
    Off,
}
