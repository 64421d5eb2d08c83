using Portico.Core.Engines;

namespace Portico.Postgres.Tests;

public sealed class ServerConfigurationTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(256, 100, "64MB", "192MB", "2MB", "16MB")]
    [InlineData(1024, 100, "256MB", "768MB", "10MB", "64MB")]
    [InlineData(8 * 1024, 200, "2048MB", "6144MB", "40MB", "512MB")]
    [InlineData(16 * 1024, 400, "4096MB", "12288MB", "40MB", "1024MB")]
    [InlineData(1024 * 1024, 500, "262144MB", "786432MB", "64MB", "2048MB")]
    public void Memory_follows_the_plan(int plan, int connections, string shared, string cache, string work, string maintenance)
    {
        var text = Configuration(plan * MiB);

        Assert.Contains($"max_connections = '{connections}'\n", text, StringComparison.Ordinal);
        Assert.Contains($"shared_buffers = '{shared}'\n", text, StringComparison.Ordinal);
        Assert.Contains($"effective_cache_size = '{cache}'\n", text, StringComparison.Ordinal);
        Assert.Contains($"\nwork_mem = '{work}'\n", text, StringComparison.Ordinal);
        Assert.Contains($"maintenance_work_mem = '{maintenance}'\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_limit_the_server_stays_modest() =>
        Assert.Contains("shared_buffers = '256MB'\n", Configuration(null), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null)]
    [InlineData(20L, null)]
    [InlineData(4L, "512MB")]
    [InlineData(1L, "128MB")]
    public void The_log_leaves_room_on_a_small_disk(long? gigabytes, string? expected)
    {
        var text = new PostgresServer(TestDatabase.SpecOf(5432) with { DiskBytes = gigabytes << 30 }).Revision.Files["postgresql.conf"];

        Assert.Equal(expected is not null, text.Contains("max_wal_size", StringComparison.Ordinal));
        Assert.Contains(expected is null ? "" : $"max_wal_size = '{expected}'\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_revision_changes_with_the_plan_and_with_nothing_else()
    {
        var spec = TestDatabase.SpecOf(5432);
        var id = new PostgresServer(spec).Revision.Id;

        Assert.StartsWith($"{spec.Id}-", id.Value, StringComparison.Ordinal);
        Assert.Equal(id, new PostgresServer(spec with { Name = "renamed", Password = "other" }).Revision.Id);
        Assert.NotEqual(id, new PostgresServer(spec with { Limits = new ResourceLimits(1024 * MiB, 500) }).Revision.Id);
        Assert.NotEqual(id, new PostgresServer(spec with { MajorVersion = "16" }).Revision.Id);
    }

    [Fact]
    public void No_file_holds_a_password()
    {
        var spec = TestDatabase.SpecOf(5432);
        var server = new PostgresServer(spec);

        Assert.DoesNotContain(server.Initialization.Revision.Files.Values.Concat(server.Revision.Files.Values), text =>
            text.Contains(spec.Password, StringComparison.Ordinal) || text.Contains(spec.SuperuserPassword, StringComparison.Ordinal));
        Assert.DoesNotContain(spec.Password, $"{spec}{server.Revision}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("15", false)]
    [InlineData("17", true)]
    public void Sorting_comes_from_the_server_itself_where_it_can(string major, bool builtin)
    {
        var command = (Command.Exec)new PostgresServer(TestDatabase.SpecOf(5432, major)).Initialization.Command;

        Assert.Equal(builtin, command.Arguments.Contains("--locale-provider=builtin"));
    }

    private static string Configuration(long? memory) => new PostgresServer(TestDatabase.SpecOf(5432) with
    {
        Limits = new ResourceLimits(memory, null),
    }).Revision.Files["postgresql.conf"];
}
