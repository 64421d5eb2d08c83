namespace Portico.Api.Contracts.Platform;

/// <summary>The body of every answer that is not a success.</summary>
/// <param name="Id">Of the request, to find it in the server's log.</param>
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

/// <summary>What the engine can do here: <c>GET /portico/v1/engine</c>.</summary>
public sealed record EngineReport
{
    public required string Name { get; init; }

    /// <summary>The account that workloads run as.</summary>
    public required IReadOnlyList<EngineCheckItem> Checks { get; init; }
}

/// <param name="Level"><c>ok warning error</c>.</param>
/// <param name="Fix">What to type or change; null when nothing is to do.</param>
public sealed record EngineCheckItem(string Level, string Name, string Message, string? Fix);

/// <summary>Body of <c>POST /portico/v1/services/{name}/rollback</c>.</summary>
/// <param name="DeployId">Which one to bring back; null for the one that was live before.</param>
public sealed record RollBackService(string? DeployId = null);

/// <param name="DeployId">Of the new deploy.</param>
/// <param name="Target">The deploy that it brings back.</param>
/// <param name="Commit">Of that one.</param>
/// <param name="AutoDeployWas">The trigger that is off now, so that the next push does not undo the rollback; null where it was off before.</param>
public sealed record RolledBack(string DeployId, string Target, string? Commit, string? AutoDeployWas);

/// <summary>Body of <c>POST /portico/v1/stop</c>.</summary>
/// <param name="Delete">Also delete every resource and its data.</param>
public sealed record StopPlatform(bool Delete);
