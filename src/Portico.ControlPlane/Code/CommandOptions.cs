namespace Portico.ControlPlane.Code;

/// <summary>The options of <c>portico create</c> and <c>portico update</c>, by the fields of the requests that they send.</summary>
internal static class CommandOptions
{
    private const string Details = "serviceDetails.", Specific = "serviceDetails.envSpecificDetails.";

    public static IReadOnlyDictionary<string, string> NewService { get; } = Table(
        ("type", ""), ("name", ""), ("ownerId", ""), ("environmentId", "--environment-id"), ("envVars", "--env-var"),
        (Details + "runtime", "--runtime"), (Details + "numInstances", "--num-instances"));

    /// <summary>The runtime of a static site follows from its type.</summary>
    public static IReadOnlyDictionary<string, string> NewSite { get; } = new Dictionary<string, string>(NewService) { [Details + "runtime"] = "" };

    public static IReadOnlyDictionary<string, string> Service { get; } = Table(("name", "--name"), ("autoDeployTrigger", "--auto-deploy-trigger"));

    public static IReadOnlyDictionary<string, string> NewPostgres { get; } = NewStore(
        ("version", "--major-version"), ("databaseName", "--database-name"), ("databaseUser", "--database-user"), ("diskSizeGB", "--disk-size-gb"));

    public static IReadOnlyDictionary<string, string> NewKeyValue { get; } = NewStore(
        ("maxmemoryPolicy", "--maxmemory-policy"), ("persistenceMode", "--persistence-mode"));

    private static Dictionary<string, string> NewStore(params (string Field, string Option)[] more) => new(Pairs(more))
    {
        ["name"] = "",
        ["ownerId"] = "",
        ["environmentId"] = "--environment-id",
        ["plan"] = "--plan",
    };

    /// <summary>Returns what both commands have for services, and the given options.</summary>
    private static Dictionary<string, string> Table(params (string Field, string Option)[] more) => new(Pairs(more))
    {
        ["repo"] = "--repo",
        ["branch"] = "--branch",
        ["rootDir"] = "--root-dir",
        [Details + "buildCommand"] = "--build-command",
        [Specific + "buildCommand"] = "--build-command",
        [Specific + "startCommand"] = "--start-command",
        [Details + "preDeployCommand"] = "--pre-deploy-command",
        [Specific + "preDeployCommand"] = "--pre-deploy-command",
        [Details + "plan"] = "--plan",
        [Details + "schedule"] = "--schedule",
        [Details + "healthCheckPath"] = "--health-check-path",
        [Details + "publishPath"] = "--publish-path",
    };

    private static IEnumerable<KeyValuePair<string, string>> Pairs((string Field, string Option)[] items) =>
        items.Select(item => KeyValuePair.Create(item.Field, item.Option));
}
