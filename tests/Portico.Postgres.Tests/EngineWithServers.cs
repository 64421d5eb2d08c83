using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Engines.Process;
using Portico.Hosting.Loops;
using Portico.Testing;
using Portico.Testing.DataStores;

namespace Portico.Postgres.Tests;

/// <summary>One engine for tests of several databases, so that a server that has to be fetched is fetched once.</summary>
public sealed class EngineWithServers : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-servers-").FullName;
    private readonly List<string> _owners = [];
    private ProcessEngine? _engine;

    public IEngine Engine => _engine!;

    public string Home => Path.Combine(_root, "engine");

    public RuntimeSupport Support => Engine.Capabilities.Runtimes.Single(runtime => runtime.Name == "postgres");

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        await StartEngineAsync();
    }

    /// <summary>Another engine on the same home, as after a restart of Portico.</summary>
    public async Task RestartEngineAsync()
    {
        await _engine!.DisposeAsync();
        await StartEngineAsync();
    }

    /// <summary>A running database of this major version.</summary>
    public async Task<PostgresSpec> StartAsync(string major, CancellationToken cancellationToken)
    {
        var spec = TestDatabase.SpecOf(FreePort.Find(), major) with { Id = $"dpg-{major}" };
        _owners.Add(spec.Id);
        await StoreOnEngine.StartAsync(Engine, new PostgresServer(spec), cancellationToken);
        return spec;
    }

    public static async Task<NpgsqlConnection> ConnectAsync(PostgresSpec spec, CancellationToken cancellationToken)
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
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owner in _owners.Distinct())
            await _engine!.DeleteOwnerAsync(owner, CancellationToken.None);
        await _engine!.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private async Task StartEngineAsync()
    {
        _engine = new ProcessEngine(new ProcessEngineOptions { Home = Home }, new LoopRegistry(), NullLoggerFactory.Instance);
        await _engine.StartAsync(TestContext.Current.CancellationToken);
    }
}
