using Portico.Core.DataStores;

namespace Portico.Core.Tests.DataStores;

public sealed class PostgresNamesTests
{
    [Theory]
    [InlineData("mydb")]
    [InlineData("my-db")]
    [InlineData("My \"odd\" db; --")]
    [InlineData("données")]
    public void What_can_be_quoted_is_allowed(string name)
    {
        Assert.Null(PostgresNames.ExplainDatabaseName(name));
        Assert.Null(PostgresNames.ExplainUser(name));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a\nb", "control character")]
    [InlineData("a\0b", "control character")]
    [InlineData("a\ud800b", "control character")]
    [InlineData("ééééééééééééééééééééééééééééééééé", "66 bytes")]
    public void What_PostgreSQL_would_change_or_refuse_is_not(string name, string problem)
    {
        Assert.Contains(problem, PostgresNames.ExplainDatabaseName(name), StringComparison.Ordinal);
        Assert.Contains(problem, PostgresNames.ExplainUser(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("template1")]
    public void Its_own_databases_are_not_given_away(string name) => Assert.NotNull(PostgresNames.ExplainDatabaseName(name));

    [Theory]
    [InlineData("postgres")]
    [InlineData("public")]
    [InlineData("pg_monitor")]
    public void Its_own_roles_are_not_given_away(string name) => Assert.NotNull(PostgresNames.ExplainUser(name));
}
