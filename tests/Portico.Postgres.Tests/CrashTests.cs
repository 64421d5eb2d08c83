using System.Diagnostics;
using Npgsql;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Postgres.Tests;

public sealed class CrashTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_keeps_every_committed_row()
    {
        await using var database = await TestDatabase.StartAsync();
        await using (var user = await database.ConnectAsync())
            await TestDatabase.RunAsync(user, "CREATE TABLE rows (id int PRIMARY KEY)");
        var committed = 0;
        var writer = WriteAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref committed) >= 200 || writer.IsCompleted, "200 rows are committed");
        await database.Host.KillAsync(Cancel);
        await Assert.ThrowsAnyAsync<Exception>(() => writer);

        await database.StartAsync();

        await using var again = await database.ConnectAsync();
        var rows = await TestDatabase.ReadAsync<long>(again, "SELECT count(*) FROM rows");
        // One row may have been committed without its answer getting through.
        Assert.InRange(rows, committed, committed + 1);
        Assert.InRange(committed, 200, int.MaxValue);

        async Task WriteAsync()
        {
            await using var user = await database.ConnectAsync();
            for (var id = 0; ; id++)
            {
                await TestDatabase.RunAsync(user, $"INSERT INTO rows VALUES ({id})");
                Volatile.Write(ref committed, id + 1);
            }
        }
    }

    [Fact]
    public async Task A_query_that_outlives_its_server_does_not_keep_the_next_one_down()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var user = await database.ConnectAsync();
        // Never looks up from its work, so it does not notice that the server is gone.
        var busy = TestDatabase.RunAsync(user, "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b");
        await Eventually.TrueAsync(async () =>
        {
            await using var other = await database.ConnectAsync();
            return await TestDatabase.ReadAsync<bool>(other, "SELECT exists (SELECT FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid())");
        }, "another connection runs a statement");
        await database.Host.KillAsync(Cancel);

        var clock = Stopwatch.StartNew();
        await database.StartAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => busy);
    }

    [Fact]
    public async Task A_lock_whose_process_number_is_taken_by_another_program_does_not_keep_the_server_down()
    {
        await using var database = await TestDatabase.StartAsync();
        await database.Host.KillAsync(Cancel);
        using var stranger = StartStranger();
        var lockFile = Path.Combine(database.Host.Disk, "data", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(lockFile, Cancel);
        lines[0] = $"{stranger.Id}";
        await File.WriteAllLinesAsync(lockFile, lines, Cancel);

        await database.StartAsync();

        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public async Task A_second_server_on_the_same_disk_is_refused_and_the_first_goes_on()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var user = await database.ConnectAsync();
        var second = new JobRequest
        {
            Id = new RunId("second"),
            Revision = database.Server.Revision,
            Command = database.Server.Revision.Command,
        };

        Assert.NotEqual(0, await database.Host.RunAsync(second, Cancel));
        Assert.Equal(1, await TestDatabase.ReadAsync<int>(user, "SELECT 1"));
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_clients_and_needs_no_recovery()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var user = await database.ConnectAsync();

        var elapsed = await database.Host.StopAsync(database.Server.Revision.StopSignal, Cancel);

        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Contains(database.Host.Output, line => line.Contains("database system is shut down", StringComparison.Ordinal));
    }

    private static Process StartStranger()
    {
        string[] asNobody = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "sleep", "600"]
            : ["sleep", "600"];
        return Process.Start(asNobody[0], asNobody[1..]);
    }
}
