namespace Portico.Blueprint.References;

/// <summary>The properties of a resource that a variable may refer to, as Render documents them.</summary>
public static class ReferenceProperties
{
    public static IReadOnlyList<string> Service { get; } = ["host", "port", "hostport"];

    public static IReadOnlyList<string> KeyValue { get; } = ["connectionString", "host", "port", "hostport"];

    public static IReadOnlyList<string> Database { get; } =
        ["connectionString", "host", "port", "user", "password", "database"];

    /// <summary>
    /// Variables of the platform that other services can refer to by <c>envVarKey</c>. They are never part of a cycle, because
    /// they depend only on the identity of the service. As on Render, those that depend on its deploy, plan or instance
    /// (<c>RENDER_GIT_COMMIT</c>, <c>RENDER_CPU_COUNT</c>, <c>RENDER_INSTANCE_ID</c>) are for the service itself.
    /// </summary>
    public static IReadOnlySet<string> PlatformVariables { get; } = new HashSet<string>
    {
        "PORT", "RENDER", "IS_PULL_REQUEST", "RENDER_DISCOVERY_SERVICE", "RENDER_EXTERNAL_HOSTNAME", "RENDER_EXTERNAL_URL",
        "RENDER_SERVICE_ID", "RENDER_SERVICE_NAME", "RENDER_SERVICE_TYPE",
    };
}
