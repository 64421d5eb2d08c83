using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Records which file was applied, when, and which resources it declares. Adds to the context; the caller saves.</summary>
internal sealed class BlueprintRecorder(IdSource ids, TimeProvider time)
{
    private const string NameOfNone = "Blueprint";

    /// <summary>Records a sync, in the transaction of the plan's rows and after them.</summary>
    public async Task<SyncRow> RecordAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, BlueprintPlan plan, BlueprintOrigin? origin, CancellationToken cancellationToken)
    {
        var blueprint = await FindOrAddAsync(db, workspace, request, origin, cancellationToken);
        blueprint.LastSyncAt = time.GetUtcNow();
        blueprint.Version++;
        blueprint.Skipped = plan.LeftOut.Count == 0
            ? null
            : [.. plan.LeftOut.Select(item => new SkippedByBlueprint(KindName(item.Kind), item.Name, item.Reason))];
        var known = await db.BlueprintResources.Where(row => row.BlueprintId == blueprint.Id).Select(row => row.ResourceId).ToHashSetAsync(cancellationToken);
        foreach (var resource in await ResourcesAsync(db, workspace, plan, cancellationToken))
            if (known.Add(resource))
                db.BlueprintResources.Add(new BlueprintResourceRow { BlueprintId = blueprint.Id, ResourceId = resource });
        var sync = new SyncRow
        {
            Id = ids.New<SyncId>().Value,
            WorkspaceId = workspace,
            BlueprintId = blueprint.Id,
            FileName = request.FileName,
            Commit = request.Commit,
            At = time.GetUtcNow(),
        };
        db.Syncs.Add(sync);
        return sync;
    }

    private async Task<BlueprintRow> FindOrAddAsync(
        PorticoDb db, string workspace, ApplyBlueprint request, BlueprintOrigin? origin, CancellationToken cancellationToken)
    {
        var (repo, path) = (origin?.Url ?? WithoutCredentials(request.Origin), PathOf(request.FileName));
        var row = await FindAsync(db, workspace, repo, path, cancellationToken);
        if (row is null)
            db.Blueprints.Add(row = new BlueprintRow
            {
                Id = ids.New<BlueprintId>().Value,
                WorkspaceId = workspace,
                Name = NameFor(repo, path),
                Repo = repo,
                Path = path,
                Branch = origin?.Branch ?? "",
                AutoSync = origin is not null,
                SyncUserId = origin?.By?.Id,
                CreatedAt = time.GetUtcNow(),
            });
        return row;
    }

    /// <summary>Finds the Blueprint that a file was applied as before.</summary>
    /// <param name="origin">The URL of its repository, as a client sends it.</param>
    public static Task<BlueprintRow?> FindAsync(PorticoDb db, string workspace, string? origin, string fileName, CancellationToken cancellationToken)
    {
        var (repo, path) = (WithoutCredentials(origin), PathOf(fileName));
        return db.Blueprints.FirstOrDefaultAsync(item => item.WorkspaceId == workspace && item.Repo == repo && item.Path == path, cancellationToken);
    }

    private static string KindName(PlannedKind kind) => kind switch
    {
        PlannedKind.Database => "postgres",
        PlannedKind.KeyValue => "key_value",
        _ => "service",
    };

    private static async Task<List<string>> ResourcesAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, CancellationToken cancellationToken)
    {
        var services = plan.Services.Select(item => item.Name).ToList();
        var groups = plan.EnvGroups.Select(item => item.Name).ToList();
        var databases = plan.Databases.Select(item => item.Name).ToList();
        var stores = plan.KeyValues.Select(item => item.Name).ToList();
        return
        [
            .. await db.Services.Where(row => row.WorkspaceId == workspace && services.Contains(row.Name)).Select(row => row.Id).ToListAsync(cancellationToken),
            .. await db.EnvGroups.Where(row => row.WorkspaceId == workspace && groups.Contains(row.Name)).Select(row => row.Id).ToListAsync(cancellationToken),
            .. await db.DataStores.Where(row => row.WorkspaceId == workspace
                    && ((row.Kind == DataStoreKind.Postgres && databases.Contains(row.Name)) || (row.Kind == DataStoreKind.KeyValue && stores.Contains(row.Name))))
                .Select(row => row.Id).ToListAsync(cancellationToken),
        ];
    }

    /// <summary>Removes credentials from a repository's URL, because users put tokens there.</summary>
    private static string WithoutCredentials(string? origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.UserInfo.Length == 0)
            return origin ?? "";
        return new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString();
    }

    private static string PathOf(string fileName) => fileName.StartsWith("./", StringComparison.Ordinal) ? fileName[2..] : fileName;

    private static string NameFor(string repo, string path)
    {
        var name = repo.Length > 0 ? Path.GetFileNameWithoutExtension(repo.TrimEnd('/')) : Path.GetFileName(Path.GetDirectoryName(path));
        return string.IsNullOrEmpty(name) ? NameOfNone : name;
    }
}
