using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>The whole API with people who push to it, and what is built of that.</summary>
internal sealed class GitHost : IAsyncDisposable
{
    /// <summary>One service: <c>app</c>.</summary>
    public const string Blueprint = """
        services:
          - { type: worker, name: app, runtime: node, buildCommand: make, startCommand: work }
        """;

    private readonly List<PushingUser> _users = [];

    private GitHost(ApiHost api) => Api = api;

    public ApiHost Api { get; }

    public string Key => File.ReadAllText(Api.Platform.Paths.ApiKey).Trim();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<GitHost> StartAsync(Func<PlatformSettings, PlatformSettings>? configure = null) =>
        new(await ApiHost.StartForPushesAsync(Token, configure));

    public PushingUser NewUser()
    {
        var user = new PushingUser(Api.Platform);
        _users.Add(user);
        return user;
    }

    /// <summary>Of a repository here, with the owner's key.</summary>
    public string Url(string name) => $"http://any:{Key}@{Api.Owner.BaseAddress!.Authority}/git/{name}.git";

    /// <summary>Where it is on the disk.</summary>
    public string PathOf(string name) => Api.Get<SourceStore>().PathOf(SourceStore.HostedOf(Api.Platform.Workspace, name));

    /// <returns>What the user saw.</returns>
    public async Task<string> PushAsync(PushingUser user, string name, string what = "main")
    {
        var (code, said) = await user.TryAsync(Token, "push", Url(name), what);
        Assert.True(code == 0, said);
        return said;
    }

    /// <summary>A service that is built from a repository, and its first deploy.</summary>
    public async Task<string> CreateWorkerAsync(string repo)
    {
        var made = await Api.Owner.CallAsync(HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"background_worker","name":"app","ownerId":"{{Api.Platform.Workspace}}","repo":"{{repo}}","branch":"main",
            "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"work"} } }
            """);
        await Api.Platform.SettleAsync(Token);
        return made.GetProperty("service").Text("id");
    }

    public async Task<DeployRow> LastDeployAsync()
    {
        await using var db = await Api.Platform.OpenAsync(Token);
        return await db.Deploys.OrderBy(row => row.Id).LastAsync(Token);
    }

    public async Task<IReadOnlyList<string>> NotesAsync()
    {
        await using var db = await Api.Platform.OpenAsync(Token);
        return await db.DeployNotes.Select(note => note.Text).ToListAsync(Token);
    }

    /// <summary>A file's content, as the engine was to check it out for the newest build.</summary>
    public Task<string> BuiltAsync(string path) => OfBuildAsync(path, "cat-file", "blob");

    /// <summary>The id of that content.</summary>
    public async Task<string> BuiltIdAsync(string path) => (await OfBuildAsync(path, "rev-parse")).Trim();

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
            user.Dispose();
        await Api.DisposeAsync();
    }

    private async Task<string> OfBuildAsync(string path, params string[] command)
    {
        var build = Api.Platform.World.Builds[RevisionFactory.BuildId((await LastDeployAsync()).Id)];
        return await GitCommand.RunAsync(new GitRepository(build.RepositoryPath), [.. command, $"{build.Tree}:{path}"], Token);
    }
}
