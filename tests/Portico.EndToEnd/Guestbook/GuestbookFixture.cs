using System.Net.Http.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Guestbook;

/// <summary>The guestbook, up and shared by its tests; each leaves it as healthy as it found it.</summary>
public sealed class GuestbookFixture : IAsyncDisposable
{
    /// <summary>How many requests make a load.</summary>
    internal static readonly int Requests = TestExtent.IsFull ? 20_000 : 5_000;

    public const string Web = "guestbook-web";
    public const string Api = "guestbook-api";
    public const string Database = "guestbook-db";

    private readonly TestPlatform _platform = new();
    private Task? _up;

    internal async Task<TestPlatform> ReadyAsync()
    {
        Programs.Require("git", "node", "npm", "psql");
        await (_up ??= UpAsync());
        // What the test before this one replaced may still be answering its last requests.
        await Eventually.TrueAsync(
            async () => (await _platform.ServerStatusAsync())?.Resources.All(resource => resource.Instances.All(instance => instance.Status == "ready")) == true,
            TimeSpan.FromSeconds(60), "no instance starts or stops");
        return _platform;
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    internal static HttpRequestMessage ReadEntries(TestPlatform platform) =>
        new(HttpMethod.Get, $"{platform.UrlOf(Api)}/api/entries?limit=3");

    internal static HttpRequestMessage WriteEntry(TestPlatform platform, string message) =>
        new(HttpMethod.Post, $"{platform.UrlOf(Api)}/api/entries") { Content = JsonContent.Create(new { name = "Ada", message }) };

    /// <summary>Mostly reading, and now and then a new entry.</summary>
    internal static LoadGenerator MixedLoad(TestPlatform platform) =>
        new(platform.Http, number => number % 50 == 0 ? WriteEntry(platform, $"Entry {number}") : ReadEntries(platform));

    private async Task UpAsync()
    {
        _platform.CopyExample("guestbook");
        (await _platform.UpAsync()).ShouldSucceed();
    }
}

[CollectionDefinition(nameof(GuestbookCollection))]
public sealed class GuestbookCollection : ICollectionFixture<GuestbookFixture>;
