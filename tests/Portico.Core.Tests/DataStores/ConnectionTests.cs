using System.Text;
using CsCheck;
using Portico.Core.DataStores;

namespace Portico.Core.Tests.DataStores;

public sealed class ConnectionTests
{
    private static readonly PostgresConnection Database = new()
    {
        Host = "127.0.0.1",
        Port = 5433,
        DatabaseName = "guestbook_db_x8f2",
        User = "guestbook_db_user",
        Password = "s3cret",
    };

    private static readonly Gen<string> Text = Gen.String.Where(IsText);

    [Fact]
    public void Addresses_have_the_form_of_Render()
    {
        Assert.Equal("postgresql://guestbook_db_user:s3cret@127.0.0.1:5433/guestbook_db_x8f2", Database.Url);
        Assert.Equal(Database.Url + "?sslmode=require", Database.ExternalUrl);
        Assert.Equal(
            "PGPASSWORD=s3cret psql -h 127.0.0.1 -p 5433 -U guestbook_db_user -d guestbook_db_x8f2", Database.PsqlCommand);
        var store = new KeyValueConnection { Host = "127.0.0.1", Port = 6380, Password = "s3cret" };
        Assert.Equal("redis://default:s3cret@127.0.0.1:6380", store.Url);
        Assert.Equal("REDISCLI_AUTH=s3cret redis-cli -h 127.0.0.1 -p 6380", store.CliCommand);
    }

    [Fact]
    public void From_outside_they_ask_for_encryption()
    {
        Assert.StartsWith("PGPASSWORD=s3cret PGSSLMODE=require psql -h 127.0.0.1", (Database with { Encrypted = true }).PsqlCommand, StringComparison.Ordinal);
        var store = new KeyValueConnection { Host = "example.org", Port = 11001, Password = "s3cret", Encrypted = true };
        Assert.Equal("rediss://default:s3cret@example.org:11001", store.Url);
        Assert.Equal("REDISCLI_AUTH=s3cret redis-cli -h example.org -p 11001 --tls --insecure", store.CliCommand);
    }

    [Fact]
    public void No_character_of_a_name_or_password_ends_its_place()
    {
        var odd = Database with { User = "o'Brien/x", Password = "p@ss:/?#% '\"$(id)", DatabaseName = "a?b c" };

        Assert.Equal("postgresql://o%27Brien%2Fx:p%40ss%3A%2F%3F%23%25%20%27%22%24%28id%29@127.0.0.1:5433/a%3Fb%20c", odd.Url);
        Assert.Equal(
            """PGPASSWORD='p@ss:/?#% '\''"$(id)' psql -h 127.0.0.1 -p 5433 -U 'o'\''Brien/x' -d 'a?b c'""", odd.PsqlCommand);
        Assert.Equal(
            "redis://default:p%40ss@h:1", new KeyValueConnection { Host = "h", Port = 1, Password = "p@ss" }.Url);
    }

    [Fact]
    public void A_client_reads_back_what_was_put_into_an_address() => Gen.Select(Text, Text).Sample((user, password) =>
    {
        var parts = new Uri((Database with { User = user, Password = password }).Url).UserInfo.Split(':');
        return parts.Length == 2 && Uri.UnescapeDataString(parts[0]) == user && Uri.UnescapeDataString(parts[1]) == password;
    });

    [Fact]
    public void Passwords_do_not_reach_a_log()
    {
        Assert.Equal("127.0.0.1:5433/guestbook_db_x8f2", $"{Database}");
        Assert.Equal("h:1", $"{new KeyValueConnection { Host = "h", Port = 1, Password = "p" }}");
    }

    // Half a surrogate pair has no form in a URL.
    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);
}
