using System.Globalization;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Logs;
using Portico.Cli.Tests.Support;
using Portico.Testing;

namespace Portico.Cli.Tests;

/// <summary>The commands that ask a running server.</summary>
public sealed class CommandTests : ServerCommandTest
{
    [Fact]
    public async Task Status_is_a_table_without_colours_when_nobody_looks()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("status"));
        Assert.Equal(
            """
            NAME     TYPE         STATUS     URL                        INTERNAL ADDRESS  DEPLOY          INSTANCES
            api      web_service  live       http://api.localhost:8080  api:10000         live (0123456)  1 ready
            shop-db  postgres     available  -                          shop-db:5432      -               -

            """, Terminal.Out.ToString());
    }

    [Fact]
    public async Task Status_for_scripts_is_exactly_the_promised_array()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("status", "--json"));
        using var json = JsonDocument.Parse(Terminal.Out.ToString());
        var (api, database) = (json.RootElement[0], json.RootElement[1]);
        Assert.Equal(["name", "id", "type", "status", "url", "internalAddress", "deploy", "instances"], Names(api));
        Assert.Equal(["id", "status", "commit", "startedAt", "finishedAt"], Names(api.GetProperty("deploy")));
        Assert.Equal(["id", "pid", "status"], Names(api.GetProperty("instances")[0]));
        Assert.Equal(4711, api.GetProperty("instances")[0].GetProperty("pid").GetInt32());
        Assert.Equal(JsonValueKind.Null, database.GetProperty("deploy").ValueKind);
        Assert.Equal(JsonValueKind.Null, database.GetProperty("url").ValueKind);
    }

    [Fact]
    public async Task Text_for_scripts_is_written_as_it_is_except_control_characters()
    {
        const string Url = "https://example.org/?q='a+b'&lang=<de>", Text = "it's <größer> + \U0001F600 日本 & \u009b31m \e[0m";
        Server.Status = _ => Given.Status(Given.Service("api") with { Url = Url });
        Server.Logs.Add(new LogEntry("srv-api-abcde", Text));
        await Terminal.RunAsync("status", "--json");
        Assert.Contains(Url, Terminal.Out.ToString(), StringComparison.Ordinal);
        using var terminal = new Terminal(Folder);
        await terminal.RunAsync("logs", "api", "--json");
        var printed = terminal.Out.ToString();
        Assert.Contains("it's <größer> + ", printed, StringComparison.Ordinal);
        Assert.Contains("日本 & ", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(printed.TrimEnd('\n'), char.IsControl);
        using var json = JsonDocument.Parse(printed);
        Assert.Equal(Text, json.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_wrong_name_is_answered_with_the_nearest_one()
    {
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("logs", "apy"));
        Assert.Equal("error: There is no service or data store named 'apy'.\nhint: Did you mean `api`?\n", Terminal.Error.ToString());
    }

    [Fact]
    public async Task Logs_are_printed_with_their_colours_on_a_terminal_only()
    {
        Server.Logs.Add(new LogEntry("srv-api-abcde", "\e]0;owned\a\e[32mlistening"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("logs", "api"));
        Assert.Equal("listening\n", Terminal.Out.ToString());
        using var terminal = new Terminal(Folder, interactive: true);
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("logs", "api"));
        Assert.Equal("\e[32mlistening\e[0m\n", terminal.Out.ToString());
        Assert.Contains(Server.Requests, request => request.EndsWith("logs?resource=srv-api&tail=100&follow=false&build=false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_of_several_instances_say_whose_they_are()
    {
        Server.Status = _ => Given.Status(Given.Service("api") with
        {
            Instances = [new("srv-api-abcde", 1, "ready"), new("srv-api-fghij", 2, "ready")],
        });
        Server.Logs.Add(new LogEntry("srv-api-abcde", "one"));
        Server.Logs.Add(new LogEntry("srv-api-fghij", "two"));
        await Terminal.RunAsync("logs", "api");
        Assert.Equal("abcde one\nfghij two\n", Terminal.Out.ToString());
    }

    [Theory]
    [InlineData("build_failed", true)]
    [InlineData("pre_deploy_failed", true)]
    [InlineData("update_failed", false)]
    public async Task Logs_after_a_failed_deploy_end_with_the_end_of_its_build_log_and_the_failure(string status, bool hasBuild)
    {
        var failure = new ResourceFailure("build", "the build command ended with exit code 1", ["npm ERR! missing script"], "Add a build script.");
        Server.Status = _ => Given.Status(Given.Service("api", "failed", status, null, failure));
        Server.BuildLogs.Add(new LogEntry("dep-api", "npm ERR! missing script"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("logs", "api"));
        Assert.Equal(hasBuild ? "npm ERR! missing script\n" : "", Terminal.Out.ToString());
        Assert.Contains("error: api: build failed: the build command ended with exit code 1", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("hint: Add a build script.", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(!hasBuild, Terminal.Error.ToString().Contains("npm ERR!", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_without_lines_say_so_and_where_a_build_is_followed()
    {
        Server.Status = _ => Given.Status(Given.Service("api", "deploying", "build_in_progress"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("logs", "api"));
        Assert.Contains("portico logs api --build --tail", Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_have_times_and_levels_for_people_and_scripts()
    {
        Server.Logs.Add(new LogEntry("srv-api-abcde", "ERROR \e[31mboom", new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "error"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("logs", "api", "--timestamps"));
        Assert.Matches(@"^2026-01-0[123] \d\d:\d\d:05\.678 ERROR boom\n$", Terminal.Out.ToString());
        using var terminal = new Terminal(Folder, interactive: true);
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("logs", "api", "--json", "--level", "warning", "--since", "2026-01-02T00:00:00Z"));
        using var json = JsonDocument.Parse(terminal.Out.ToString());
        Assert.Equal(["timestamp", "level", "source", "text"], Names(json.RootElement));
        Assert.Equal("ERROR \e[31mboom", json.RootElement.GetProperty("text").GetString());
        Assert.DoesNotContain('\e', terminal.Out.ToString());
        Assert.Contains(Server.Requests, request => request.EndsWith(
            "resource=srv-api&follow=false&build=false&since=2026-01-02T00%3A00%3A00.0000000Z&level=warning&level=error&times=true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10m", "2026-01-02T02:54:05Z")]
    [InlineData("2h", "2026-01-02T01:04:05Z")]
    [InlineData("1d", "2026-01-01T03:04:05Z")]
    [InlineData("30s", "2026-01-02T03:03:35Z")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z")]
    [InlineData("999999999999d", "1970-01-01T00:00:00Z")]
    [InlineData("soon", null)]
    [InlineData("5", null)]
    [InlineData("-5m", null)]
    [InlineData("m", null)]
    public void Since_is_a_duration_or_a_time(string text, string? expected) => Assert.Equal(
        expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
        SinceTime.Parse(text, new FixedTime(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))));

    [Theory]
    [InlineData("--since", "soon", "--since is 'soon'")]
    [InlineData("--level", "loud", "loud")]
    public async Task A_filter_that_makes_no_sense_is_refused(string option, string value, string message)
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("logs", "api", option, value));
        Assert.Contains(message, Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_log_is_asked_for_whole()
    {
        await Terminal.RunAsync("logs", "api", "--build");
        Assert.Contains(Server.Requests, request => request.EndsWith("resource=srv-api&follow=false&build=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Following_ends_quietly_when_it_is_interrupted()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Server.Logs.Add(new LogEntry("srv-api-abcde", "listening"));
        var running = Terminal.RunAsync(interrupt.Token, "logs", "api", "--tail", "-n", "5");
        await Eventually.TrueAsync(() => Terminal.Printed.Length > 0, "something is printed");
        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Ok, await running);
        Assert.Equal("listening\n", Terminal.Printed);
        Assert.Contains(Server.Requests, request => request.EndsWith("tail=5&follow=true&build=false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Following_goes_on_when_the_server_comes_back_and_repeats_nothing()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Server.EndsLogs = true;
        var running = Terminal.RunAsync(interrupt.Token, "logs", "api", "--tail", "-n", "5");
        await Eventually.TrueAsync(() => Server.Requests.Any(request => request.EndsWith("tail=0&follow=true&build=false", StringComparison.Ordinal)), "the logs are followed");
        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Ok, await running);
    }

    [Fact]
    public async Task Open_prints_the_url()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("open", "api"));
        Assert.Equal("http://api.localhost:8080\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task Open_says_why_there_is_no_url()
    {
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("open", "shop-db"));
        Assert.Contains("shop-db has no public URL: it is a Postgres database.", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("hint: Connect with `portico psql shop-db`. Services reach it at shop-db:5432.", Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_asks_for_one()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("restart", "api"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("restart", "shop-db"));
        Assert.Contains("POST /portico/v1/services/srv-api/restart", Server.Requests);
        Assert.Contains("POST /portico/v1/services/dpg-shop-db/restart", Server.Requests);
        Assert.Contains("Restarting shop-db. Its connections end", Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_shows_what_was_skipped_and_does_not_repeat_old_failures()
    {
        var now = TimeProvider.System.GetUtcNow();
        ResourceStatus Failed(string name, TimeSpan ago) => Given.Service(name, "failed", "build_failed", null, new ResourceFailure("build", $"{name} is broken", [], null)) with
        {
            Deploy = new DeploySummary($"dep-{name}", "build_failed", null, now - ago, now - ago),
        };
        Server.Status = _ => Given.Status(
            Failed("today", TimeSpan.FromMinutes(5)), Failed("yesterday", TimeSpan.FromDays(1)), Failed("before", TimeSpan.FromDays(2))) with
        {
            Skipped = [new SkippedResource("service", "search", "needs a container engine", "render.yaml")],
        };
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("status"));
        Assert.Matches("search +service +skipped", Terminal.Out.ToString());
        Assert.Equal(
            "skipped: search: needs a container engine\nfailed: today: build: today is broken\n2 older deploys failed: yesterday, before. `portico logs NAME` shows why.\n",
            Terminal.Error.ToString());
    }

    [Fact]
    public async Task Restart_of_a_service_with_a_disk_tells_of_the_gap_and_waits_for_the_new_instance()
    {
        var before = Given.Service("api") with { HasDisk = true };
        ResourceStatus[] states =
        [
            before, before with { Instances = [] }, before with { Instances = [new InstanceSummary("srv-api-abcde", 4712, "starting")] },
            before with { Instances = [new InstanceSummary("srv-api-abcde", 4712, "ready")] },
        ];
        var shown = 0;
        Server.Status = _ => Given.Status(states[Math.Min(shown++, states.Length - 1)]);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("restart", "api"));
        Assert.Contains("does not respond in between", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("api is ready again after", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.True(shown >= states.Length);
    }

    [Fact]
    public async Task A_rollback_says_what_comes_back_and_that_auto_deploy_is_off()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("rollback", "api"));
        Assert.Contains("Rolling api back to dep-before, commit 012345678901 (deploy dep-new).", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("Auto-deploy is now off", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("{\"autoDeployTrigger\": \"commit\"}", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("rollback", "api", "dep-chosen"));
        Assert.Contains("Rolling api back to dep-chosen", Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_prints_or_writes_and_does_not_replace_unasked()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("blueprint", "export"));
        Assert.Equal("services: []\n", Terminal.Out.ToString());
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("blueprint", "export", "out.yaml"));
        Assert.Equal("services: []\n", File.ReadAllText(Folder["work/out.yaml"]));
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("blueprint", "export", "out.yaml"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder["work/out.yaml"]));
        File.SetUnixFileMode(Folder["work/out.yaml"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("blueprint", "export", "out.yaml", "--force"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder["work/out.yaml"]));
    }

    [Fact]
    public async Task Plan_changes_nothing_and_prints_the_servers_plan()
    {
        Folder.Write("work/render.yaml", "services: []\n");
        Server.Apply = _ => (200, new BlueprintResult { Applied = false, Diagnostics = [], PlanText = "+ service api\n" });
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("blueprint", "plan"));
        Assert.Equal("+ service api\n", Terminal.Out.ToString());
        Assert.True(Assert.Single(Server.Applied).DryRun);
    }

    [Fact]
    public async Task Doctor_adds_what_the_engine_found()
    {
        await Terminal.RunAsync("doctor", "--json");
        using var json = JsonDocument.Parse(Terminal.Out.ToString());
        var checks = json.RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "limits" && check.GetProperty("fix").GetString() == "mount them");
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "outside" && check.GetProperty("level").GetString() == "warning");
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "git" && check.GetProperty("level").GetString() == "ok");
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "port 8080" && check.GetProperty("message").GetString() == "used by Portico");
    }

    [Fact]
    public async Task Doctor_shows_what_fails_in_the_background_since_when_and_why()
    {
        var since = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        Server.Background = new BackgroundReport(
            [
                new BackgroundLoop("logs", since, 0.1, 7, 3, since, "The disk is full.", []),
                new BackgroundLoop("deploys", since, 0.1, 7, 0, null, null, [new BackgroundItem("dep-1", 3, since, since.AddSeconds(8), "No such artifact.")]),
            ],
            [new BackgroundFailure("public port", since, "Too many open files")]);

        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("doctor"));

        var text = Terminal.Out.ToString();
        Assert.Contains("logs", text, StringComparison.Ordinal);
        Assert.Contains("The disk is full.", text, StringComparison.Ordinal);
        Assert.Contains("dep-1 has failed 3 times since ", text, StringComparison.Ordinal);
        Assert.Contains("Too many open files", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_stops_the_platform_and_keeps_the_data()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("down"));
        Assert.Equal(new StopPlatform(false), Server.Stopped);
        Assert.True(File.Exists(Folder["home/state/api-key"]));
    }

    [Fact]
    public async Task Deleting_without_anyone_to_ask_needs_yes()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("down", "--delete"));
        Assert.Null(Server.Stopped);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("down", "--delete", "--yes"));
        Assert.Equal(new StopPlatform(true), Server.Stopped);
        Assert.False(Directory.Exists(Folder["home"]));
    }

    [Theory]
    [InlineData("delete", true)]
    [InlineData("y", false)]
    public async Task Deleting_is_confirmed_by_typing_the_word(string answer, bool deletes)
    {
        using var terminal = new Terminal(Folder, interactive: true);
        terminal.Answer(answer);
        var code = await terminal.RunAsync("down", "--delete");
        Assert.Equal(deletes ? ExitCode.Ok : ExitCode.Failure, code);
        Assert.Equal(deletes, Server.Stopped is not null);
    }

    [Fact]
    public async Task Deleting_keeps_what_is_not_the_platforms()
    {
        Folder.Write("home/mine.txt", "mine");
        await Terminal.RunAsync("down", "--delete", "--yes");
        Assert.Equal([Folder["home/mine.txt"]], Directory.EnumerateFileSystemEntries(Folder["home"]));
    }

    [Fact]
    public async Task A_refused_key_is_explained()
    {
        File.WriteAllText(Folder["home/state/api-key"], "another");
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("status"));
        Assert.Contains("rejected this machine's API key", Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
