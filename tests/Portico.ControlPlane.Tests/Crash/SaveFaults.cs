using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Portico.ControlPlane.State;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>
/// Makes a save fail before it writes, or lose its answer after it has written. What is saved in a transaction is written when that
/// is committed.
/// </summary>
internal sealed class SaveFaults(FaultPoints faults) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private bool _failAfter;
    private DbTransaction? _failAfterCommit;

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        try
        {
            await faults.PassAsync("save", static () => { }, SubjectOf(eventData.Context!));
        }
        catch (SimulatedFault fault) when (fault.Message.StartsWith("after", StringComparison.Ordinal))
        {
            _failAfter = true;
        }
        return result;
    }

    /// <summary>The rows that change by their keys, and new ones by their kind: each attempt gives them another id. Events and notes only come with them.</summary>
    private static string SubjectOf(DbContext context)
    {
        var rows = context.ChangeTracker.Entries().Where(entry => entry.State is not (EntityState.Unchanged or EntityState.Detached))
            .Where(entry => entry.Entity is not (EventRow or DeployNoteRow))
            .Select(entry => entry.State == EntityState.Added ? $"new {entry.Metadata.ClrType.Name}" : $"{entry.Metadata.ClrType.Name}:{string.Join(',', entry.Metadata.FindPrimaryKey()!.Properties.Select(property => entry.Property(property).CurrentValue))}");
        return $"save {string.Join(' ', rows.Order(StringComparer.Ordinal))}";
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (!_failAfter)
            return ValueTask.FromResult(result);
        _failAfter = false;
        if (eventData.Context!.Database.CurrentTransaction is not { } transaction)
            throw new SimulatedFault("after save");
        _failAfterCommit = transaction.GetDbTransaction();
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (_failAfterCommit != transaction)
            return Task.CompletedTask;
        _failAfterCommit = null;
        throw new SimulatedFault("after save");
    }
}
