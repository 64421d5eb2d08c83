namespace Portico.Postgres.Tests;

/// <summary>One server for tests that leave it as it is.</summary>
public sealed class RunningDatabase : IAsyncLifetime
{
    private TestDatabase? _database;

    public TestDatabase Database => _database!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
