using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>Commands on a laptop that use a platform on another machine.</summary>
public sealed class RemoteTests : IAsyncLifetime
{
    private const string Key = "key-of-the-test";

    private readonly TempFolder _there = new();
    private readonly TempFolder _folder = new();
    private Terminal _terminal = null!;
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _terminal = new Terminal(_folder);
        _server = await FakeServer.StartAsync(_there);
        _server.Status = _ => Given.Status(Given.Service("api"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _folder.Dispose();
        _there.Dispose();
    }

    private string File => _folder[".config/portico/remotes.json"];

    [Fact]
    public async Task A_directory_of_this_machine_is_no_repository_of_another_one()
    {
        _terminal.Set("PORTICO_HOST", _server.Url);
        _terminal.Set("PORTICO_API_KEY", Key);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("create", "static", "site", "--repo", "."));
        Assert.StartsWith($"error: --repo is a directory of this machine, which {_server.Url} cannot read.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.CreatedServices);
    }

    [Fact]
    public async Task The_environment_chooses_a_platform()
    {
        _terminal.Set("PORTICO_HOST", _server.Url + "/v1/");
        _terminal.Set("PORTICO_API_KEY", Key);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("status"));
        Assert.Contains("api", _terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_login_commands_use_the_platform_until_another_is_chosen()
    {
        _terminal.Answer(Key);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("login", _server.Url, "--name", "office"));
        Assert.Contains($"You are logged in to {_server.Url} as ada@example.org.", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("restart", "api"));
        Assert.Contains("POST /portico/v1/services/srv-api/restart", _server.Requests);

        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("config", "use", "local"));
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("status"));
        Assert.Contains("Portico is not running", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("config", "use", "office"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("status"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("config", "remove", "office"));
        Assert.DoesNotContain(Key, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_typed_without_an_echo()
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Answer(Key);
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("login", _server.Url));
        Assert.DoesNotContain(Key, terminal.Out.ToString() + terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_is_not_remembered()
    {
        _terminal.Answer("wrong");
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("login", _server.Url));
        Assert.Equal($"error: {_server.Url} refused the API key.\nhint: Log in again with `portico login {_server.Url}`.\n", _terminal.Error.ToString());
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("office", "'office' is not the address of a platform.")]
    [InlineData("ftp://office", "'ftp://office' is not the address of a platform.")]
    [InlineData("https://user:pw@office", "is not the address of a platform.")]
    public async Task What_is_no_address_is_refused(string given, string message)
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("login", given));
        Assert.Contains(message, _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_missing_is_named()
    {
        _terminal.Set("PORTICO_HOST", "https://portico.example.com");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("status"));
        Assert.Contains("there is no API key for https://portico.example.com.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("hint: Set PORTICO_API_KEY", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_is_named()
    {
        var port = Portico.Testing.FreePort.Find();
        _terminal.Set("PORTICO_HOST", $"http://127.0.0.1:{port}");
        _terminal.Set("PORTICO_API_KEY", Key);
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("status"));
        Assert.StartsWith($"error: http://127.0.0.1:{port} cannot be reached: ", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("down", "--delete", "--yes")]
    [InlineData("up")]
    [InlineData("blueprint", "plan")]
    [InlineData("psql", "db")]
    public async Task What_needs_the_machine_of_the_platform_touches_no_other(params string[] arguments)
    {
        _terminal.Set("PORTICO_HOST", _server.Url);
        _terminal.Set("PORTICO_API_KEY", Key);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync(arguments));
        Assert.Contains($"This command works only on the machine of the platform, and your commands use {_server.Url}.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("unset PORTICO_HOST", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync([arguments[0], "--help"]));
    }

    [Fact]
    public async Task A_member_sees_the_resources_of_the_workspaces()
    {
        _server.IsOwners = false;
        _terminal.Set("PORTICO_HOST", _server.Url);
        _terminal.Set("PORTICO_API_KEY", Key);
        var code = await _terminal.RunAsync("deploy", "api");
        Assert.Equal((ExitCode.Ok, ""), (code, _terminal.Error.ToString()));
        Assert.EndsWith("api is live: https://api.example.com\n", _terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Platforms_are_a_table_or_json()
    {
        _terminal.Answer(Key);
        await _terminal.RunAsync("login", _server.Url, "--name", "office");
        using var terminal = new Terminal(_folder);
        await terminal.RunAsync("config", "list");
        Assert.Matches(@"NAME +URL +USED\nlocal +this machine +no\noffice +http://127.0.0.1:\d+ +yes\n", terminal.Out.ToString());
        using var asJson = new Terminal(_folder);
        await asJson.RunAsync("config", "list", "--json");
        Assert.Equal(_server.Url, JsonElement.Parse(asJson.Out.ToString())[1].GetProperty("url").GetString());
        Assert.DoesNotContain(Key, terminal.Out.ToString() + asJson.Out, StringComparison.Ordinal);
        await asJson.RunAsync("[suggest:19]", "portico config use ");
        Assert.EndsWith("local\noffice\n", asJson.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_platform_that_is_not_there_is_refused_with_those_that_are()
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("config", "use", "office"));
        Assert.Equal("error: There is no platform 'office'.\nhint: There are: local. `portico login URL` adds one.\n", _terminal.Error.ToString());
    }
}
