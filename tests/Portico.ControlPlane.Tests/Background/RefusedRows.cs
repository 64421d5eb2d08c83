using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Tests.Background;

/// <summary>Lets the database refuse to change some rows of a table, until it is told otherwise.</summary>
internal static class RefusedRows
{
    private static readonly string[] Verbs = ["INSERT", "UPDATE", "DELETE"];

    /// <param name="condition">In SQL, with <c>row</c> for the row: <c>row.Branch = 'main'</c>.</param>
    public static async Task RefuseAsync(PorticoDb db, string table, string condition, CancellationToken cancellationToken)
    {
        foreach (var verb in Verbs)
        {
            var when = condition.Replace("row.", verb == "DELETE" ? "OLD." : "NEW.", StringComparison.Ordinal);
            var sql = $"CREATE TRIGGER Refused{table}{verb} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'refused row'); END";
            await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        }
    }

    public static async Task AcceptAsync(PorticoDb db, string table, CancellationToken cancellationToken)
    {
        foreach (var verb in Verbs)
        {
            var sql = $"DROP TRIGGER Refused{table}{verb}";
            await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        }
    }
}
