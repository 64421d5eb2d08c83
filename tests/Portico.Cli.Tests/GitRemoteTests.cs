using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

public sealed class GitRemoteTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Terminal _terminal = null!;
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _terminal = new Terminal(_folder);
        _server = await FakeServer.StartAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_adds_a_remote_that_needs_no_password_typed_and_may_be_repeated()
    {
        var directory = _terminal.Host.WorkingDirectory;
        UserGit.Init(directory);
        UserGit.Run(directory, "remote", "add", "origin", "https://token@example.org/me/app.git");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("git", "remote", "shop"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("git", "remote", "shop"));
        Assert.Equal("http://localhost:8080/git/shop.git", UserGit.Run(directory, "remote", "get-url", "portico"));
        Assert.Contains("git push portico main", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.All(_server.PutRepositories, request => Assert.Equal("https://example.org/me/app.git", request.Origin));
        var helpers = UserGit.Run(directory, "config", "--get-all", "credential.http://localhost:8080.helper").Split('\n');
        Assert.Equal(2, helpers.Length);
        Assert.Equal("", helpers[0]);
        Assert.Contains("api-key", helpers[1], StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllText(new Api.Contracts.Platform.PlatformPaths(_folder["home"]).ApiKey).Trim(), File.ReadAllText(Path.Combine(directory, ".git", "config")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_a_repository_it_says_how_to_make_one()
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("git", "remote"));
        Assert.Contains("git init", _terminal.Error.ToString(), StringComparison.Ordinal);
    }
}
