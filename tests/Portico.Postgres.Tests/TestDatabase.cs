using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Testing;
using Portico.Testing.DataStores;

namespace Portico.Postgres.Tests;

/// <summary>A real server on a disk of its own.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public const string Id = "dpg-0123456789abcdefghij";

    private TestDatabase(PostgresSpec spec)
    {
        Spec = spec;
        Host = new StoreHost(Programs.Postgres!.Value.Directory);
    }

    public PostgresSpec Spec { get; set; }

    public StoreHost Host { get; }

    internal PostgresServer Server => new(Spec);

    public InstanceAddress Address => new("127.0.0.1", Spec.Port);

    public static PostgresSpec SpecOf(int port, string major = "15")
    {
        var certificate = SelfSignedCertificate.Create(Id, TimeProvider.System);
        return new PostgresSpec
        {
            Id = Id,
            Name = "guestbook-db",
            DatabaseName = "guestbook_db_x8f2",
            User = "guestbook_db_user",
            Password = "Rx7mPassword000000000000000000Us",
            SuperuserPassword = "Sx7mPassword000000000000000000Su",
            MajorVersion = major,
            Port = port,
            Limits = new ResourceLimits(256 * 1024 * 1024, 100),
            CertificatePem = certificate.CertificatePem,
            PrivateKeyPem = certificate.PrivateKeyPem,
        };
    }

    /// <summary>A database that has been initialized, but not started.</summary>
    public static async Task<TestDatabase> CreateAsync(Func<PostgresSpec, PostgresSpec>? change = null)
    {
        if (Programs.Missing(Programs.Postgres, "postgresql") is { } missing)
            Assert.Skip(missing);
        var spec = SpecOf(FreePort.Find(), Programs.Postgres!.Value.Major);
        var database = new TestDatabase(change is null ? spec : change(spec));
        var exitCode = await database.Host.RunAsync(database.Server.Initialization, TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, string.Join('\n', database.Host.Output));
        return database;
    }

    public static async Task<TestDatabase> StartAsync(Func<PostgresSpec, PostgresSpec>? change = null)
    {
        var database = await CreateAsync(change);
        await database.StartAsync();
        return database;
    }

    public Task StartAsync() => Host.StartAndConfigureAsync(Server, TestContext.Current.CancellationToken);

    public async Task<NpgsqlConnection> ConnectAsync(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = Address.Host,
            Port = Address.Port,
            Database = Spec.DatabaseName,
            Username = Spec.User,
            Password = Spec.Password,
            SslMode = SslMode.Require,
            Pooling = false,
        };
        change?.Invoke(settings);
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<NpgsqlConnection> ConnectAsSuperuserAsync() => ConnectAsync(settings =>
    {
        settings.Username = "postgres";
        settings.Password = Spec.SuperuserPassword;
    });

    public static async Task<T> ReadAsync<T>(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public static Task RunAsync(NpgsqlConnection connection, string statement) =>
        new NpgsqlCommand(statement, connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

    public async Task RefusesAsync(string sqlState, Action<NpgsqlConnectionStringBuilder> change)
    {
        var exception = await Assert.ThrowsAsync<PostgresException>(() => ConnectAsync(change));
        Assert.Equal(sqlState, exception.SqlState);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
