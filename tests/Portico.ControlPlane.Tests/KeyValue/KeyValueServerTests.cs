using Portico.ControlPlane.KeyValue;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.KeyValue;

public sealed class KeyValueServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_follow_the_plan()
    {
        await using var store = await TestStore.StartAsync();
        await using var client = await store.ConnectAsync();

        Assert.Equal("allkeys-lru", await SettingAsync(client, "maxmemory-policy"));
        Assert.Equal($"{256 * 1024 * 1024}", await SettingAsync(client, "maxmemory"));
        Assert.Equal("250", await SettingAsync(client, "maxclients"));
        Assert.Equal("yes", await SettingAsync(client, "appendonly"));
        Assert.Equal(store.Host.Disk, await SettingAsync(client, "dir"));
    }

    [Fact]
    public async Task Clients_are_counted_without_Portico_itself()
    {
        await using var store = await TestStore.StartAsync();
        Assert.Equal(0, await store.Server.CountConnectionsAsync(store.Address, Cancel));
        await using var first = await store.ConnectAsync();
        await using var second = await store.ConnectAsync();
        Assert.Equal(2, await store.Server.CountConnectionsAsync(store.Address, Cancel));
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var store = await TestStore.StartAsync();

        var wrong = await Assert.ThrowsAsync<RespException>(() => store.ConnectAsync("wrong"));
        Assert.Equal("WRONGPASS", wrong.Code);
        await using var stranger = await RespConnection.OpenAsync(store.Address, Cancel);
        var silent = await Assert.ThrowsAsync<RespException>(() => stranger.SendAsync(["GET", "key"], Cancel));
        Assert.Equal("NOAUTH", silent.Code);
        Assert.DoesNotContain(store.Host.Output, line => line.Contains(store.Spec.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_password_may_hold_any_character()
    {
        await using var store = await TestStore.StartAsync(spec => spec with { Password = " p'a\"s\\s\twörd #$%\n\u0001é " });
        await using var client = await store.ConnectAsync();

        Assert.Equal(["PONG"], await client.SendAsync(["PING"], Cancel));
    }

    [Fact]
    public async Task Configuring_sets_back_what_a_client_changed()
    {
        await using var store = await TestStore.StartAsync();
        await using var client = await store.ConnectAsync();
        await client.SendAsync(["CONFIG", "SET", "maxmemory-policy", "noeviction"], Cancel);
        await client.SendAsync(["CONFIG", "SET", "maxmemory", "0"], Cancel);

        await store.Server.ConfigureAsync(store.Address, Cancel);

        Assert.Equal("allkeys-lru", await SettingAsync(client, "maxmemory-policy"));
        Assert.Equal($"{256 * 1024 * 1024}", await SettingAsync(client, "maxmemory"));
    }

    [Fact]
    public async Task A_full_store_does_as_its_policy_says()
    {
        await using var store = await TestStore.StartAsync(spec => spec with
        {
            MaxmemoryPolicy = "noeviction",
            Limits = new ResourceLimits(4 * 1024 * 1024, null),
            Persistent = false,
        });
        await using var client = await store.ConnectAsync();
        var value = new string('x', 256 * 1024);

        var full = await Assert.ThrowsAsync<RespException>(async () =>
        {
            for (var i = 0; i < 100; i++)
                await client.SendAsync(["SET", $"key{i}", value], Cancel);
        });

        Assert.Equal("OOM", full.Code);
    }

    [Fact]
    public async Task A_client_that_changed_the_password_is_named_as_the_cause()
    {
        await using var store = await TestStore.StartAsync();
        await using var client = await store.ConnectAsync();
        await client.SendAsync(["CONFIG", "SET", "requirepass", "mine"], Cancel);

        var exception = await Assert.ThrowsAsync<DataStoreException>(() => store.Server.ConfigureAsync(store.Address, Cancel));

        Assert.Contains("rejects its password", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> SettingAsync(RespConnection client, string name) =>
        (await client.SendAsync(["CONFIG", "GET", name], Cancel))[1];
}
