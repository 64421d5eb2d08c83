using System.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Autostart;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>With a systemd of the test's in the place of the machine's.</summary>
public sealed class AutostartTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Terminal _terminal;

    public AutostartTests()
    {
        _terminal = new Terminal(_folder);
        _terminal.SetRoot(_folder["root"]);
        _terminal.Set("PATH", $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}");
        _folder.Write("checkout/portico", "#!/bin/sh\n");
        _terminal.Set("PORTICO_ROOT", _folder["checkout"]);
        _terminal.Set("PORTICO_SERVER_PATH", "/builds/1/portico-server");
        _terminal.Set("PORTICO_HTTP_PORT", "8123");
        Given("loginctl", "exit 0");
        Given("systemctl", $"""
            echo "$*" >>{_folder["asked"]}
            [ "$1" != --user ] || shift
            case $1 in
                enable) mkdir -p "{UnitFolder}/{Target}.wants" && ln -sf "{UnitFolder}/$2" "{UnitFolder}/{Target}.wants/$2" ;;
                disable) rm -f "{UnitFolder}/{Target}.wants/$2" ;;
            esac
            """);
    }

    private static bool OfUser => !Environment.IsPrivilegedProcess;

    private static string Target => UnitText.Target(OfUser);

    private string UnitFolder => OfUser ? _folder[".config/systemd/user"] : _folder["root/etc/systemd/system"];

    private string Unit => Assert.Single(Directory.GetFiles(UnitFolder, "portico*"));

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Without_systemd_it_says_what_to_do_instead()
    {
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("autostart", "enable"));
        var error = _terminal.Error.ToString();
        Assert.Contains("needs systemd", error, StringComparison.Ordinal);
        Assert.Contains("@reboot env PATH=", error, StringComparison.Ordinal);
        Assert.Contains($"PORTICO_HOME={_folder["home"]} PORTICO_HTTP_PORT=8123 /bin/sh {_folder["checkout"]}/portico start", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("autostart", "status"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "disable"));
    }

    [Fact]
    public async Task It_is_turned_on_twice_shown_and_turned_off()
    {
        GivenSystemd();
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "enable"));
        var text = File.ReadAllText(Unit);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "enable"));
        Assert.Equal(text, File.ReadAllText(Unit));
        Assert.Matches(@"^portico-[0-9a-f]{8}\.service$", Path.GetFileName(Unit));
        Assert.Contains($"ExecStart=\"/bin/sh\" \"{_folder["checkout"]}/portico\" \"start\"\n", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "status"));

        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "disable"));
        Assert.Empty(Directory.GetFiles(UnitFolder, "portico*"));
        Assert.Empty(Directory.GetFiles(_folder["home/state"]));
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("autostart", "status"));
        var name = OfUser ? "--user " : "";
        Assert.Equal([$"{name}daemon-reload", $"{name}enable", $"{name}daemon-reload", $"{name}enable", $"{name}disable", $"{name}daemon-reload"],
            File.ReadAllLines(_folder["asked"]).Select(line => line.Split(" portico-")[0]));
    }

    [Fact]
    public async Task The_platform_gets_the_variables_of_today_and_nobody_else_may_read_them()
    {
        GivenSystemd();
        _terminal.Set("HTTPS_PROXY", "http://ada:pa\"ss$word\\@proxy.example.com");
        _terminal.Set("SSH_AUTH_SOCK", "/tmp/agent");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "enable"));
        var file = _folder["home/state/autostart.env"];
        var lines = File.ReadAllLines(file);
        Assert.Contains("PORTICO_HTTP_PORT=\"8123\"", lines);
        Assert.Contains($"PORTICO_HOME=\"{_folder["home"]}\"", lines);
        Assert.Contains("HTTPS_PROXY=\"http://ada:pa\\\"ss\\$word\\\\@proxy.example.com\"", lines);
        Assert.DoesNotContain(lines, line => line.Contains("SSH_AUTH_SOCK", StringComparison.Ordinal) || line.Contains("PORTICO_SERVER_PATH", StringComparison.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain("proxy.example.com", File.ReadAllText(Unit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_systemctl_that_fails_is_reported_with_its_own_words()
    {
        GivenSystemd();
        Given("systemctl", "echo 'Access denied' >&2; exit 4");
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("autostart", "enable"));
        Assert.Contains("failed: exit code 4. Access denied", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_whose_session_may_not_linger_is_told_what_to_ask_for()
    {
        Assert.SkipUnless(OfUser, "The machine's systemd starts without anybody.");
        GivenSystemd();
        Given("loginctl", "echo 'Access denied' >&2; exit 1");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("autostart", "enable"));
        Assert.Contains("loginctl enable-linger", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_and_the_first_up_tell_of_it()
    {
        GivenSystemd();
        _folder.Write("work/render.yaml", "services: []\n");
        await using var server = await FakeServer.StartAsync(_folder);
        await _terminal.RunAsync("up");
        await _terminal.RunAsync("up");
        Assert.Equal(OfUser ? 0 : 1, _terminal.Error.ToString().Split("portico autostart enable").Length - 1);
        await _terminal.RunAsync("doctor");
        Assert.Contains("off; `portico autostart enable`", _terminal.Printed, StringComparison.Ordinal);
        await _terminal.RunAsync("autostart", "enable");
        await _terminal.RunAsync("doctor");
        Assert.Contains($"on: {Unit}", _terminal.Printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/srv/portico")]
    [InlineData("/srv/my apps/100% of \"$HOME\" \\n é")]
    public async Task Systemd_understands_the_unit(string home)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "systemd-analyze"))))
            Assert.Skip("systemd-analyze is not installed.");
        var paths = new PlatformPaths(home);
        var text = new UnitText(home, ["/bin/sh", $"{home}/portico", "start"], $"{paths.State}/autostart.env", paths.Database, OfUser: false).ToString();
        var file = _folder.Write("portico.service", text);
        using var verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await verify.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("portico.service", said.Replace("Command /", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, verify.ExitCode);
    }

    private void GivenSystemd() => Directory.CreateDirectory(_folder["root/run/systemd/system"]);

    private void Given(string program, string script)
    {
        var path = _folder.Write($"bin/{program}", "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
