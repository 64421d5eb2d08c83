using Portico.Core.Services;

namespace Portico.Core.Variables;

/// <summary>Everything that variables can refer to, by name. All of it is fixed when a thing is created.</summary>
public sealed record VariableWorld
{
    public required IReadOnlyDictionary<string, ServiceIdentity> Services { get; init; }

    /// <summary>Variables of each env group.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, EnvVarSource>> Groups { get; init; }

    public required IReadOnlyDictionary<string, DataStoreIdentity> Databases { get; init; }

    public required IReadOnlyDictionary<string, DataStoreIdentity> KeyValues { get; init; }
}

/// <summary>A service as others see it.</summary>
public sealed record ServiceIdentity
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ServiceType Type { get; init; }

    /// <summary>Inside the platform; null for what does not listen.</summary>
    public string? InternalHost { get; init; }

    public int? InternalPort { get; init; }

    /// <summary>Null for what is not public.</summary>
    public string? ExternalHost { get; init; }

    public string? ExternalUrl { get; init; }

    /// <summary>Names of its env groups; a later one wins.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public required IReadOnlyDictionary<string, EnvVarSource> Variables { get; init; }

    /// <summary>By name, those of its groups among them: its own win.</summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();
}

/// <summary>A data store as others see it. Properties by Render's names: <c>connectionString host port user password database</c>.</summary>
public sealed record DataStoreIdentity(string Id, string Name, IReadOnlyDictionary<string, string> Properties);
