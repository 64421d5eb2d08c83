using Portico.Core.DataStores;

namespace Portico.Postgres.Tests;

public sealed class ReadOnlyQueryTests(RunningDatabase running) : IClassFixture<RunningDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_come_with_numbers_and_booleans_as_such() => Assert.Equal(
        """[{"number":1,"big":9007199254740993,"exact":1.50,"near":0.1,"yes":true,"no":false,"text":"a","digits":"1","nothing":null,"odd":"NaN","far":"-Infinity","day":"2026-01-31","list":"{1,2}","object":{"a": [1, null]}}]""",
        await RunAsync("""
            SELECT 1 AS number, 9007199254740993::bigint AS big, 1.50::numeric AS exact, 0.1::float8 AS near, true AS yes, false AS no, 'a' AS text,
                '1'::text AS digits, NULL::date AS nothing, 'NaN'::numeric AS odd, '-Infinity'::float8 AS far, '2026-01-31'::date AS day,
                ARRAY[1, 2] AS list, '{"a": [1, null]}'::jsonb AS object
            """));

    [Theory]
    [InlineData("CREATE TABLE t (i int)", "read-only")]
    [InlineData("COMMIT; CREATE TABLE t (i int)", "read-only")]
    [InlineData("SELEC 1", "syntax error")]
    public async Task A_change_or_a_mistake_is_refused(string sql, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<QueryException>(() => RunAsync(sql))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_huge_answer_is_refused() =>
        Assert.Contains("larger than", (await Assert.ThrowsAsync<QueryException>(
            () => RunAsync("SELECT repeat('x', 1000) FROM generate_series(1, 5000)"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_database_that_is_not_there_is_told() =>
        await Assert.ThrowsAsync<QueryException>(() => ReadOnlyQuery.RunAsync("postgresql://u:p@127.0.0.1:1/d", "SELECT 1", Cancel));

    private Task<string> RunAsync(string sql) => ReadOnlyQuery.RunAsync(
        $"postgresql://{running.Database.Spec.User}:{running.Database.Spec.Password}@127.0.0.1:{running.Database.Spec.Port}/{running.Database.Spec.DatabaseName}",
        sql, Cancel);
}
