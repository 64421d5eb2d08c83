using CsCheck;
using Portico.Core.DataStores;

namespace Portico.Core.Tests.DataStores;

public sealed class PostgresCredentialsTests
{
    [Theory]
    [InlineData("guestbook-db", "guestbook_db_abcd", "guestbook_db_user")]
    [InlineData("My DB", "my_db_abcd", "my_db_user")]
    [InlineData("2048", "db_2048_abcd", "db_2048_user")]
    [InlineData("pg-stats", "db_pg_stats_abcd", "db_pg_stats_user")]
    [InlineData("データ", "db_abcd", "db_user")]
    public void Names_are_made_from_the_resource(string name, string database, string user)
    {
        var credentials = PostgresCredentials.Create(name, null, "", CountingText());

        Assert.Equal((database, user), (credentials.DatabaseName, credentials.User));
    }

    [Fact]
    public void Names_that_were_asked_for_are_kept()
    {
        var credentials = PostgresCredentials.Create("guestbook-db", "entries", "writer", CountingText());

        Assert.Equal(("entries", "writer"), (credentials.DatabaseName, credentials.User));
    }

    [Fact]
    public void Passwords_are_long_plain_and_not_the_same()
    {
        var credentials = PostgresCredentials.Create("guestbook-db", null, null, new RandomText());

        Assert.Matches("^[a-zA-Z0-9]{32}$", credentials.Password);
        Assert.Matches("^[a-zA-Z0-9]{32}$", credentials.SuperuserPassword);
        Assert.NotEqual(credentials.Password, credentials.SuperuserPassword);
        Assert.DoesNotContain(credentials.Password, credentials.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_resource_is_called_the_names_are_allowed() => Gen.String.Sample(name =>
    {
        var credentials = PostgresCredentials.Create(name, null, null, new RandomText());
        return PostgresNames.ExplainDatabaseName(credentials.DatabaseName) is null
            && PostgresNames.ExplainUser(credentials.User) is null;
    });

    [Fact]
    public void Bytes_that_would_favour_some_characters_are_thrown_away()
    {
        byte[] bytes = [255, 252, 251, 0];
        var next = 0;
        var text = new RandomText(one => one[0] = bytes[next++]).Suffix(2);

        Assert.Equal("9a", text);
    }

    private static RandomText CountingText()
    {
        byte next = 0;
        return new RandomText(one => one[0] = next++);
    }
}
