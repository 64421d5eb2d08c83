using Npgsql;

namespace Portico.Postgres.Tests;

public sealed class ConfigureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_that_the_user_did_not_let_in_stays_out()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var superuser = await database.ConnectAsSuperuserAsync();
        await TestDatabase.RunAsync(superuser, "CREATE ROLE other LOGIN PASSWORD 'other'");

        await database.RefusesAsync(PostgresErrorCodes.InsufficientPrivilege, settings => (settings.Username, settings.Password) = ("other", "other"));

        await using var user = await database.ConnectAsync();
        await TestDatabase.RunAsync(user, $"GRANT CONNECT ON DATABASE \"{database.Spec.DatabaseName}\" TO PUBLIC");
        await database.Server.ConfigureAsync(database.Address, Cancel);
        await using var other = await database.ConnectAsync(settings => (settings.Username, settings.Password) = ("other", "other"));
    }

    [Fact]
    public async Task Clients_are_counted_without_Portico_itself()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var first = await database.ConnectAsync();
        await using var second = await database.ConnectAsync();

        Assert.Equal(2, await database.Server.CountConnectionsAsync(database.Address, Cancel));
    }

    [Fact]
    public async Task Passwords_are_stored_as_verifiers_and_never_logged()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var superuser = await database.ConnectAsSuperuserAsync();

        Assert.Equal(2, await TestDatabase.ReadAsync<long>(
            superuser, "SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$4096:%'"));
        await database.RefusesAsync(PostgresErrorCodes.InvalidPassword, settings => settings.Password = "wrong");
        Assert.DoesNotContain(database.Host.Output, line =>
            line.Contains(database.Spec.Password, StringComparison.Ordinal)
            || line.Contains(database.Spec.SuperuserPassword, StringComparison.Ordinal)
            || line.Contains("SCRAM-SHA-256$", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_password_replaces_the_old_one_without_a_restart()
    {
        await using var database = await TestDatabase.StartAsync();
        var (old, revision) = (database.Spec.Password, database.Server.Revision.Id);
        database.Spec = database.Spec with { Password = "another-password" };
        await database.Server.ConfigureAsync(database.Address, Cancel);
        await database.Server.ConfigureAsync(database.Address, Cancel);

        await using var user = await database.ConnectAsync();
        await database.RefusesAsync(PostgresErrorCodes.InvalidPassword, settings => settings.Password = old);
        Assert.Equal(revision, database.Server.Revision.Id);
    }

    [Fact]
    public async Task Names_and_passwords_may_hold_any_character()
    {
        await using var database = await TestDatabase.StartAsync(spec => spec with
        {
            Name = "it's \"odd\" \\ name",
            DatabaseName = "Odd \"db\"; DROP DATABASE postgres; -- ü'%s {0}",
            User = "o'Brien \"x\" \\ $user é",
            Password = " p'a\"s\\s$w{0}r:d@/?#% ",
            SuperuserPassword = "'; SELECT \\ \"$1",
        });
        await using var user = await database.ConnectAsync();

        Assert.Equal(
            database.Spec.User + database.Spec.DatabaseName,
            await TestDatabase.ReadAsync<string>(user, "SELECT current_user || current_database()"));
    }
}
