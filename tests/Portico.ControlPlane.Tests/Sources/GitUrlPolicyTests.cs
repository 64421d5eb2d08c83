using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Git;
using Portico.Core.Access;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>What git may connect to depends on who set the URL, and git connects to what was checked.</summary>
public sealed class GitUrlPolicyTests : IAsyncLifetime
{
    private GitHost _git = null!;
    private string _owner = "";
    private string _developer = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ApiHost Host => _git.Api;

    private string Workspace => Host.Platform.Workspace;

    private GitUrlPolicy Policy => Host.Get<GitUrlPolicy>();

    public async ValueTask InitializeAsync()
    {
        _git = await GitHost.StartAsync();
        await using var db = await Host.Platform.OpenAsync(Token);
        _owner = await db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(Token);
        _developer = (await Host.JoinAsync(Workspace, "dev@example.org")).Text("userId");
        Host.Platform.Hosts.Known["public.example"] = IPAddress.Parse("93.184.215.14");
        Host.Platform.Hosts.Known["inside.example"] = IPAddress.Parse("10.0.0.1");
        Host.Platform.Hosts.Known["metadata.example"] = IPAddress.Parse("169.254.169.254");
    }

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Theory]
    [InlineData("http://127.0.0.1:8080/x.git")]
    [InlineData("http://localhost/x.git")]
    [InlineData("http://10.0.0.1/x.git")]
    [InlineData("git@10.0.0.1:x.git")]
    [InlineData("ssh://git@[::1]/x.git")]
    [InlineData("file:///srv/x.git")]
    public async Task What_only_the_owner_may_name_is_bound_to_who_set_it_not_to_the_workspace(string url)
    {
        await Policy.RequireAsync(new GivenRepository(url, _owner, Workspace), Token);
        await Policy.RequireAsync(new GivenRepository(url, _owner, "tea-00000000000000000000"), Token);

        foreach (var other in (string?[])[_developer, null, "", "usr-00000000000000000000"])
            await Assert.ThrowsAsync<GitException>(() => Policy.RequireAsync(new GivenRepository(url, other, Workspace), Token));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://2852039166/x.git")]
    [InlineData("http://0xa9fea9fe/x.git")]
    [InlineData("http://[::ffff:169.254.169.254]/x.git")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/x.git")]
    [InlineData("http://[fe80::1]/x.git")]
    [InlineData("http://[fd00:ec2::254]/x.git")]
    [InlineData("ssh://git@169.254.169.254/x.git")]
    [InlineData("git@169.254.169.254:x.git")]
    [InlineData("http://metadata.example/x.git")]
    public async Task Link_local_addresses_are_reached_by_nobody_and_no_setting_allows_them(string url)
    {
        var anything = new OutboundAddresses([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")]);
        var policy = new GitUrlPolicy(Host.Platform.Hosts, anything, Host.Get<IDbContextFactory<PorticoDb>>());

        foreach (var user in (string?[])[_owner, _developer])
            await Assert.ThrowsAsync<GitException>(() => policy.RequireAsync(new GivenRepository(url, user, Workspace), Token));
    }

    [Theory]
    [InlineData("https://unknown.example/x.git", "DNS has no address")]
    [InlineData("git@unknown.example:x.git", "DNS has no address")]
    [InlineData("https://inside.example/x.git", "not a public address")]
    [InlineData("/srv/x.git", "directories")]
    [InlineData("http://public.example\\@127.0.0.1/x.git", "not valid")]
    [InlineData("http://public.example@x@127.0.0.1/x.git", "not valid")]
    [InlineData("a@b@10.0.0.1:x.git", "not valid")]
    [InlineData("https:///x.git", "not valid")]
    public async Task What_cannot_be_checked_is_refused(string url, string problem)
    {
        var error = await Assert.ThrowsAsync<GitException>(() => Policy.RequireAsync(new GivenRepository(url, _developer, Workspace), Token));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GitException>(() => Policy.RequirePublicAsync(url, Token));
    }

    [Fact]
    public async Task The_machines_own_keys_serve_only_what_its_owner_set_in_the_first_workspace()
    {
        const string url = "git@public.example:me/x.git";

        Assert.True(await Policy.MayUseOwnKeysAsync(new GivenRepository(url, _owner, Workspace), Token));
        Assert.False(await Policy.MayUseOwnKeysAsync(new GivenRepository(url, _owner, "tea-00000000000000000000"), Token));
        Assert.False(await Policy.MayUseOwnKeysAsync(new GivenRepository(url, _developer, Workspace), Token));
        Assert.False(await Policy.MayUseOwnKeysAsync(new GivenRepository(url, null, Workspace), Token));
        var tip = await Host.Get<ServiceSources>().LookAsync(new GivenRepository(url, _developer, Workspace), null, Token);
        Assert.Contains("no deploy key", tip.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Git_connects_to_the_address_that_was_checked_whatever_the_name_means_elsewhere()
    {
        await using var server = await StaticRepositories.StartAsync(Token);
        var user = _git.NewUser();
        var commit = user.Commit("first", ("a", "1"));
        await server.ShowAsync(user, "x", commit, Token);
        var url = $"http://checked.invalid:{new Uri(server.Url).Port}/x.git";
        var store = Host.Get<SourceStore>();

        var found = await store.LookAsync("remote-a.git", null, GitRemote.Of(url, [IPAddress.Loopback], null), Token);
        Assert.True(found.Commit == commit, found.Problem);
        Assert.NotNull((await store.LookAsync("remote-a.git", null, GitRemote.Of(url, null, null), Token)).Problem);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("93.184.215.14", true)]
    public async Task A_proxy_is_used_for_the_internet_alone(string checkedAddress, bool usesProxy)
    {
        await using var server = await StaticRepositories.StartAsync(Token);
        var user = _git.NewUser();
        var commit = user.Commit("first", ("a", "1"));
        await server.ShowAsync(user, "x", commit, Token);
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var connection = proxy.AcceptTcpClientAsync(Token).AsTask();
        var remote = GitRemote.Of($"http://checked.invalid:{new Uri(server.Url).Port}/x.git", [IPAddress.Parse(checkedAddress)], null);
        remote = remote with { Environment = new Dictionary<string, string>(remote.Environment) { ["http_proxy"] = $"http://{proxy.LocalEndpoint}", ["no_proxy"] = "" } };

        var look = Host.Get<SourceStore>().LookAsync("remote-a.git", null, remote, Token);
        if (usesProxy)
            (await connection).Dispose();

        var found = await look;
        Assert.Equal(usesProxy ? null : commit, found.Commit);
        Assert.Equal(usesProxy, connection.IsCompleted);
    }

    [Fact]
    public async Task Ssh_connects_to_the_address_that_was_checked_and_knows_the_server_by_its_name()
    {
        await using var server = await SshServer.StartAsync(Token);
        var user = _git.NewUser();
        var commit = user.Commit("first", ("a", "1"));
        server.Show(user, "x");
        await using var db = await Host.Platform.OpenAsync(Token);
        var url = server.UrlOf("x").Replace("127.0.0.1", "checked.invalid", StringComparison.Ordinal);
        var key = await Host.Get<GitKeys>().CreateAsync(db, Workspace, url, Token);
        server.LetIn(key.PublicKey);
        using var file = Host.Get<GitKeys>().Write(key);

        var found = await Host.Get<SourceStore>().LookAsync("remote-a.git", null, GitRemote.Of(url, [IPAddress.Loopback], file.Access), Token);

        Assert.True(found.Commit == commit, found.Problem);
        Assert.Contains("checked.invalid", await File.ReadAllTextAsync(file.Access.KnownHosts, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_developer_of_the_owners_workspace_builds_from_no_address_inside()
    {
        await using var server = await StaticRepositories.StartAsync(Token);
        var user = _git.NewUser();
        await server.ShowAsync(user, "x", user.Commit("first", ("a", "1")), Token);
        using var developer = await Host.MemberAsync(Role.Developer, Workspace, Token);
        await CreateAsync(developer, "theirs", $"{server.Url}/x.git");
        await CreateAsync(Host.Owner, "own", $"{server.Url}/x.git");

        await using var db = await Host.Platform.OpenAsync(Token);
        var deploys = (await db.Deploys.ToListAsync(Token)).ToDictionary(row => db.Services.Single(service => service.Id == row.ServiceId).Name);
        Assert.Equal(DeployStatus.BuildFailed, deploys["theirs"].Status);
        Assert.Contains("not a public address", deploys["theirs"].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(DeployStatus.Live, deploys["own"].Status);
    }

    [Fact]
    public async Task A_url_keeps_who_set_it_when_the_owner_changes_something_else()
    {
        using var developer = await Host.MemberAsync(Role.Developer, Workspace, Token);
        var id = await CreateAsync(developer, "theirs", "http://127.0.0.1:1/x.git");
        await Host.Owner.CallAsync(HttpMethod.Patch, $"/v1/services/{id}", HttpStatusCode.OK, """{"branch":"other"}""");
        Assert.NotEqual(_owner, await SetByAsync(id));

        await Host.Owner.CallAsync(HttpMethod.Patch, $"/v1/services/{id}", HttpStatusCode.OK, """{"repo":"http://127.0.0.1:1/x.git"}""");
        Assert.Equal(_owner, await SetByAsync(id));
        await developer.CallAsync(HttpMethod.Patch, $"/v1/services/{id}", HttpStatusCode.OK, """{"repo":"http://127.0.0.1:2/x.git"}""");
        Assert.NotEqual(_owner, await SetByAsync(id));
    }

    private async Task<string?> SetByAsync(string service)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return (await db.Services.SingleAsync(row => row.Id == service, Token)).Settings.Source.RepoSetBy;
    }

    private async Task<string> CreateAsync(HttpClient by, string name, string repo)
    {
        var made = await by.CallAsync(HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"background_worker","name":"{{name}}","ownerId":"{{Workspace}}","repo":"{{repo}}","branch":"main",
            "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"work"} } }
            """);
        await Host.Platform.SettleAsync(Token);
        return made.GetProperty("service").Text("id");
    }
}
