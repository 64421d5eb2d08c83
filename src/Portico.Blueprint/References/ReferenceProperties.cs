namespace Portico.Blueprint.References;

/// <summary>The properties of a resource that a variable may refer to, as Render documents them.</summary>
public static class ReferenceProperties
{
    public static IReadOnlyList<string> Service { get; } = ["host", "port", "hostport"];

    public static IReadOnlyList<string> KeyValue { get; } = ["connectionString", "host", "port", "hostport"];

    public static IReadOnlyList<string> Database { get; } =
        ["connectionString", "host", "port", "user", "password", "database"];

    /// <summary>
    /// Variables that the platform sets on every service. They are always a valid <c>envVarKey</c>, and never part of a cycle,
    /// because they only depend on the identity of the service.
    /// </summary>
    public static IReadOnlySet<string> PlatformVariables { get; } = new HashSet<string>
    {
        "PORT", "RENDER", "IS_PULL_REQUEST", "RENDER_CPU_COUNT", "RENDER_DISCOVERY_SERVICE", "RENDER_EXTERNAL_HOSTNAME",
        "RENDER_EXTERNAL_URL", "RENDER_GIT_BRANCH", "RENDER_GIT_COMMIT", "RENDER_GIT_REPO_SLUG", "RENDER_INSTANCE_ID",
        "RENDER_SERVICE_ID", "RENDER_SERVICE_NAME", "RENDER_SERVICE_TYPE", "RENDER_WEB_CONCURRENCY", "WEB_CONCURRENCY",
    };
}
