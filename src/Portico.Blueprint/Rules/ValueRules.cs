namespace Portico.Blueprint.Rules;

/// <summary>The format's rules for single values, for whoever takes the same values by another way.</summary>
/// <remarks>Each returns null when the value is good, and otherwise what is wrong and what to write instead.</remarks>
public static class ValueRules
{
    /// <summary>Services, data stores and groups.</summary>
    public static string? ResourceName(string value) => Explain(NameRules.Resource(value));

    /// <summary>Projects, environments, credentials, disks: labels that become no address.</summary>
    public static string? Label(string value) => Explain(NameRules.Label(value));

    public static string? PostgresIdentifier(string value) => Explain(NameRules.PostgresIdentifier(value));

    public static string? PostgresUser(string value) => Explain(NameRules.PostgresUser(value));

    /// <summary>Where a disk may be mounted.</summary>
    public static string? MountPath(string value) => Explain(PathRules.Mount(value));

    /// <summary>An address, or a range in CIDR notation.</summary>
    public static string? AddressRange(string value) => Explain(NetworkRules.AddressRange(value));

    public static string? Domain(string value) => Explain(NetworkRules.Domain(value));

    private static string? Explain(Problem? problem) => problem switch
    {
        null => null,
        { Suggestion: { } suggestion } => $"{problem.Message}; {suggestion}.",
        _ => $"{problem.Message}.",
    };
}
