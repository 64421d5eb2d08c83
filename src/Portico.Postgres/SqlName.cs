namespace Portico.Postgres;

internal static class SqlName
{
    /// <summary>Returns a name as a quoted identifier. No character in it can end the quotes.</summary>
    public static string Quote(string name) =>
        name.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A name cannot contain a NUL character.", nameof(name))
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
