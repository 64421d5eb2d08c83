namespace Portico.Core.DataStores;

/// <summary>A login that was added to a database: it may do there what the database's own user may.</summary>
/// <param name="IsDropped">To be removed from the server. Kept until that is done, so that a crash does not leave it behind.</param>
public sealed record PostgresUser(string Name, string Password, DateTimeOffset CreatedAt, bool IsDropped = false)
{
    // The generated text of a record would put the password into a log.
    public override string ToString() => Name;
}
