using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Terminal _terminal;

    public UsageTests() => _terminal = new Terminal(_folder);

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("statsu", "Did you mean `status`?")]
    [InlineData("log", "Did you mean `logs`?")]
    [InlineData("stauts", "Did you mean `status`?")]
    [InlineData("lgos", "Did you mean `logs`?")]
    [InlineData("rollbak", "Did you mean `rollback`?")]
    [InlineData("launch", "Did you mean `portico up`?")]
    [InlineData("delpoy", "Did you mean `deploy`?")]
    [InlineData("stop", "Did you mean `portico down`?")]
    [InlineData("ps", "Did you mean `portico status`?")]
    [InlineData("validate", "Did you mean `portico blueprint validate`?")]
    [InlineData("plan", "Did you mean `portico blueprint plan`?")]
    [InlineData("xyzzy", "`portico --help` lists commands and options.")]
    public async Task An_unknown_command_is_refused_with_the_nearest_one(string given, string hint)
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync(given));
        Assert.Equal($"error: Unknown command '{given}'.\nhint: {hint}\n", _terminal.Error.ToString());
        Assert.Empty(_terminal.Out.ToString());
    }

    [Fact]
    public async Task An_unknown_option_is_refused_with_the_nearest_one()
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up", "--detatch"));
        Assert.Contains("Did you mean `--detach`?", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("logs", "api", "-n", "many")]
    [InlineData("logs", "api", "-n", "-5")]
    [InlineData("blueprint")]
    [InlineData("completion", "tcsh")]
    [InlineData("up", "--set")]
    [InlineData("up", "--set", "=value")]
    [InlineData("up", "/no/such/directory")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync(arguments));
        Assert.StartsWith("error: ", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("up", "--help")]
    [InlineData("psql", "-h")]
    [InlineData("down", "-?")]
    [InlineData("completion", "--help")]
    public async Task Help_shows_examples(params string[] arguments)
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync(arguments));
        Assert.Contains("Examples:\n  ", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Error.ToString());
    }

    [Fact]
    public async Task A_mistyped_command_of_a_group_is_refused_with_the_nearest_one()
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validat"));
        Assert.Contains("Did you mean `validate`?", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logs", "NAME")]
    [InlineData("open", "NAME")]
    [InlineData("psql", "NAME")]
    [InlineData("restart", "NAME")]
    [InlineData("rollback", "NAME")]
    [InlineData("delete", "NAME")]
    [InlineData("deploys", "NAME")]
    public async Task Help_names_the_argument_and_not_what_it_could_be(string command, string argument)
    {
        await using var server = await FakeServer.StartAsync(_folder);
        server.Status = _ => Given.Status(Given.Service("checkout"), Given.Database("checkout-db"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync(command, "--help"));
        Assert.Contains($"{command} <{argument}>", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("checkout", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("--version"));
        Assert.Matches(@"^portico \d+\.\d+\.\d+\S*\n$", _terminal.Out.ToString());
    }

    [Fact]
    public async Task A_setting_that_cannot_be_used_is_named()
    {
        _terminal.Set("PORTICO_HTTP_PORT", "eighty");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("status"));
        Assert.Contains("PORTICO_HTTP_PORT is 'eighty'", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status", "--json")]
    [InlineData("logs", "api")]
    [InlineData("psql", "db")]
    public async Task Without_a_server_the_way_to_start_it_is_told(params string[] arguments)
    {
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync(arguments));
        Assert.Contains("Portico is not running", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("portico up", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Out.ToString());
    }

    [Fact]
    public async Task Completion_offers_commands_and_the_names_of_a_running_platform()
    {
        await using var server = await FakeServer.StartAsync(_folder);
        server.Status = _ => Given.Status(Given.Service("api"), Given.Database("shop-db"));
        await _terminal.RunAsync("[suggest:15]", "./portico logs ");
        Assert.Contains("api", _terminal.Out.ToString(), StringComparison.Ordinal);
        await _terminal.RunAsync("[suggest:10]", "portico st");
        Assert.Contains("status", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Error.ToString());
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("fish", "complete -c portico")]
    public async Task Completion_scripts_are_printed(string shell, string expected)
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("completion", shell));
        Assert.Contains(expected, _terminal.Out.ToString(), StringComparison.Ordinal);
    }
}
