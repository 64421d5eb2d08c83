using System.Text;

namespace Portico.Core.DataStores;

/// <summary>Who a database belongs to; fixed at creation, in the forms that Render gives them.</summary>
public sealed record PostgresCredentials
{
    // Leaves room for "_user" and for a suffix within PostgreSQL's 63 bytes.
    private const int SlugLength = 50;
    private const int SuffixLength = 4;

    public required string DatabaseName { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    public required string SuperuserPassword { get; init; }

    /// <summary>Keeps what was asked for and makes up the rest: <c>guestbook_db_x8f2</c>, <c>guestbook_db_user</c>.</summary>
    /// <param name="databaseName">As <see cref="PostgresNames"/> allows; null or empty to make one up.</param>
    /// <param name="user">As <see cref="PostgresNames"/> allows; null or empty to make one up.</param>
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

    // The generated text of a record would put the passwords into a log.
    public override string ToString() => $"{User}@{DatabaseName}";
}
