namespace Portico.Postgres.Tests;

public sealed class InitializationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_it_again_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var control = Path.Combine(database.Host.Disk, "data", "global", "pg_control");
        var before = await File.ReadAllBytesAsync(control, Cancel);

        Assert.Equal(0, await database.Host.RunAsync(database.Server.Initialization, Cancel));

        Assert.Equal(before, await File.ReadAllBytesAsync(control, Cancel));
    }

    [Fact]
    public async Task What_a_crash_left_half_done_is_made_anew()
    {
        await using var database = await TestDatabase.CreateAsync();
        var data = Path.Combine(database.Host.Disk, "data");
        Directory.Move(data, data + ".new");
        File.Delete(Path.Combine(data + ".new", "global", "pg_control"));

        Assert.Equal(0, await database.Host.RunAsync(database.Server.Initialization, Cancel));

        await database.StartAsync();
        Assert.False(Directory.Exists(data + ".new"));
    }

    [Fact]
    public async Task Somebody_elses_files_are_left_alone()
    {
        await using var database = await TestDatabase.CreateAsync();
        File.Delete(Path.Combine(database.Host.Disk, "data", "PG_VERSION"));

        Assert.NotEqual(0, await database.Host.RunAsync(database.Server.Initialization, Cancel));

        Assert.Contains(database.Host.Output, line => line.Contains("PostgreSQL did not create", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(database.Host.Disk, "data", "global", "pg_control")));
    }
}
