using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Engines.Process;
using Portico.Hosting.Loops;
using Portico.Testing;
using Portico.Testing.DataStores;

namespace Portico.Postgres.Tests;

/// <summary>The same server as an engine runs it.</summary>
public sealed class ProcessEngineTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _root = Directory.CreateTempSubdirectory("portico-postgres-").FullName;
    private readonly CancellationTokenSource _deadline =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private ProcessEngine? _engine;

    public ProcessEngineTests()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        _deadline.CancelAfter(Patience);
    }

    [Fact]
    public async Task An_engine_starts_repairs_and_stops_it()
    {
        if (Programs.Missing(Programs.Postgres, "postgresql") is { } missing)
            Assert.Skip(missing);
        var spec = TestDatabase.SpecOf(FreePort.Find(), Programs.Postgres!.Value.Major);
        var server = new PostgresServer(spec);
        _engine = new ProcessEngine(new ProcessEngineOptions { Home = Path.Combine(_root, "engine") }, new LoopRegistry(), NullLoggerFactory.Instance);
        await _engine.StartAsync(_deadline.Token);

        await StoreOnEngine.StartAsync(_engine, server, _deadline.Token);
        await ExecuteAsync(spec, "CREATE TABLE entries (text text)");
        await ExecuteAsync(spec, "INSERT INTO entries VALUES ('kept')");
        var first = await StoreOnEngine.ConfigureAsync(_engine, server, _ => true, _deadline.Token);

        using (var main = System.Diagnostics.Process.GetProcessById(first.ProcessId!.Value))
        {
            Assert.StartsWith("postgres", main.ProcessName, StringComparison.Ordinal);
            main.Kill();
        }
        await StoreOnEngine.ConfigureAsync(_engine, server, instance => instance.ProcessId != first.ProcessId, _deadline.Token);
        Assert.Equal("kept", await ExecuteAsync(spec, "SELECT text FROM entries"));

        await using var client = await ConnectAsync(spec);
        await _engine.RetireAsync(server.Revision.Id, _deadline.Token);
        var clock = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => _engine.Observe().Instances.Count == 0, "the server has stopped");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(45));
        Assert.Contains(
            await LogAsync(spec), line => line.Contains("database system is shut down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_stops_it_and_a_larger_one_brings_all_back()
    {
        if (Programs.Missing(Programs.Postgres, "postgresql") is { } missing)
            Assert.Skip(missing);
        var spec = TestDatabase.SpecOf(FreePort.Find(), Programs.Postgres!.Value.Major) with { DiskBytes = 256 << 20 };
        _engine = new ProcessEngine(new ProcessEngineOptions { Home = Path.Combine(_root, "engine") }, new LoopRegistry(), NullLoggerFactory.Instance);
        await _engine.StartAsync(_deadline.Token);
        if (_engine.Capabilities.DiskSizeRestriction is { } restriction)
            Assert.Skip(restriction);

        await StoreOnEngine.StartAsync(_engine, new PostgresServer(spec), _deadline.Token);
        await ExecuteAsync(spec, "CREATE TABLE entries (text text)");
        await ExecuteAsync(spec, "INSERT INTO entries VALUES ('kept')");
        await ExecuteAsync(spec, "CREATE TABLE filler (text text)");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(
            spec, "INSERT INTO filler SELECT repeat(md5(i::text), 20) FROM generate_series(1, 1000000) i"));

        await StoreOnEngine.StartAsync(_engine, new PostgresServer(spec with { DiskBytes = 512 << 20 }), _deadline.Token);
        Assert.Equal("kept", await ExecuteAsync(spec, "SELECT text FROM entries"));
        await ExecuteAsync(spec, "INSERT INTO filler SELECT repeat(md5(i::text), 20) FROM generate_series(1, 10000) i");
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DeleteOwnerAsync(TestDatabase.Id, CancellationToken.None);
            await _engine.DisposeAsync();
        }
        Directory.Delete(_root, recursive: true);
        _deadline.Dispose();
    }

    private async Task<List<string>> LogAsync(PostgresSpec spec)
    {
        var lines = new List<string>();
        await foreach (var line in _engine!.ReadLogsAsync(new LogQuery { Owner = spec.Id }, _deadline.Token))
            lines.Add(line.Text);
        return lines;
    }

    private async Task<string?> ExecuteAsync(PostgresSpec spec, string statement)
    {
        await using var connection = await ConnectAsync(spec);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(_deadline.Token) as string;
    }

    private async Task<NpgsqlConnection> ConnectAsync(PostgresSpec spec)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = spec.Port,
            Database = spec.DatabaseName,
            Username = spec.User,
            Password = spec.Password,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(_deadline.Token);
        return connection;
    }
}
