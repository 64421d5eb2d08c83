using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Git;

/// <summary>Stores the pushes that are still to be followed, and knows when.</summary>
internal sealed class PushRecords(IDbContextFactory<PorticoDb> databases, IdSource ids, PlatformSettings settings, TimeProvider time)
{
    /// <summary>When pushes that wait for the checks of their commit are followed again. After a restart, that is at once.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _postponed = new();

    /// <summary>Creates the rows of a push, one for each branch, without storing them.</summary>
    public IReadOnlyList<PushRow> Create(Caller caller, string workspace, string repository, string url, IReadOnlyList<BranchUpdate> updates) =>
        [.. updates.Select(update => new PushRow
        {
            Id = ids.New<PushId>().Value,
            WorkspaceId = workspace,
            Repository = repository,
            Url = url,
            Branch = update.Branch,
            Commit = update.Commit,
            UserId = caller.UserId,
            At = time.GetUtcNow(),
        })];

    public async Task AddAsync(IReadOnlyList<PushRow> rows, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Pushes.AddRange(rows);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<PushRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Pushes.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    public async Task<bool> ExistsAsync(PushRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Pushes.AnyAsync(item => item.Id == row.Id, cancellationToken);
    }

    public async Task DeleteAsync(PushRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Pushes.Where(item => item.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        _postponed.TryRemove(row.Id, out _);
    }

    public void Postpone(PushRow row) =>
        _postponed[row.Id] = BranchCheckSchedule.Next(time.GetUtcNow(), settings.GitPollInterval, 0, Random.Shared.NextDouble());

    public bool IsDue(PushRow row) => !_postponed.TryGetValue(row.Id, out var at) || at <= time.GetUtcNow();

    /// <returns>Null if no push is postponed.</returns>
    public TimeSpan? UntilNext()
    {
        if (_postponed.IsEmpty)
            return null;
        var wait = _postponed.Values.Min() - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
