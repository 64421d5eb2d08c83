using System.Globalization;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.KeyValue;

public sealed class KeyValueCrashTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_keeps_every_write_that_it_acknowledged()
    {
        await using var store = await TestStore.StartAsync();
        var acknowledged = new int[8];
        var writers = Enumerable.Range(0, acknowledged.Length).Select(WriteAsync).ToArray();
        await Eventually.TrueAsync(() => acknowledged.Sum() >= 1000 || writers.Any(writer => writer.IsCompleted), "1000 writes are acknowledged");
        await store.Host.KillAsync(Cancel);
        foreach (var writer in writers)
            await Assert.ThrowsAnyAsync<IOException>(() => writer);

        await store.StartAsync();

        await using var client = await store.ConnectAsync();
        for (var writer = 0; writer < acknowledged.Length; writer++)
        {
            var kept = int.Parse((await client.SendAsync(["GET", $"count{writer}"], Cancel))[0]!, CultureInfo.InvariantCulture);
            // One write may have been made without its answer getting through.
            Assert.InRange(kept, acknowledged[writer], acknowledged[writer] + 1);
        }
        Assert.InRange(acknowledged.Sum(), 1000, int.MaxValue);

        async Task WriteAsync(int writer)
        {
            await using var client = await store.ConnectAsync();
            for (var next = 1; ; next++)
            {
                await client.SendAsync(["SET", $"count{writer}", $"{next}"], Cancel);
                acknowledged[writer] = next;
            }
        }
    }

    [Fact]
    public async Task A_stopped_server_keeps_everything()
    {
        await using var store = await TestStore.StartAsync();
        await using (var client = await store.ConnectAsync())
            await client.SendAsync(["SET", "key", "value"], Cancel);

        var elapsed = await store.Host.StopAsync(StopSignal.Terminate, Cancel);
        await store.StartAsync();

        await using var again = await store.ConnectAsync();
        Assert.Equal(["value"], await again.SendAsync(["GET", "key"], Cancel));
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_store_without_persistence_starts_empty()
    {
        await using var store = await TestStore.StartAsync(spec => spec with { Persistent = false });
        await using (var client = await store.ConnectAsync())
            await client.SendAsync(["SET", "key", "value"], Cancel);
        await store.Host.StopAsync(StopSignal.Terminate, Cancel);

        await store.StartAsync();

        await using var again = await store.ConnectAsync();
        Assert.Equal([null], await again.SendAsync(["GET", "key"], Cancel));
        Assert.Empty(Directory.GetFileSystemEntries(store.Host.Disk));
    }
}
