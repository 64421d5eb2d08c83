using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Git;

/// <summary>
/// Checks the branches of external repositories that a service or a Blueprint follows: at intervals, and at once after a webhook.
/// </summary>
/// <remarks>The progress is in the database: a commit that arrived while the server was down is found by the next check.</remarks>
internal sealed class FollowedBranches(
    IDbContextFactory<PorticoDb> databases, ServiceSources sources, BranchCheck look, BackgroundWork work, Wakeups wakeups,
    RetriesFactory retries, PlatformSettings settings, TimeProvider time) : IReconciler
{
    private const string LoopName = "followed branches";

    /// <summary>More checks at the same time would only wait for the network together.</summary>
    private const int MostAtOnce = 4;

    // Reading a thousand services at every signal would keep a processor busy.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1), RefreshInterval = TimeSpan.FromSeconds(5);

    private Dictionary<(string Workspace, string Repository, string Branch), GivenRepository> _wanted = [];
    private DateTimeOffset _refreshAt;

    private readonly ItemRetries _branches = retries.Create(LoopName, "followed branch");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (now >= _refreshAt)
        {
            _wanted = await WantedAsync(db, cancellationToken);
            await KeepRowsAsync(db, cancellationToken);
            _refreshAt = now + RefreshInterval;
        }
        var rows = await db.FollowedBranches.AsNoTracking().ToListAsync(cancellationToken);
        Start(rows.Where(row => row.NextLookAt <= now).OrderBy(row => row.NextLookAt));
        if (rows.Count == 0)
            return null;
        var next = rows.Min(row => row.NextLookAt) - now;
        return next < RefreshInterval ? TimeSpan.FromSeconds(1) : next < Longest ? next : Longest;
    }

    /// <summary>Checks a service's branch as soon as possible.</summary>
    /// <returns>False if the service follows no branch.</returns>
    internal async Task<bool> LookNowAsync(PorticoDb db, string serviceId, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().FirstOrDefaultAsync(row => row.Id == serviceId, cancellationToken);
        if (service is null || !Follows(service))
            return false;
        var (workspace, repository, branch) = (service.WorkspaceId, sources.RepositoryOf(service.Settings.Source.Repo!, service.WorkspaceId), service.Settings.Source.Branch ?? "");
        var now = time.GetUtcNow();
        await db.FollowedBranches.Where(row => row.WorkspaceId == workspace && row.Repository == repository && row.Branch == branch)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextLookAt, now).SetProperty(row => row.Failures, 0), cancellationToken);
        wakeups.Signal();
        return true;
    }

    /// <summary>A check that failed and waits for its next attempt takes no place of another.</summary>
    private void Start(IEnumerable<FollowedBranchRow> due)
    {
        var running = 0;
        foreach (var row in due)
        {
            if (_wanted.TryGetValue(KeyOf(row), out var given)
                && work.Repeat($"look:{TextOf(KeyOf(row))}", token => look.LookAsync(row, given, token)))
                running++;
            if (running == MostAtOnce)
                return;
        }
    }

    private bool Follows(ServiceRow service) =>
        service.Settings.Source.Repo is { } url && !service.Suspended && service.Settings.AutoDeploy != AutoDeploy.Off
        && !sources.IsHosted(url, service.WorkspaceId);

    /// <returns>The repository of each followed branch.</returns>
    private async Task<Dictionary<(string Workspace, string Repository, string Branch), GivenRepository>> WantedAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<(string, string, string), GivenRepository>();
        var owner = await db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(cancellationToken);
        foreach (var service in await db.Services.AsNoTracking().ToListAsync(cancellationToken))
            if (Follows(service))
                Add(GivenRepository.Of(service)!, service.Settings.Source.Branch ?? "");
        foreach (var file in await db.Blueprints.AsNoTracking().Where(row => row.AutoSync && row.Repo != "").ToListAsync(cancellationToken))
            if (!sources.IsHosted(file.Repo, file.WorkspaceId))
                Add(new GivenRepository(file.Repo, file.SyncUserId, file.WorkspaceId), file.Branch);
        return wanted;

        // Several users may have set the same URL: it is checked with the rights of the owner, if the owner is one of them.
        void Add(GivenRepository given, string branch)
        {
            var key = (given.Workspace, sources.RepositoryOf(given.Url, given.Workspace), branch);
            if (!wanted.TryGetValue(key, out var known) || (given.SetBy == owner && known.SetBy != owner))
                wanted[key] = given;
        }
    }

    /// <summary>Adds the rows of new branches and deletes those that nothing follows any more. Each is saved on its own: one that fails delays no other.</summary>
    private async Task KeepRowsAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = await db.FollowedBranches.AsNoTracking().ToListAsync(cancellationToken);
        var changed = rows.Select(KeyOf).ToHashSet();
        changed.SymmetricExceptWith(_wanted.Keys);
        await _branches.EachAsync(changed, TextOf, (key, token) => _wanted.ContainsKey(key) ? AddAsync(key, token) : DeleteAsync(key, token), cancellationToken);
    }

    private async Task DeleteAsync((string Workspace, string Repository, string Branch) key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.FollowedBranches.Where(row => row.WorkspaceId == key.Workspace && row.Repository == key.Repository && row.Branch == key.Branch)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task AddAsync((string Workspace, string Repository, string Branch) key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.FollowedBranches.Add(new FollowedBranchRow
        {
            WorkspaceId = key.Workspace,
            Repository = key.Repository,
            Branch = key.Branch,
            NextLookAt = BranchCheckSchedule.Next(time.GetUtcNow(), settings.GitPollInterval, 0, Random.Shared.NextDouble()),
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static (string Workspace, string Repository, string Branch) KeyOf(FollowedBranchRow row) => (row.WorkspaceId, row.Repository, row.Branch);

    private static string TextOf((string Workspace, string Repository, string Branch) key) => $"{key.Workspace}:{key.Repository}:{key.Branch}";
}
