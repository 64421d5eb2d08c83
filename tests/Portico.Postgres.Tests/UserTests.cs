using System.Diagnostics;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Testing.DataStores;

namespace Portico.Postgres.Tests;

/// <summary>Logins beside the database's own, connection strings and overridden settings, on a real server.</summary>
public sealed class UserTests
{
    private static readonly PostgresUser Reader = new("reporting-1", "Reader0000000000000000000000000p", DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_user_works_in_the_same_database_as_the_same_owner()
    {
        await using var database = await TestDatabase.StartAsync(spec => spec with { Users = [Reader] });
        await using (var owner = await database.ConnectAsync())
            await TestDatabase.RunAsync(owner, "CREATE TABLE notes (text text)");

        await using (var other = await ConnectAsync(database))
        {
            await TestDatabase.RunAsync(other, "INSERT INTO notes VALUES ('hello'); CREATE TABLE more (id int)");
            Assert.Equal(1, (await CountAsync(database))[Reader.Name]);
        }

        await using var again = await database.ConnectAsync();
        Assert.Equal("hello", await TestDatabase.ReadAsync<string>(again, "SELECT text FROM notes"));
        await TestDatabase.RunAsync(again, "DROP TABLE more");
    }

    [Fact]
    public async Task A_dropped_user_is_thrown_out_and_leaves_what_it_made_to_the_owner()
    {
        await using var database = await TestDatabase.StartAsync(spec => spec with { Users = [Reader] });
        await using var session = await ConnectAsync(database);
        await TestDatabase.RunAsync(session, "RESET role; CREATE SCHEMA own; CREATE TABLE own.kept (id int)");
        database.Spec = database.Spec with { Users = [Reader with { IsDropped = true }] };

        await database.Server.ConfigureAsync(database.Address, Token);
        await database.Server.ConfigureAsync(database.Address, Token);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestDatabase.RunAsync(session, "SELECT 1"));
        await database.RefusesAsync(PostgresErrorCodes.InvalidPassword, settings => (settings.Username, settings.Password) = (Reader.Name, Reader.Password));
        await using var owner = await database.ConnectAsync();
        await TestDatabase.RunAsync(owner, "DROP TABLE own.kept");
        Assert.Equal(0L, await TestDatabase.ReadAsync<long>(owner, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'reporting%'"));
    }

    [Fact]
    public async Task Overridden_settings_hold_after_the_restart_that_they_cause()
    {
        await using var database = await TestDatabase.CreateAsync(spec => spec with { Parameters = new Dictionary<string, string> { ["work_mem"] = "7MB" } });
        Assert.NotEqual(new PostgresServer(database.Spec with { Parameters = new Dictionary<string, string>() }).Revision.Id, database.Server.Revision.Id);
        Assert.NotEqual(new PostgresServer(database.Spec with { Restarts = 1 }).Revision.Id, database.Server.Revision.Id);

        await database.StartAsync();

        await using var connection = await database.ConnectAsync();
        Assert.Equal("7MB", await TestDatabase.ReadAsync<string>(connection, "SHOW work_mem"));
    }

    [Fact]
    public async Task The_server_knows_every_parameter_and_its_range()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var connection = await database.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT name, min_val, max_val, unit FROM pg_settings", connection);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var known = new Dictionary<string, (string? Least, string? Most, string? Unit)>();
        while (await reader.ReadAsync(Token))
            known[reader.GetString(0)] = (Text(1), Text(2), Text(3));

        foreach (var parameter in PostgresParameters.Of(database.Spec.MajorVersion))
        {
            Assert.True(known.TryGetValue(parameter.Name, out var real), $"{parameter.Name} is not known.");
            Assert.Equal((parameter.Name, real.Unit), (parameter.Name, parameter.Unit));
            if (parameter.Kind is ParameterKind.Whole or ParameterKind.Real)
                Assert.True(Number(real.Least) <= parameter.Least && parameter.Most <= Number(real.Most),
                    $"{parameter.Name}: {parameter.Least} to {parameter.Most} is not within {real.Least} to {real.Most}.");
        }

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    [Fact]
    public async Task The_external_connection_string_and_the_command_work_in_psql()
    {
        await using var database = await TestDatabase.StartAsync();
        var connection = new PostgresConnection
        {
            Host = database.Address.Host,
            Port = database.Address.Port,
            DatabaseName = database.Spec.DatabaseName,
            User = database.Spec.User,
            Password = database.Spec.Password,
        };

        Assert.Equal(database.Spec.DatabaseName, await RunAsync("psql", [connection.ExternalUrl, "-XAtc", "SELECT current_database()"]));
        Assert.Equal(database.Spec.User, await RunAsync("sh", ["-c", $"{connection.PsqlCommand} -XAtc 'SELECT current_user'"]));
    }

    private static double Number(string? text) => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);

    private static Task<IReadOnlyDictionary<string, int>> CountAsync(TestDatabase database) =>
        new PostgresInspector().CountConnectionsByUserAsync(database.Spec, database.Address, Token);

    private static Task<NpgsqlConnection> ConnectAsync(TestDatabase database) =>
        database.ConnectAsync(settings => (settings.Username, settings.Password) = (Reader.Name, Reader.Password));

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Programs.Postgres!.Value.Directory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        var errors = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, errors);
        return output.Trim();
    }
}
