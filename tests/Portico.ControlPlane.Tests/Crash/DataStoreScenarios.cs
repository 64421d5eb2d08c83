using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>What an owner asks of data stores.</summary>
internal static class DataStoreScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("data store resized", Prepare, Do((changes, db, row) => changes.Set(db, row, row.Settings with { Plan = "pro-8gb" }, null))),
        new("data store restarted", Prepare, DoAsync(static (changes, db, row, token) => changes.RestartAsync(db, row, null, token))),
        new("data store suspended", Prepare, Do((changes, _, row) => changes.Suspend(row))),
        new("data store suspended and resumed", Prepare, SuspendAndResumeAsync),
        new("user added and dropped", Prepare, AddAndDropUserAsync),
        new("data store deleted", Prepare, DeleteAsync),
    ];

    private static readonly PostgresUser User = new("reader", "secret", DateTimeOffset.UnixEpoch);

    private static Func<SimPlatform, CancellationToken, Task> Prepare => Scenario.Apply(UploadedSource.First);

    private static Func<SimPlatform, CancellationToken, Task> Do(Action<DataStoreChanges, PorticoDb, DataStoreRow> change) =>
        DoAsync((changes, db, row, _) =>
        {
            change(changes, db, row);
            return Task.CompletedTask;
        });

    private static Func<SimPlatform, CancellationToken, Task> DoAsync(Func<DataStoreChanges, PorticoDb, DataStoreRow, CancellationToken, Task> change) =>
        async (platform, token) =>
        {
            if (!await TryAsync(platform, change, token))
                await TryAsync(platform, change, token);
            await platform.SettleAsync(token);
        };

    /// <returns>False when the call failed without effect: its user repeats it.</returns>
    private static async Task<bool> TryAsync(
        SimPlatform platform, Func<DataStoreChanges, PorticoDb, DataStoreRow, CancellationToken, Task> change, CancellationToken token)
    {
        int version;
        await using (var db = await platform.OpenAsync(token))
        {
            var row = await db.DataStores.SingleAsync(row => row.Name == "db", token);
            version = row.Version;
            await change(platform.Get<DataStoreChanges>(), db, row, token);
            await Scenario.SaveAsync(db, platform, token);
        }
        await using var after = await platform.OpenAsync(token);
        return (await after.DataStores.SingleAsync(row => row.Name == "db", token)).Version > version;
    }

    private static async Task SuspendAndResumeAsync(SimPlatform platform, CancellationToken token)
    {
        await Do((changes, _, row) => changes.Suspend(row))(platform, token);
        await DoAsync(static (changes, _, row, cancellation) => changes.ResumeAsync(row, cancellation))(platform, token);
    }

    private static async Task AddAndDropUserAsync(SimPlatform platform, CancellationToken token)
    {
        await Do((changes, _, row) => changes.SetUsers(row, [User]))(platform, token);
        await Do((changes, _, row) => changes.SetUsers(row, [User with { IsDropped = true }]))(platform, token);
        await using var db = await platform.OpenAsync(token);
        Assert.Empty((await db.DataStores.SingleAsync(row => row.Name == "db", token)).Users!);
    }

    private static async Task DeleteAsync(SimPlatform platform, CancellationToken token)
    {
        string id;
        await using (var db = await platform.OpenAsync(token))
        {
            var row = await db.DataStores.SingleAsync(row => row.Name == "db", token);
            id = row.Id;
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            await platform.Get<DataStoreChanges>().DeleteAsync(db, row, token);
            await Scenario.SaveAsync(db, platform, token);
            // What was not saved is rolled back.
            if (!db.ChangeTracker.HasChanges())
                await Scenario.TryAsync(() => transaction.CommitAsync(token), platform, token);
        }
        await platform.SettleAsync(token);
        await using var after = await platform.OpenAsync(token);
        if (await after.DataStores.AnyAsync(row => row.Id == id, token))
            await DeleteAsync(platform, token);
        Assert.DoesNotContain(platform.World.Revisions.Values, revision => revision.Revision.Owner == id);
    }
}
