using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;
using Portico.Testing;

namespace Portico.Cli.Tests;

public sealed class UpTests : IAsyncLifetime
{
    private const string Blueprint = "services:\n  - type: web\n    name: api\n    runtime: node\n";
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
        await _terminal.RunAsync("up", "--set", "api.STRIPE_KEY=a=b", "--set", "TOKEN=");
        var values = _server.Applied.Single().Values;
        Assert.Equal("a=b", values["api.STRIPE_KEY"]);
        Assert.Equal("", values["TOKEN"]);
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
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("up"));
        Assert.Contains("Using the example app", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blueprint_that_is_too_large_is_refused()
    {
        _folder.Write("work/render.yaml", new string('#', 10 * 1024 * 1024 + 1));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("larger than 10 MB", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_that_does_not_serve_is_a_failure()
    {
        _server.Status = _ => Given.Status(Given.Service("api")) with { EdgeProblem = "port 8080 is taken" };
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("up", "--detach"));
        Assert.Contains("port 8080 is taken", _terminal.Error.ToString(), StringComparison.Ordinal);
    }
}
