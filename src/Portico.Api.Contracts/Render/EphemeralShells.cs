namespace Portico.Api.Contracts.Render;

/// <summary>A request for a shell in a sandbox of its own.</summary>
public sealed record CreateEphemeralShell
{
    /// <summary>The plan of the sandbox; null for the service's own.</summary>
    public string? Plan { get; init; }

    /// <summary>The older name of <see cref="Plan"/>.</summary>
    public string? Size { get; init; }
}

/// <param name="Id">Clients connect to it as <c>ID.srv-…@host</c>.</param>
public sealed record EphemeralShell(string Id);
