using Portico.Core.Services;

namespace Portico.Core.Variables;

/// <summary>Everything that variables can refer to, by name. It is fixed when a resource is created.</summary>
public sealed record VariableWorld
{
    public required IReadOnlyDictionary<string, ServiceIdentity> Services { get; init; }

    /// <summary>The variables of each env group.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, EnvVarSource>> Groups { get; init; }

    public required IReadOnlyDictionary<string, DataStoreIdentity> Databases { get; init; }

    public required IReadOnlyDictionary<string, DataStoreIdentity> KeyValues { get; init; }
}

/// <summary>A service, as others can refer to it.</summary>
public sealed record ServiceIdentity
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ServiceType Type { get; init; }

    /// <summary>The internal address; null when the service does not listen.</summary>
    public string? InternalHost { get; init; }

    public int? InternalPort { get; init; }

    /// <summary>Whether its own variable <c>PORT</c> decides instead of <see cref="InternalPort"/>, as on Render.</summary>
    public bool ChoosesPort { get; init; }

    /// <summary>The host name that stands for all its instances; null when the service does not listen.</summary>
    public string? DiscoveryHost { get; init; }

    /// <summary>The public URL; null when the service is not public.</summary>
    public string? ExternalHost { get; init; }

    public string? ExternalUrl { get; init; }

    /// <summary>The names of its env groups; a later one wins.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public required IReadOnlyDictionary<string, EnvVarSource> Variables { get; init; }

    /// <summary>Its variables by name, including those of its groups; its own win.</summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();
}

/// <summary>A data store, as others can refer to it. Its properties have Render's names: <c>connectionString host port user password database</c>.</summary>
public sealed record DataStoreIdentity(string Id, string Name, IReadOnlyDictionary<string, string> Properties);
