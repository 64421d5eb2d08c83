namespace Portico.Blueprint.Rules;

/// <summary>The format's rules for single values, for the API, which accepts the same values.</summary>
/// <remarks>Each rule returns null for a valid value; otherwise what is wrong and what to write instead.</remarks>
public static class ValueRules
{
    /// <summary>The most instances that a service can have, as on Render.</summary>
    public const int MostInstances = 100;

    /// <summary>Checks the name of a service, data store or group.</summary>
    public static string? ResourceName(string value) => Explain(NameRules.Resource(value));

    /// <summary>Checks the name of a project, environment, credential or disk, which does not become an address.</summary>
    public static string? Label(string value) => Explain(NameRules.Label(value));

    public static string? PostgresIdentifier(string value) => Explain(NameRules.PostgresIdentifier(value));

    public static string? PostgresUser(string value) => Explain(NameRules.PostgresUser(value));

    /// <summary>Checks the mount path of a service's disk.</summary>
    public static string? MountPath(string value, string runtime) => Explain(PathRules.Mount(value, runtime));

    /// <summary>Checks an IP address, or a range in CIDR notation.</summary>
    public static string? AddressRange(string value) => Explain(NetworkRules.AddressRange(value));

    public static string? Domain(string value) => Explain(NetworkRules.Domain(value));

    private static string? Explain(Problem? problem) => problem switch
    {
        null => null,
        { Suggestion: { } suggestion } => $"{problem.Message}; {suggestion}.",
        _ => $"{problem.Message}.",
    };
}
