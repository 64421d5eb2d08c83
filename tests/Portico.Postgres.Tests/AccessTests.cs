using Npgsql;
using Portico.Core.DataStores;

namespace Portico.Postgres.Tests;

public sealed class AccessTests(RunningDatabase running) : IClassFixture<RunningDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestDatabase Database => running.Database;

    [Fact]
    public async Task The_user_owns_the_database_and_is_no_superuser()
    {
        await using var user = await Database.ConnectAsync();

        Assert.Equal(
            "guestbook_db_user|false|true",
            await TestDatabase.ReadAsync<string>(user, """
                SELECT concat_ws('|', pg_get_userbyid(datdba), rolsuper::text, rolcreatedb::text)
                FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user
                """));
        await TestDatabase.RunAsync(user, "CREATE TABLE entries (text text); CREATE EXTENSION IF NOT EXISTS plpgsql");
        Assert.Equal("on|UTF8|UTC|scram-sha-256|100", await TestDatabase.ReadAsync<string>(user, """
            SELECT concat_ws('|', current_setting('data_checksums'), current_setting('server_encoding'),
                current_setting('timezone'), current_setting('password_encryption'), current_setting('max_connections'))
            """));
    }

    [Theory]
    [InlineData(SslMode.Require, true)]
    [InlineData(SslMode.Disable, false)]
    public async Task Encryption_is_for_who_asks_for_it(SslMode mode, bool encrypted)
    {
        await using var user = await Database.ConnectAsync(settings => settings.SslMode = mode);

        Assert.Equal(encrypted, await TestDatabase.ReadAsync<bool>(user, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
    }

    [Fact]
    public async Task The_user_makes_other_databases_and_reaches_them_with_the_same_password()
    {
        await using (var user = await Database.ConnectAsync())
            await TestDatabase.RunAsync(user, "CREATE DATABASE another");

        await using var other = await Database.ConnectAsync(settings => settings.Database = "another");
        await TestDatabase.RunAsync(other, "CREATE TABLE entries (text text)");
        Assert.Equal("another", await TestDatabase.ReadAsync<string>(other, "SELECT current_database()::text"));
    }

    [Fact]
    public async Task Nobody_else_gets_in()
    {

        await Database.RefusesAsync(PostgresErrorCodes.InvalidPassword, settings => settings.Password = "wrong");
        await Database.RefusesAsync(PostgresErrorCodes.InvalidPassword, settings => settings.Username = "stranger");
        await Database.RefusesAsync(PostgresErrorCodes.InsufficientPrivilege, settings => settings.Database = "postgres");
        await Database.RefusesAsync(PostgresErrorCodes.InsufficientPrivilege, settings => settings.Database = "template1");
        await using var user = await Database.ConnectAsync();
        var shell = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(user, "COPY (SELECT 1) TO PROGRAM 'true'"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, shell.SqlState);
    }

    [Fact]
    public async Task A_server_that_is_not_ours_is_not_trusted()
    {
        var other = SelfSignedCertificate.Create("other", TimeProvider.System);
        var server = new PostgresServer(Database.Spec with
        {
            CertificatePem = other.CertificatePem,
            PrivateKeyPem = other.PrivateKeyPem,
        });

        var exception = await Assert.ThrowsAsync<DataStoreException>(() => server.ConfigureAsync(Database.Address, Cancel));

        Assert.Contains("unknown certificate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_reached_is_said_to_be_so()
    {
        var exception = await Assert.ThrowsAsync<DataStoreException>(() =>
            new PostgresServer(TestDatabase.SpecOf(5432)).ConfigureAsync(new("127.0.0.1", 1), Cancel));

        Assert.StartsWith("PostgreSQL 'guestbook-db' at 127.0.0.1:1 does not respond", exception.Message, StringComparison.Ordinal);
    }
}
