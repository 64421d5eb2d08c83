using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using WireBlueprint = Portico.Api.Contracts.Render.Blueprint;

namespace Portico.ControlPlane.Api.Render.Blueprints;

/// <summary>Blueprints and syncs in the format of Render's API.</summary>
internal static class BlueprintWire
{
    private const int LongestPath = 500;

    /// <param name="failed">Whether the newest sync failed.</param>
    public static WireBlueprint ToWire(BlueprintRow row, bool failed) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Status = StatusOf(row, failed),
        AutoSync = row.AutoSync,
        Repo = row.Repo,
        Branch = row.Branch,
        Path = row.Path,
        LastSync = row.LastSyncAt,
    };

    public static async Task<BlueprintDetail> ToDetailAsync(PorticoDb db, BlueprintRow row, CancellationToken cancellationToken) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Status = StatusOf(row, (await FailedAsync(db, [row.Id], cancellationToken)).Count > 0),
        AutoSync = row.AutoSync,
        Repo = row.Repo,
        Branch = row.Branch,
        Path = row.Path,
        LastSync = row.LastSyncAt,
        Resources = await ResourcesAsync(db, row.Id, cancellationToken),
    };

    /// <summary>Returns the Blueprints whose newest sync failed.</summary>
    public static async Task<HashSet<string>> FailedAsync(PorticoDb db, IReadOnlyList<string> blueprints, CancellationToken cancellationToken)
    {
        var newest = db.Syncs.Where(row => blueprints.Contains(row.BlueprintId!)).GroupBy(row => row.BlueprintId).Select(group => group.Max(row => row.Id));
        return [.. await db.Syncs.Where(row => newest.Contains(row.Id) && row.Problem != null).Select(row => row.BlueprintId!).ToListAsync(cancellationToken)];
    }

    /// <summary>A sync is stored in the transaction of its changes, so a stored sync is always complete.</summary>
    public static Sync ToWire(SyncRow row) => new()
    {
        Id = row.Id,
        Commit = new SyncCommit(row.Commit ?? ""),
        StartedAt = row.At,
        CompletedAt = row.At,
        State = row.Problem is null ? "success" : "error",
    };

    /// <exception cref="RefusedException">400: the path leads out of the repository or is not a YAML file.</exception>
    public static string RequirePath(string? path)
    {
        var isFine = path is { Length: > 0 and <= LongestPath } && !path.StartsWith('/') && !path.Split('/').Contains("..")
            && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal)
            && (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal));
        return isFine ? path! : throw Refusal.Invalid("path: must be a YAML file in the repository, for example render.yaml.");
    }

    private static string StatusOf(BlueprintRow row, bool failed)
    {
        if (failed)
            return "error";
        var isPaused = row is { AutoSync: false, Branch.Length: > 0 };
        return isPaused ? "paused" : row.LastSyncAt is null ? "created" : "in_sync";
    }

    private static async Task<IReadOnlyList<BlueprintResource>> ResourcesAsync(PorticoDb db, string blueprint, CancellationToken cancellationToken)
    {
        var ids = await db.BlueprintResources.Where(row => row.BlueprintId == blueprint).Select(row => row.ResourceId).ToListAsync(cancellationToken);
        var services = await db.Services.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(cancellationToken);
        var stores = await db.DataStores.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(cancellationToken);
        var groups = await db.EnvGroups.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(cancellationToken);
        return
        [
            .. services.Select(row => new BlueprintResource(row.Id, row.Name, row.Type.Name())),
            .. stores.Select(row => new BlueprintResource(row.Id, row.Name, row.Kind == DataStoreKind.Postgres ? "postgres" : "key_value")),
            .. groups.Select(row => new BlueprintResource(row.Id, row.Name, "environment_group")),
        ];
    }
}
