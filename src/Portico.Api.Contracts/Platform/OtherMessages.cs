using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

/// <summary>The body of every error response.</summary>
/// <param name="Id">The id of the request, to find it in the server's log.</param>
public sealed record ApiError(string Id, string Message);

/// <summary>One line of <c>GET /portico/v1/logs</c> (newline-delimited JSON).</summary>
/// <param name="Source">The instance or build that wrote it.</param>
/// <param name="At">When it was written, as far as it is known; null unless it was requested.</param>
/// <param name="Level"><c>debug info warning error</c>; null unless times were requested.</param>
public sealed record LogEntry(
    string Source, string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? At = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Level = null)
{
    /// <summary>The largest number of newest lines that one request may ask for. The server keeps those of a build in memory until it has read its whole log.</summary>
    public const int MostNewest = 10_000;
}

/// <summary>Which lines of a log to read: the query of <c>GET /portico/v1/logs</c>.</summary>
/// <param name="Resource">The name or id of a service or data store.</param>
public sealed record LogsRequest(string Resource)
{
    /// <summary>How many of the last lines to start with; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Whether to wait for new lines: of a build until it has ended, otherwise until the call is canceled.</summary>
    public bool Follow { get; init; }

    /// <summary>The log of the newest deploy instead of the instances' output.</summary>
    public bool Build { get; init; }

    /// <summary>Only lines that were written since; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only lines of these levels; empty for all.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>Whether each line is to have its time and level.</summary>
    public bool Times { get; init; }
}

/// <summary>The body of <c>GET</c> and <c>PUT /portico/v1/key-value/ID/internal-authentication</c>.</summary>
/// <param name="Enabled">Whether clients in the private network need the password, as clients outside of it do.</param>
public sealed record InternalAuthentication(bool Enabled);

/// <summary>How to connect to a Postgres database or Key Value store.</summary>
public sealed record ConnectionDetails
{
    /// <summary>Where programs on the platform's machine connect, outside of sandboxes.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string? Database { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    public required string InternalConnectionString { get; init; }

    public required string ExternalConnectionString { get; init; }
}

/// <summary>The capabilities of the engine on this machine: <c>GET /portico/v1/engine</c>, and <c>GET /portico/v1/engine/outside</c>.</summary>
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
