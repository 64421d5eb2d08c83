using Portico.Core.DataStores;

namespace Portico.Postgres.Tests;

/// <summary>What a real server says about itself.</summary>
public sealed class InspectorTests(RunningDatabase running) : IClassFixture<RunningDatabase>
{
    private readonly PostgresInspector _inspector = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestDatabase Database => running.Database;

    [Fact]
    public async Task Sessions_are_those_of_the_users_database()
    {
        await using var connection = await Database.ConnectAsync(settings => settings.ApplicationName = "inspected");
        await TestDatabase.RunAsync(connection, "SELECT 'a query'");

        var session = Assert.Single(await _inspector.ListSessionsAsync(Database.Spec, Database.Address, Token), item => item.Application == "inspected");

        Assert.Equal((Database.Spec.DatabaseName, Database.Spec.User, "127.0.0.1", "idle"), (session.Database, session.User, session.ClientAddress, session.State));
        Assert.Equal((connection.ProcessID, "SELECT 'a query'", true), (session.Pid, session.Query, session.IsLeader));
        Assert.True(session.Since <= session.QueryStart);
        Assert.Null(session.Duration);
    }

    [Fact]
    public async Task Sizes_are_of_tables_and_their_indexes()
    {
        await using var connection = await Database.ConnectAsync();
        await TestDatabase.RunAsync(connection, "CREATE TABLE sized AS SELECT n AS id, repeat('x', 100) AS text FROM generate_series(1, 1000) n; CREATE INDEX by_id ON sized (id)");

        var sizes = await _inspector.ListSizesAsync(Database.Spec, Database.Address, Token);

        Assert.Equal(["sized", "sized"], sizes.Where(item => item.Table == "sized").Select(item => item.Table));
        Assert.True(sizes.Single(item => item is { Table: "sized", Index: null }).Bytes > 100_000);
        Assert.True(sizes.Single(item => item.Index == "by_id").Bytes > 8192);
        Assert.DoesNotContain(sizes, item => item.Schema.StartsWith("pg_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scans_are_counted_by_table()
    {
        await using var connection = await Database.ConnectAsync();
        await TestDatabase.RunAsync(connection, "CREATE TABLE scanned (id int); SELECT * FROM scanned; SELECT * FROM scanned; SELECT pg_stat_force_next_flush()");

        Assert.True((await _inspector.ListTableScansAsync(Database.Spec, Database.Address, Token)).Single(item => item.Table == "scanned").Scans >= 2);
    }

    [Fact]
    public async Task Statements_are_counted_without_their_values()
    {
        await using var connection = await Database.ConnectAsync();
        for (var i = 0; i < 3; i++)
            await TestDatabase.RunAsync(connection, $"SELECT count(*) FROM generate_series(1, {1000 + i}) AS counted");

        IReadOnlyList<PostgresStatement> statements;
        try
        {
            statements = await _inspector.ListTopStatementsAsync(Database.Spec, Database.Address, Token);
        }
        catch (DataStoreException exception) when (exception.Message.Contains("contrib", StringComparison.Ordinal))
        {
            Assert.Skip(exception.Message);
            return;
        }

        var statement = Assert.Single(statements, item => item.Text.Contains("AS counted", StringComparison.Ordinal));
        Assert.Equal((3, 3), (statement.Calls, statement.Rows));
        Assert.DoesNotContain("1000", statement.Text, StringComparison.Ordinal);
        Assert.True(statement.TotalTime >= statement.MostTime && statement.MostTime >= statement.LeastTime && statement.LeastTime > 0);
        await using var again = await Database.ConnectAsync();
        Assert.Equal(0L, await TestDatabase.ReadAsync<long>(again, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'"));
    }
}
