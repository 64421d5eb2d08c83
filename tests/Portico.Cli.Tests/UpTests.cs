using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;
using Portico.Testing;

namespace Portico.Cli.Tests;

public sealed class UpTests : IAsyncLifetime
{
    private const string Blueprint = "services:\n  - type: web\n    name: api\n    runtime: node\n";
    private const string Asking = """
        services:
          - type: web
            name: api
            runtime: node
            envVars:
              - {key: STRIPE_KEY, sync: false}
              - {key: spring.datasource.password, sync: false}
              - {key: LEVEL, value: "1"}
        envVarGroups:
          - name: shared
            envVars: [{key: TOKEN, sync: false}]
        """;

    private static readonly PlannedChange CreateApi = new("service", "api", "create");
    private static readonly PlannedChange UnchangedApi = new("service", "api", "unchanged");

    private readonly TempFolder _folder = new();
    private Terminal _terminal = null!;
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _terminal = new Terminal(_folder);
        _folder.Write("work/render.yaml", Blueprint);
        _server = await FakeServer.StartAsync(_folder);
        _server.Apply = _ => (200, Given.Applied(CreateApi) with { Deploys = [new("api", "new service")] });
        _server.Status = _ => Given.Status(Given.Service("api"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_uploads_the_directory_once_and_applies_the_file_at_that_commit()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        var requests = _server.Applied.ToList();
        Assert.Equal(2, requests.Count);
        Assert.Equal(Blueprint, requests[0].Blueprint);
        Assert.Equal(requests[0].Commit, requests[1].Commit);
        Assert.Equal([requests[0].Commit!], _server.Sources.Keys);
        Assert.Single(_server.Requests, request => request.StartsWith("PUT ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_is_a_line_for_each_change_and_the_end_is_a_table()
    {
        _server.Status = read => Given.Status(read switch
        {
            <= 2 => Given.Service("api", "not_deployed", "build_in_progress", new("building", DateTimeOffset.UnixEpoch, "npm ci")),
            <= 4 => Given.Service("api", "deploying", "update_in_progress", new("starting", DateTimeOffset.UnixEpoch, null)),
            _ => Given.Service("api"),
        });
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up", "--detach"));
        Assert.Matches(
            """
            ^  \+ service api  create, deploy: new service
            api: building
            api: starting
            api: live \(\d+\.\d s\)
            Everything is live\.
            NAME  TYPE         STATUS  URL                        INTERNAL ADDRESS
            api   web_service  live    http://api\.localhost:8080  api:10000
            Dashboard: http://localhost:\d+ \(`portico dashboard` signs you in\)
            $
            """, _terminal.Out.ToString());
    }

    [Fact]
    public async Task Nothing_to_do_is_said()
    {
        _server.Apply = _ => (200, Given.Applied(UnchangedApi));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        Assert.StartsWith("Everything is up to date.\n", _terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_says_the_step_the_last_lines_what_to_try_and_where_to_look()
    {
        var failure = new ResourceFailure("build", "the build command ended with exit code 1", ["npm ERR! missing script: build"], "Add a build script.");
        _server.Status = _ => Given.Status(Given.Service("api", "failed", "build_failed", null, failure));
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("up", "--detach"));
        Assert.Equal(
            """
            error: api: build failed: the build command ended with exit code 1
              npm ERR! missing script: build
            hint: Add a build script.
            more: portico logs api --build

            """, _terminal.Error.ToString());
        Assert.DoesNotContain("Everything", _terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_deploy_over_a_live_one_is_a_failure_too()
    {
        _server.Status = _ => Given.Status(Given.Service("api", "live", "update_failed"));
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("up", "--detach"));
    }

    [Fact]
    public async Task Errors_in_the_blueprint_are_shown_where_they_are_and_end_with_2()
    {
        _server.Apply = _ => (422, Given.Refused(new BlueprintDiagnostic(
            "error", "unknown-field", "unknown field 'runtim'", "services[0].runtim", 4, 5, "did you mean 'runtime'?")));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Equal(
            """
            render.yaml:4:5: error: unknown field 'runtim' [unknown-field]
                4 |     runtime: node
                  |     ^
              help: did you mean 'runtime'?
            error: render.yaml was not applied. Nothing was changed.

            """, _terminal.Error.ToString());
    }

    [Fact]
    public async Task A_missing_value_is_named_when_nobody_can_be_asked()
    {
        _server.Apply = _ => (422, Given.Asks(new RequiredValue("api", "STRIPE_KEY"), new RequiredValue("worker", "TOKEN")));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("hint: Add --set api.STRIPE_KEY=… --set worker.TOKEN=…\n", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_values_are_passed_on()
    {
        _folder.Write("work/render.yaml", Asking);
        await _terminal.RunAsync("up", "--set", "api.STRIPE_KEY=a=b", "--set", "TOKEN=");
        var values = _server.Applied.Single().Values;
        Assert.Equal("a=b", values["api.STRIPE_KEY"]);
        Assert.Equal("", values["TOKEN"]);
    }

    [Theory]
    [InlineData("STRIPE_KY=x", "there is no variable STRIPE_KY in render.yaml.", "Did you mean `--set STRIPE_KEY=…`?")]
    [InlineData("apy.STRIPE_KEY=x", "there is no service or environment group apy in render.yaml.", "Did you mean `--set api.STRIPE_KEY=…`?")]
    [InlineData("api.STRIPE=x", "api has no variable STRIPE in render.yaml.", "Did you mean `--set api.STRIPE_KEY=…`?")]
    [InlineData("api.LEVEL=x", "LEVEL of api gets its value from render.yaml.", "Only variables with `sync: false`")]
    [InlineData("LEVEL=x", "LEVEL of api gets its value from render.yaml.", "Only variables with `sync: false`")]
    [InlineData("NOTHING_LIKE_IT=x", "there is no variable NOTHING_LIKE_IT in render.yaml.", "It can be one of STRIPE_KEY, spring.datasource.password, TOKEN.")]
    public async Task A_value_that_nobody_asks_for_is_an_error_that_names_the_wrong_part(string given, string problem, string hint)
    {
        _folder.Write("work/render.yaml", Asking);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up", "--set", given));
        Assert.StartsWith($"error: --set {given.Split('=')[0]}: {problem}\nhint: {hint}", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.Applied);
    }

    [Fact]
    public async Task A_key_may_contain_dots()
    {
        _folder.Write("work/render.yaml", Asking);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up", "--set", "spring.datasource.password=x", "--set", "api.spring.datasource.password=y"));
    }

    [Theory]
    [InlineData("sk_live_secret", "A --set option has no '=', so it sets no value.")]
    [InlineData("=secret", "A --set option has no variable name before '='.")]
    public async Task A_value_without_a_name_is_not_shown(string given, string message)
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up", "--set", given));
        Assert.Contains(message, _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_run_here_needs_the_users_word()
    {
        _server.Apply = CannotRunSearch;
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("error: 'search' cannot run here. Nothing was changed.\nhint: Deploy the rest with --skip search", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up", "--skip", "search"));
        Assert.Contains("skipped: search: needs a container engine\n", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y", ExitCode.Ok)]
    [InlineData("n", ExitCode.Usage)]
    [InlineData("", ExitCode.Usage)]
    public async Task On_a_terminal_it_asks_whether_to_deploy_the_rest(string answer, int code)
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Set("TERM", "dumb");
        terminal.Answer(answer);
        _server.Apply = CannotRunSearch;
        Assert.Equal(code, await terminal.RunAsync("up", "--detach"));
        Assert.Contains("Deploy the rest without search? [y/N]", terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(code == ExitCode.Ok ? ["search"] : [], _server.Applied.Last().Skip);
        Assert.Equal(1, terminal.Error.ToString().Split("needs a container engine [engine-cannot]").Length - 1);
    }

    [Theory]
    [InlineData(true, "Dashboard: http://localhost:8080/signin#rnd_once (works once, within 15 minutes)")]
    [InlineData(false, "(`portico dashboard` signs you in)")]
    public async Task A_terminal_gets_a_link_that_signs_in_and_up_succeeds_without_it(bool hasLink, string line)
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Set("TERM", "dumb");
        _server.HasLoginLinks = hasLink;
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("up", "--detach"));
        Assert.Contains(line, terminal.Out.ToString(), StringComparison.Ordinal);
    }

    private static (int, BlueprintResult) CannotRunSearch(ApplyBlueprint request)
    {
        var isSkipped = request.Skip.Contains("search");
        var diagnostic = new BlueprintDiagnostic(isSkipped ? "warning" : "error", "engine-cannot", "needs a container engine", "services[0]", 2, 5, null);
        var result = isSkipped ? Given.Applied(CreateApi) : Given.Refused();
        return (isSkipped ? 200 : 422, result with { Diagnostics = [diagnostic], LeftOut = [new("service", "search", "needs a container engine", isSkipped)] });
    }

    [Fact]
    public async Task A_missing_value_is_asked_for_on_a_terminal_and_not_shown()
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Set("TERM", "dumb");
        terminal.Answer("hunter2");
        _server.Apply = request => request.Values.ContainsKey("api.STRIPE_KEY")
            ? (200, Given.Applied(UnchangedApi))
            : (422, Given.Asks(new RequiredValue("api", "STRIPE_KEY")));
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("up", "--detach"));
        Assert.Equal("hunter2", _server.Applied.Last().Values["api.STRIPE_KEY"]);
        Assert.DoesNotContain("hunter2", terminal.Out.ToString() + terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_input_never_asks()
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Answer("hunter2");
        _server.Apply = _ => (422, Given.Asks(new RequiredValue("api", "STRIPE_KEY")));
        Assert.Equal(ExitCode.Usage, await terminal.RunAsync("up", "--no-input"));
        Assert.Single(_server.Applied);
    }

    [Fact]
    public async Task Interrupting_says_that_deploys_continue()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _server.Status = read =>
        {
            if (read == 4)
                interrupt.Cancel();
            return Given.Status(Given.Service("api", "deploying", "build_in_progress"));
        };
        Assert.Equal(ExitCode.Interrupted, await _terminal.RunAsync(interrupt.Token, "up", "--detach"));
        Assert.Contains("Deploys in progress continue", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("portico down", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_it_follows_the_logs_until_it_is_interrupted()
    {
        using var terminal = new Terminal(_folder, interactive: true);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _server.Logs.Add(new LogEntry("srv-api-abcde", "listening"));
        var running = terminal.RunAsync(interrupt.Token, "up");
        await Eventually.TrueAsync(() => terminal.Printed.Contains("listening", StringComparison.Ordinal), "the program says that it listens", () => terminal.Printed);
        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Ok, await running);
        Assert.Contains("Services keep running.", terminal.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_or_directory_may_be_named()
    {
        _folder.Write("shop/render.yml", "services: []\n");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up", _folder["shop"]));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up", "../shop/render.yml"));
        Assert.All(_server.Applied, request => Assert.Equal("services: []\n", request.Blueprint));
    }

    [Fact]
    public async Task Without_a_file_here_the_example_stands_in()
    {
        File.Delete(_folder["work/render.yaml"]);
        _folder.Write("root/examples/guestbook/render.yaml", "services: []\n");
        _terminal.Set("PORTICO_ROOT", _folder["root"]);
        _server.Status = read => read == 1 ? Given.Status() : Given.Status(Given.Service("api"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        Assert.Contains("Using the example app", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("work", "api", false)]
    [InlineData("work", "shop", false)]
    [InlineData("root", "shop", false)]
    [InlineData("root", "api", true)]
    public async Task The_example_is_not_deployed_onto_a_platform_that_has_something(string directory, string existing, bool allowed)
    {
        File.Delete(_folder["work/render.yaml"]);
        _folder.Write("work/docker-compose.yml", "services: {}\n");
        _folder.Write("root/examples/guestbook/render.yaml", Blueprint);
        _terminal.Set("PORTICO_ROOT", _folder["root"]);
        _terminal.SetDirectory(_folder[directory]);
        _server.Status = _ => Given.Status(Given.Service(existing));
        Assert.Equal(allowed ? ExitCode.Ok : ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Equal(allowed ? 1 : 0, _server.Applied.Count);
        if (allowed)
            return;
        Assert.Contains($"There is no render.yaml in {_folder[directory]}.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("hint: Pass a file or directory", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(directory == "work", _terminal.Error.ToString().Contains("Portico does not read its docker-compose.yml.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blueprint_that_is_too_large_is_refused()
    {
        _folder.Write("work/render.yaml", new string('#', 10 * 1024 * 1024 + 1));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("larger than 10 MB", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "The edge is not serving requests: port 8080 is taken")]
    [InlineData(true, "The edge serves requests, except: port 8080 is taken")]
    public async Task An_edge_that_does_not_serve_everything_is_a_failure_that_says_what(bool serves, string said)
    {
        _server.Status = _ => Given.Status(Given.Service("api")) with { EdgeProblem = "port 8080 is taken", EdgeServes = serves };
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("up", "--detach"));
        Assert.Contains(said, _terminal.Error.ToString(), StringComparison.Ordinal);
        await _terminal.RunAsync("status");
        Assert.Contains(said, _terminal.Error.ToString(), StringComparison.Ordinal);
    }
}
