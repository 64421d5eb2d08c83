namespace Portico.Core.Services;

public enum ServiceType
{
    StaticSite,
    WebService,
    PrivateService,
    BackgroundWorker,
    CronJob,
}

public static class ServiceTypes
{
    /// <summary>Returns the name in Render's API.</summary>
    public static string Name(this ServiceType type) => type switch
    {
        ServiceType.StaticSite => "static_site",
        ServiceType.WebService => "web_service",
        ServiceType.PrivateService => "private_service",
        ServiceType.BackgroundWorker => "background_worker",
        ServiceType.CronJob => "cron_job",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Whether it has a public URL.</summary>
    public static bool IsPublic(this ServiceType type) => type is ServiceType.StaticSite or ServiceType.WebService;

    /// <summary>Whether it listens on a port and therefore has an internal address.</summary>
    public static bool Listens(this ServiceType type) => type is ServiceType.WebService or ServiceType.PrivateService;

    /// <summary>Whether it has instances that keep running.</summary>
    public static bool HasInstances(this ServiceType type) => type is not (ServiceType.StaticSite or ServiceType.CronJob);
}
