namespace Portico.Core.DataStores;

/// <summary>An additional user of a database, with the same rights as the database's own user.</summary>
/// <param name="IsDropped">Whether the user must be dropped from the server. It is kept until then, so that a crash does not leave the user behind.</param>
public sealed record PostgresUser(string Name, string Password, DateTimeOffset CreatedAt, bool IsDropped = false)
{
    // A record's generated ToString would write the password to a log.
    public override string ToString() => Name;
}
