using Portico.Core.Services;

namespace Portico.ControlPlane.State;

internal sealed class EnvVarRow
{
    /// <summary>The id of a service or an env group.</summary>
    [DeletedWith(typeof(ServiceRow), typeof(EnvGroupRow))]
    public required string OwnerId { get; init; }

    public required string Key { get; init; }

    public required EnvVarSource Source { get; set; }
}

/// <summary>A secret file. Builds and instances find it under <c>/etc/secrets</c>.</summary>
internal sealed class SecretFileRow
{
    /// <summary>The id of a service or an env group.</summary>
    [DeletedWith(typeof(ServiceRow), typeof(EnvGroupRow))]
    public required string OwnerId { get; init; }

    public required string Name { get; init; }

    public required string Content { get; set; }
}
