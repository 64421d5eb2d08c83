using System.Text;

namespace Portico.Core.DataStores;

/// <summary>Which <c>databaseName</c> and <c>user</c> a Blueprint may ask for.</summary>
public static class PostgresNames
{
    /// <summary>PostgreSQL would cut a longer name off silently.</summary>
    private const int MaximumBytes = 63;

    private static readonly HashSet<string> ReservedDatabases = ["postgres", "template0", "template1"];

    // As role names these stand for somebody else, quoted or not.
    private static readonly HashSet<string> ReservedUsers = ["postgres", "public", "none"];

    /// <returns>What is wrong with it, for a person; null when it may be used.</returns>
    public static string? ExplainDatabaseName(string name) =>
        Explain(name) ?? (ReservedDatabases.Contains(name) ? $"'{name}' is PostgreSQL's own database; choose another name." : null);

    /// <returns>What is wrong with it, for a person; null when it may be used.</returns>
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
        // Either half of a broken surrogate pair is refused too: it is no character in UTF-8.
        return name.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            ? "The name contains a control character."
            : null;
    }
}
