using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Logs as newline-delimited JSON, one line at a time as they appear.</summary>
internal static class LogsApi
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static void MapLogs(this IEndpointRouteBuilder routes) => routes.MapGet("/logs", ReadAsync).Needs(Permission.View);

    private static async Task ReadAsync(
        string resource, int? tail, bool? follow, bool? build, string? since, bool? times, Query query,
        PorticoDb db, DeployLog log, AppLog app, Caller caller, OpenStreams streams, HttpContext context, CancellationToken cancellationToken)
    {
        if (tail is < 0 or > LogEntry.MostNewest)
            throw Refusal.Invalid($"tail: must be a whole number from 0 to {LogEntry.MostNewest}. Without it, all lines are returned.");
        var (window, levels) = (new LogWindow(tail, SinceOf(since)), LevelsOf(query.List("level")));
        IAsyncEnumerable<LogEntry> lines;
        if (build != true)
            lines = EntriesOf(app.ReadAsync(await IdAsync(db, caller, resource, cancellationToken), levels, window, follow == true, cancellationToken), times == true);
        else
        {
            var (service, deploy) = await BuildAsync(db, caller, resource, cancellationToken);
            // Only the store knows times and levels; the log of the deploy itself is complete, however long it is.
            lines = times == true || since is not null || levels.Count > 0
                ? EntriesOf(app.ReadDeployAsync(
                    service, deploy, levels, window, token => follow == true ? IsActiveAsync(db, deploy, token) : Task.FromResult(false), cancellationToken), times == true)
                : BuildLinesAsync(log, deploy, tail, follow == true, cancellationToken);
        }
        using var stream = follow == true ? streams.Open(caller) : null;
        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync(cancellationToken);
        await foreach (var line in lines)
            await WriteAsync(context.Response, line, cancellationToken);
    }

    private static LogTime SinceOf(string? since)
    {
        if (since is null)
            return default;
        return LogTime.TryParse(since, out var time) ? time : throw Refusal.Invalid("since: must be a time such as 2026-01-02T15:04:05Z.");
    }

    private static List<TextPattern> LevelsOf(IReadOnlyList<string> levels)
    {
        var known = Enum.GetValues<LogSeverity>().Select(item => item.ToWord()).ToList();
        return levels.FirstOrDefault(word => !known.Contains(word)) is { } unknown
            ? throw Refusal.Invalid($"level: unknown level '{unknown}'; use {string.Join(", ", known)}.")
            : [.. levels.Select(word => TextPattern.Parse(word, whole: true))];
    }

    private static async IAsyncEnumerable<LogEntry> EntriesOf(IAsyncEnumerable<StoredLog> lines, bool withTimes)
    {
        await foreach (var line in lines)
        {
            var entry = new LogEntry(line.Labels.Instance ?? line.Labels.Resource, line.Message);
            yield return withTimes ? entry with { At = line.Time.ToDateTime(), Level = line.Labels.Level.ToWord() } : entry;
        }
    }

    private static async Task<bool> IsActiveAsync(PorticoDb db, string deploy, CancellationToken cancellationToken) =>
        (await db.Deploys.AsNoTracking().Where(row => row.Id == deploy).Select(row => (DeployStatus?)row.Status).FirstOrDefaultAsync(cancellationToken))?.IsActive() == true;

    /// <summary>Returns the log of a deploy: the last lines, or all lines and then new ones.</summary>
    private static async IAsyncEnumerable<LogEntry> BuildLinesAsync(
        DeployLog log, string deploy, int? tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kept = new Queue<LogEntry>();
        await foreach (var line in log.ReadAsync(deploy, follow, cancellationToken))
        {
            var entry = new LogEntry(line.Source, line.Text);
            if (follow || tail is null)
                yield return entry;
            else
                kept.Enqueue(entry);
            if (kept.Count > tail)
                kept.Dequeue();
        }
        foreach (var line in kept)
            yield return line;
    }

    private static async Task WriteAsync(HttpResponse response, LogEntry line, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(
            response.Body, line, PlatformJson.Readable.LogEntry, cancellationToken);
        await response.Body.WriteAsync(NewLine, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <exception cref="RefusedException">404: no service or data store has this name or id.</exception>
    private static async Task<string> IdAsync(PorticoDb db, Caller caller, string resource, CancellationToken cancellationToken) =>
        await db.Services.VisibleTo(caller).Where(row => row.Name == resource || row.Id == resource).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken)
        ?? await db.DataStores.VisibleTo(caller).Where(row => row.Name == resource || row.Id == resource).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken)
        ?? throw Refusal.NotFound("service or data store", resource);

    /// <returns>The ids of the service and of its newest deploy.</returns>
    /// <exception cref="RefusedException">404: no service with a deploy has this name or id.</exception>
    private static async Task<(string Service, string Deploy)> BuildAsync(PorticoDb db, Caller caller, string resource, CancellationToken cancellationToken)
    {
        var services = db.Services.VisibleTo(caller).Where(row => row.Name == resource || row.Id == resource).Select(row => row.Id);
        var found = await db.Deploys.AsNoTracking().Where(row => services.Contains(row.ServiceId)).OrderByDescending(row => row.Id)
            .Select(row => new { row.ServiceId, row.Id }).FirstOrDefaultAsync(cancellationToken) ?? throw Refusal.NotFound("service with a build", resource);
        return (found.ServiceId, found.Id);
    }
}
