using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary><c>up</c> in a directory without a render.yaml deploys the app that is recognized, and writes nothing into the directory.</summary>
public sealed class UpWithoutFileTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Terminal _terminal = null!;
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _terminal = new Terminal(_folder);
        _folder.Write("work/package.json", """{"scripts":{"start":"node app.js"},"dependencies":{"express":"5"}}""");
        _server = await FakeServer.StartAsync(_folder);
        _server.Apply = _ => (200, Given.Applied(new PlannedChange("service", "work", "create")) with { Deploys = [new("work", "new service")] });
        _server.Status = read => read == 1 ? Given.Status() : Given.Status(Given.Service("work"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Without_a_terminal_it_is_shown_and_deployed()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        var request = _server.Applied.Single();
        Assert.Contains("startCommand: node app.js", request.Blueprint, StringComparison.Ordinal);
        Assert.Equal(("render.yaml", _folder["work"]), (request.FileName, request.Directory));
        Assert.Contains("work: Express, a web service with the runtime node (package.json has the dependency express)", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Portico deploys it.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal([_folder["work/package.json"]], Directory.GetFileSystemEntries(_folder["work"]));
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("", false)]
    public async Task A_user_is_asked(string answer, bool deploys)
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Answer(answer);
        Assert.Equal(deploys ? ExitCode.Ok : ExitCode.Usage, await terminal.RunAsync("up", "--detach"));
        Assert.Contains("Deploy this? [y/N] ", terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(deploys ? 1 : 0, _server.Applied.Count);
        Assert.Equal(!deploys, terminal.Error.ToString().Contains("Nothing was changed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_with_the_same_name_is_changed_only_if_the_user_agrees()
    {
        _server.Status = _ => Given.Status(Given.Service("work"));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("error: work exists already. Nothing was changed.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Applied);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up", "--yes"));
        Assert.Single(_server.Applied);
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Answer("no");
        Assert.Equal(ExitCode.Usage, await terminal.RunAsync("up"));
        Assert.Contains("Deploy this, and change work? [y/N] ", terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_comes_before_what_is_recognized()
    {
        _folder.Write("work/render.yaml", "services: []\n");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        Assert.Equal("services: []\n", _server.Applied.Single().Blueprint);
    }

    [Theory]
    [InlineData("HOME")]
    [InlineData("PORTICO_ROOT")]
    public async Task The_home_directory_and_the_installation_are_no_apps(string variable)
    {
        _terminal.Set(variable, _folder["work"]);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains($"There is no render.yaml in {_folder["work"]}.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Applied);
    }

    [Fact]
    public async Task What_needs_a_container_engine_is_not_deployed()
    {
        File.Delete(_folder["work/package.json"]);
        _folder.Write("work/Dockerfile", "FROM php\n");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("Portico does not read its Dockerfile.", _terminal.Error.ToString(), StringComparison.Ordinal);
    }
}
