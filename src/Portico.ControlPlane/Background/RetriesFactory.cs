using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>Makes the retries of a loop's items, and shows what fails with the loop.</summary>
internal sealed class RetriesFactory(LoopRegistry loops, TimeProvider time, ILogger<ItemRetries> logger)
{
    /// <summary>
    /// After this many failures in a row, which takes about a minute, a deploy that is not live, a data store that was never available
    /// or a job that has not started is marked as failed. The user who waits for it must see that it ended, and why.
    /// </summary>
    public const int MostAttemptsOfNew = 7;

    // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN.
    private static readonly int[] Database = [5, 6, 7, 10, 13, 14];

    /// <param name="loop">The name of the loop or reconciler.</param>
    /// <param name="kind">What the items are: <c>deploy</c>.</param>
    public ItemRetries Create(string loop, string kind, RetryOptions options = default)
    {
        var items = new ItemRetries(kind, time, logger, IsMachineWide, options);
        loops.Get(loop).Include(items);
        return items;
    }

    /// <summary>A failure of the machine or of the whole database: it says nothing about the item that met it.</summary>
    internal static bool IsMachineWide(Exception? exception) => exception switch
    {
        null => false,
        SqliteException sqlite => Database.Contains(sqlite.SqliteErrorCode),
        _ => MachineFailure.Is(exception) || IsMachineWide(exception.InnerException),
    };
}
