using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.State;

/// <summary>Helpers for changes that first read: concurrent changes must not overwrite each other.</summary>
internal static class OptimisticUpdates
{
    private const int Most = 10;

    /// <summary>Like <see cref="EditAsync"/>, but in one transaction, however often it saves.</summary>
    public static Task<T> TransactAsync<T>(this PorticoDb db, Func<Task<T>> edit, CancellationToken cancellationToken) => db.EditAsync(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await edit();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    });

    /// <summary>Reads, changes and saves. If another change was faster, everything is repeated with the new data.</summary>
    /// <param name="edit">Reads rows with a version, increments it, and saves.</param>
    public static async Task<T> EditAsync<T>(this PorticoDb db, Func<Task<T>> edit)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await edit();
            }
            catch (DbUpdateConcurrencyException) when (attempt < Most)
            {
                db.ChangeTracker.Clear();
            }
        }
    }
}
