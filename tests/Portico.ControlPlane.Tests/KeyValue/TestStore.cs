using Portico.ControlPlane.KeyValue;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Testing;
using Portico.Testing.DataStores;

namespace Portico.ControlPlane.Tests.KeyValue;

/// <summary>A real server on a disk of its own.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private TestStore(KeyValueSpec spec) => Spec = spec;

    public KeyValueSpec Spec { get; set; }

    public StoreHost Host { get; } = new();

    public KeyValueServer Server => new(Spec);

    public InstanceAddress Address => new("127.0.0.1", Spec.Port);

    public static KeyValueSpec SpecOf(int port) => new()
    {
        Id = "red-0123456789abcdefghij",
        Name = "guestbook-cache",
        Password = "Rx7mPassword000000000000000000Us",
        AdministratorPassword = "Rx7mAdministrator0000000000000Us",
        Port = port,
        MaxmemoryPolicy = "allkeys-lru",
        Limits = new ResourceLimits(256 * 1024 * 1024, null),
        Persistent = true,
    };

    /// <summary>A store that has not been started.</summary>
    public static TestStore Describe(Func<KeyValueSpec, KeyValueSpec>? change = null)
    {
        if (Programs.Missing(Programs.KeyValue, "redis-server") is { } missing)
            Assert.Skip(missing);
        var spec = SpecOf(FreePort.Find());
        return new TestStore(change is null ? spec : change(spec));
    }

    public static async Task<TestStore> StartAsync(Func<KeyValueSpec, KeyValueSpec>? change = null)
    {
        var store = Describe(change);
        await store.StartAsync();
        return store;
    }

    public Task StartAsync() => Host.StartAndConfigureAsync(Server, TestContext.Current.CancellationToken);

    public async Task<RespConnection> ConnectAsync(string? password = null)
    {
        var connection = await RespConnection.OpenAsync(Address, TestContext.Current.CancellationToken);
        try
        {
            await connection.SendAsync(["AUTH", "default", password ?? Spec.Password], TestContext.Current.CancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>As Portico itself.</summary>
    public async Task<RespConnection> ConnectAsAdministratorAsync()
    {
        var connection = await RespConnection.OpenAsync(Address, TestContext.Current.CancellationToken);
        await connection.SendAsync(["AUTH", KeyValueConfiguration.Administrator, Spec.AdministratorPassword], TestContext.Current.CancellationToken);
        return connection;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
