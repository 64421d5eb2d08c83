using System.Text;

namespace Portico.Core.DataStores;

/// <summary>The names and passwords of a database, fixed at creation and named as on Render.</summary>
public sealed record PostgresCredentials
{
    // Leave room for "_user" and a suffix within PostgreSQL's 63 bytes.
    private const int SlugLength = 50;
    private const int SuffixLength = 4;

    public required string DatabaseName { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    public required string SuperuserPassword { get; init; }

    /// <summary>Uses the given names and generates the rest: <c>guestbook_db_x8f2</c>, <c>guestbook_db_user</c>.</summary>
    /// <param name="databaseName">A name that <see cref="PostgresNames"/> allows; null or empty to generate one.</param>
    /// <param name="user">A name that <see cref="PostgresNames"/> allows; null or empty to generate one.</param>
    public static PostgresCredentials Create(string resourceName, string? databaseName, string? user, RandomText random)
    {
        var slug = Slug(resourceName);
        return new PostgresCredentials
        {
            DatabaseName = string.IsNullOrEmpty(databaseName) ? $"{slug}_{random.Suffix(SuffixLength)}" : databaseName,
            User = string.IsNullOrEmpty(user) ? $"{slug}_user" : user,
            Password = random.Password(),
            SuperuserPassword = random.Password(),
        };
    }

    private static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var character in name.ToLowerInvariant())
            slug.Append(char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) ? character : '_');
        var text = slug.ToString().Trim('_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0]) || text.StartsWith("pg_", StringComparison.Ordinal))
            text = $"db_{text}".TrimEnd('_');
        return text.Length <= SlugLength ? text : text[..SlugLength].TrimEnd('_');
    }

    // A record's generated ToString would write the passwords to a log.
    public override string ToString() => $"{User}@{DatabaseName}";
}
