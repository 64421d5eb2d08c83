using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Against a real server that answers as the providers do.</summary>
public sealed class CommitCheckReaderTests : IAsyncLifetime
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly SimHosts _hosts = new();
    private readonly List<string> _asked = [];
    private WebApplication _server = null!;
    private OutboundClient _client = null!;
    private string _answer = "[]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context =>
        {
            _asked.Add($"{context.Request.Path} {context.Request.Headers.Authorization}{context.Request.Headers["PRIVATE-TOKEN"]}");
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(_answer);
        });
        await _server.StartAsync(Token);
        foreach (var name in (string[])["gitlab.test", "gitea.test"])
            _hosts.Known[name] = System.Net.IPAddress.Loopback;
        _client = new OutboundClient(_hosts, new OutboundAddresses([System.Net.IPNetwork.Parse("127.0.0.1/32")]), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("""[{"status":"success"},{"status":"skipped"}]""", nameof(ChecksState.Passed))]
    [InlineData("""[{"status":"success"},{"status":"running"}]""", nameof(ChecksState.Pending))]
    [InlineData("""[{"status":"running"},{"status":"failed"}]""", nameof(ChecksState.Failed))]
    [InlineData("[]", nameof(ChecksState.Pending))]
    [InlineData("<html>", nameof(ChecksState.Pending))]
    public async Task GitLab_is_asked_with_the_token_of_the_address(string answer, string expected)
    {
        _answer = answer;
        Assert.Equal(expected, (await ReadAsync("gitlab.test", "a/group/app.git")).State.ToString());
        Assert.EndsWith($"/repository/commits/{Commit}/statuses secret", Assert.Single(_asked), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"state":"success","statuses":[{"status":"success"}]}""", nameof(ChecksState.Passed))]
    [InlineData("""{"state":"pending","statuses":[{"status":"pending"}]}""", nameof(ChecksState.Pending))]
    [InlineData("""{"check_runs":[{"status":"completed","conclusion":"success"},{"status":"in_progress","conclusion":null}]}""", nameof(ChecksState.Pending))]
    [InlineData("""{"check_runs":[{"status":"completed","conclusion":"timed_out"}]}""", nameof(ChecksState.Failed))]
    public async Task The_checks_of_a_commit_are_summed_up(string answer, string expected)
    {
        _answer = answer;
        Assert.Equal(expected, (await ReadAsync("gitea.test", "me/app")).State.ToString());
        Assert.Equal($"/api/v1/repos/me/app/commits/{Commit}/status token secret", Assert.Single(_asked));
    }

    [Theory]
    [InlineData("https://example.org/me/app.git")]
    [InlineData("git@github.com:me/app.git")]
    [InlineData("file:///srv/app.git")]
    public async Task Who_is_not_known_is_not_asked(string url)
    {
        Assert.Equal(ChecksState.Unknown, (await new CommitCheckReader(_client).ReadAsync(url, Commit, Token)).State);
        Assert.Empty(_asked);
    }

    [Fact]
    public void GitHub_has_both_statuses_and_check_runs() => Assert.Equal(
        [$"https://api.github.com/repos/me/app/commits/{Commit}/status", $"https://api.github.com/repos/me/app/commits/{Commit}/check-runs?per_page=100"],
        GitProvider.Of("https://github.com/me/app.git")!.Addresses(Commit).Select(address => address.ToString()));

    private Task<CommitChecks> ReadAsync(string host, string path) => new CommitCheckReader(_client).ReadAsync(
        $"http://me:secret@{host}:{new Uri(_server.Urls.Single()).Port}/{path}", Commit, Token);
}
