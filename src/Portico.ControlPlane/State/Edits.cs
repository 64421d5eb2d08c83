using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.State;

/// <summary>Changes that read first: two at once must not lose each other.</summary>
public static class Edits
{
    private const int Most = 10;

    /// <summary>As <see cref="EditAsync"/>, all of it in one transaction, however often it saves.</summary>
    public static Task<T> TransactAsync<T>(this PorticoDb db, Func<Task<T>> edit, CancellationToken cancellationToken) => db.EditAsync(async () =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await edit();
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    });

    /// <summary>Reads, changes and saves; all of it again, with what is there then, when someone else was quicker.</summary>
    /// <param name="edit">Reads rows that carry a version, raises it, and saves.</param>
    public static async Task<T> EditAsync<T>(this PorticoDb db, Func<Task<T>> edit)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(edit);
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
