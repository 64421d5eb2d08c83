namespace Portico.Api.Contracts.Platform;

/// <summary>The body of every error response.</summary>
/// <param name="Id">The id of the request, to find it in the server's log.</param>
public sealed record ApiError(string Id, string Message);

/// <summary>One line of <c>GET /portico/v1/logs</c> (newline-delimited JSON).</summary>
/// <param name="Source">The instance or build that wrote it.</param>
public sealed record LogEntry(string Source, string Text);

/// <summary>How to connect to a Postgres database or Key Value store.</summary>
public sealed record ConnectionDetails
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string? Database { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    public required string InternalConnectionString { get; init; }

    public required string ExternalConnectionString { get; init; }
}

/// <summary>The capabilities of the engine on this machine: <c>GET /portico/v1/engine</c>.</summary>
public sealed record EngineReport
{
    public required string Name { get; init; }

    /// <summary>The account that workloads run as.</summary>
    public required IReadOnlyList<EngineCheckItem> Checks { get; init; }
}

/// <param name="Level"><c>ok warning error</c>.</param>
/// <param name="Fix">What the user should do; null when there is nothing to do.</param>
public sealed record EngineCheckItem(string Level, string Name, string Message, string? Fix);

/// <summary>Body of <c>POST /portico/v1/services/{name}/rollback</c>.</summary>
/// <param name="DeployId">The deploy to roll back to; null for the previous live one.</param>
public sealed record RollBackService(string? DeployId = null);

/// <param name="DeployId">The id of the new deploy.</param>
/// <param name="Target">The deploy that it rolls back to.</param>
/// <param name="Commit">The commit of the target.</param>
/// <param name="AutoDeployWas">The auto-deploy trigger that was turned off, so that the next push does not undo the rollback; null when it was already off.</param>
public sealed record RolledBack(string DeployId, string Target, string? Commit, string? AutoDeployWas);

/// <summary>Body of <c>POST /portico/v1/stop</c>.</summary>
/// <param name="Delete">Also delete every resource and its data.</param>
public sealed record StopPlatform(bool Delete);
