using System.Text;

namespace Portico.Core.DataStores;

/// <summary>Checks the <c>databaseName</c> and <c>user</c> of a Blueprint.</summary>
public static class PostgresNames
{
    /// <summary>PostgreSQL would silently truncate a longer name.</summary>
    private const int MaximumBytes = 63;

    private static readonly HashSet<string> ReservedDatabases = ["postgres", "template0", "template1"];

    // As role names these mean other roles, quoted or not.
    private static readonly HashSet<string> ReservedUsers = ["postgres", "public", "none"];

    /// <returns>Why the name is invalid, for people; null when it is valid.</returns>
    public static string? ExplainDatabaseName(string name) =>
        Explain(name) ?? (ReservedDatabases.Contains(name) ? $"'{name}' is PostgreSQL's own database; choose another name." : null);

    /// <returns>Why the name is invalid, for people; null when it is valid.</returns>
    public static string? ExplainUser(string name) =>
        Explain(name)
        ?? (ReservedUsers.Contains(name) ? $"'{name}' is reserved by PostgreSQL; choose another name." : null)
        ?? (name.StartsWith("pg_", StringComparison.Ordinal) ? "Names that start with 'pg_' are reserved by PostgreSQL." : null);

    private static string? Explain(string name)
    {
        if (name.Length == 0)
            return "The name is empty.";
        if (Encoding.UTF8.GetByteCount(name) is var bytes && bytes > MaximumBytes)
            return $"The name has {bytes} bytes; PostgreSQL allows {MaximumBytes}.";
        // An unpaired surrogate is refused too, because UTF-8 cannot encode it.
        return name.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            ? "The name contains a control character."
            : null;
    }
}
