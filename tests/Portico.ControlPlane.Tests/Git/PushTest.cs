using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>What tests of pushes share: a real Git pushes over real HTTP; what is built and run is simulated.</summary>
public abstract class PushTest : IAsyncLifetime
{
    protected const string Blueprint = """
        services:
          - { type: web, name: api, runtime: node, rootDir: api, buildCommand: make, startCommand: serve }
          - { type: worker, name: worker, runtime: node, rootDir: worker, buildCommand: make, startCommand: work }
        """;

    private protected ApiHost Host { get; private set; } = null!;

    private protected PushingUser User { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartForPushesAsync(Token, settings => settings with { GitPushBytes = 1 << 20, ConcurrentBuilds = 1 });
        User = new PushingUser(Host.Platform);
    }

    public async ValueTask DisposeAsync()
    {
        User.Dispose();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected string Key => File.ReadAllText(Host.Platform.Paths.ApiKey).Trim();

    protected string Url(string key) => $"http://any:{key}@{Host.Owner.BaseAddress!.Authority}/git/shop.git";

    protected string First() => User.Commit("first", ("render.yaml", Blueprint), ("api/main", "1"), ("worker/main", "1"));

    protected Task<(int Code, string Said)> PushAsync(string what) => TryAsync("push", Url(Key), what);

    protected Task<(int Code, string Said)> TryAsync(params string[] arguments) => User.TryAsync(Token, arguments);

    /// <summary>The deploys of a service, the oldest first.</summary>
    protected async Task<IReadOnlyList<(string? Commit, DeployStatus Status)>> DeploysAsync(string service)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var id = await db.Services.Where(row => row.Name == service).Select(row => row.Id).SingleAsync(Token);
        return [.. (await db.Deploys.Where(row => row.ServiceId == id).OrderBy(row => row.Id).ToListAsync(Token)).Select(row => (row.Commit, row.Status))];
    }
}
