using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

/// <summary>The environment variables of a service with their origins: <c>GET /portico/v1/services/{serviceId}/environment</c>.</summary>
/// <param name="Version">Identifies the service's own variables and their values. A change must name the version that it is made to.</param>
/// <param name="IsDeployed">Whether the newest deploy has these variables and the present settings.</param>
/// <param name="Variables">The service's own variables, by key. They override those of groups.</param>
/// <param name="SecretFiles">The names of the service's own secret files. Render's API has the contents.</param>
/// <param name="Groups">The env groups that are linked to the service. Later ones override earlier ones.</param>
public sealed record ServiceEnvironment(
    string Version, bool IsDeployed, IReadOnlyList<OwnVariable> Variables, IReadOnlyList<string> SecretFiles, IReadOnlyList<LinkedEnvGroup> Groups);

/// <param name="Value">The value; a reference is resolved, and empty if that is not possible.</param>
/// <param name="Origin"><c>value</c>, <c>generated</c>, <c>prompted</c> (entered once for a Blueprint) or <c>reference</c>.</param>
/// <param name="Reference">What a reference refers to, for example <c>db.connectionString</c>; null for other origins.</param>
public sealed record OwnVariable(string Key, string Value, string Origin, string? Reference);

/// <param name="Variables">Its variables, by key.</param>
/// <param name="SecretFiles">The names of its secret files.</param>
public sealed record LinkedEnvGroup(string Id, string Name, IReadOnlyList<EnvVar> Variables, IReadOnlyList<string> SecretFiles);

/// <summary>Body of <c>PATCH /portico/v1/services/{serviceId}/environment</c>. Variables that are not named stay as they are.</summary>
public sealed record ChangeEnvironment
{
    /// <summary>The version that the change is made to. If the variables have changed since, it is refused with 409.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// <c>save</c> (the next deploy has the change), <c>deploy</c> (deploys the latest build with it, which a static site cannot)
    /// or <c>rebuild</c> (builds and deploys).
    /// </summary>
    public required string Apply { get; init; }

    /// <summary>Variables to add or to replace.</summary>
    public IReadOnlyList<EnvVarInput>? Set { get; init; }

    /// <summary>Keys of variables to remove.</summary>
    public IReadOnlyList<string>? Remove { get; init; }
}

/// <param name="DeployId">The deploy with the change; null if it was only saved.</param>
public sealed record ChangedEnvironment(ServiceEnvironment Environment, string? DeployId);
