using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>The commands that deploy, scale, suspend and delete one service or data store.</summary>
public sealed class ManageCommandTests : ServerCommandTest
{
    [Fact]
    public async Task Deploy_waits_until_it_is_live()
    {
        ResourceStatus[] states = [Given.Service("api"), Given.Service("api", "live", "build_in_progress"), Given.Service("api", "live", "update_in_progress"), Given.Service("api")];
        Server.Status = read => Given.Status(states[Math.Min(read - 1, states.Length - 1)]);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("deploy", "api", "--commit", "abc1234", "--clear-cache"));
        Assert.StartsWith("Deploying api (dep-new).\napi: build in progress\napi: update in progress\napi: live", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("api is live: http://api.localhost:8080\n", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(new DeployPost { CommitId = "abc1234", ClearCache = "clear" }, Assert.Single(Server.AskedDeploys));
    }

    [Fact]
    public async Task A_deploy_that_fails_says_why_and_ends_with_1()
    {
        Server.Status = read => Given.Status(read == 1 ? Given.Service("api") : Given.Service(
            "api", "live", "build_failed", null, new ResourceFailure("build", "The build command exited with status 3.", ["no such module"], "Add it.")));
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("deploy", "api"));
        Assert.Contains(
            "error: api: build failed: The build command exited with status 3.\n  no such module\nhint: Add it.\nmore: portico logs api", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(new DeployPost(), Assert.Single(Server.AskedDeploys));
    }

    [Fact]
    public async Task A_deploy_as_json_leaves_standard_output_to_it()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("deploy", "api", "--json"));
        using var json = JsonDocument.Parse(Terminal.Out.ToString());
        Assert.Equal("dep-new", json.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_detached_deploy_does_not_wait()
    {
        Server.Status = _ => Given.Status(Given.Service("api", "live", "build_in_progress"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("deploy", "api", "--detach"));
        Assert.Equal("Deploying api (dep-new). Watch it with `portico deploys api`.\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task Deploys_are_a_table_or_json()
    {
        await Terminal.RunAsync("deploys", "api");
        Assert.Equal(
            """
            ID       STATUS  COMMIT   TRIGGER  CREATED              DURATION  MESSAGE
            dep-api  live    0123456  api      1970-01-01 00:00:00  4.5 s     Add a page

            """, Terminal.Out.ToString());
        using var terminal = new Terminal(Folder);
        await terminal.RunAsync("deploys", "api", "--json", "--limit", "3");
        using var json = JsonDocument.Parse(terminal.Out.ToString());
        Assert.Equal("live", json.RootElement[0].GetProperty("status").GetString());
        Assert.Contains("GET /v1/services/srv-api/deploys?limit=3", Server.Requests);
    }

    [Theory]
    [InlineData("deploys", "api", "--limit", "0")]
    [InlineData("deploys", "api", "--limit", "many")]
    [InlineData("scale", "api", "0")]
    [InlineData("scale", "api", "many")]
    [InlineData("scale", "api")]
    public async Task A_number_that_makes_no_sense_ends_with_2(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync(arguments));
        Assert.Empty(Server.Scaled);
    }

    [Fact]
    public async Task Scale_asks_for_a_number_of_instances()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("scale", "api", "3"));
        Assert.Equal(3, Assert.Single(Server.Scaled));
        Assert.Equal("Scaling api to 3 instances. Watch it with `portico status`.\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task Scale_says_that_autoscaling_chooses_the_number()
    {
        var criterion = new AutoscalingCriterion(true, 50);
        Server.Autoscaling = new AutoscalingConfig { Enabled = true, Min = 1, Max = 3, Criteria = new AutoscalingCriteria(criterion, criterion) };
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("scale", "api", "1"));
        Assert.Equal("api gets 1 instance when its autoscaling is turned off. Until then, autoscaling chooses the number.\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task Services_and_data_stores_are_suspended_and_resumed()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("suspend", "api"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("resume", "shop-db"));
        Assert.Contains("POST /v1/services/srv-api/suspend", Server.Requests);
        Assert.Contains("POST /v1/postgres/dpg-shop-db/resume", Server.Requests);
        Assert.Contains("Suspended api. It serves no requests until `portico resume api`.", Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop-db", true)]
    [InlineData("yes", false)]
    public async Task Delete_is_confirmed_by_typing_the_name(string answer, bool deletes)
    {
        using var terminal = new Terminal(Folder, interactive: true);
        terminal.Answer(answer);
        Assert.Equal(deletes ? ExitCode.Ok : ExitCode.Failure, await terminal.RunAsync("delete", "shop-db"));
        Assert.Contains("This deletes shop-db, a Postgres database, with all its data. It cannot be undone.", terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(deletes, Server.Requests.Contains("DELETE /v1/postgres/dpg-shop-db"));
    }

    [Fact]
    public async Task Delete_without_a_terminal_needs_yes()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("delete", "api"));
        Assert.DoesNotContain("DELETE /v1/services/srv-api", Server.Requests);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("delete", "api", "--yes"));
        Assert.Contains("DELETE /v1/services/srv-api", Server.Requests);
    }

    [Fact]
    public async Task Of_two_with_one_name_neither_is_deleted()
    {
        Server.Status = _ => Given.Status(Given.Service("shop"), Given.Database("shop"));
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("delete", "shop", "--yes"));
        Assert.Equal(
            "error: 2 resources are named 'shop'.\nhint: Use the id instead: srv-shop (a web service), dpg-shop (a Postgres database).\n", Terminal.Error.ToString());
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("delete", "dpg-shop", "--yes"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("deploys", "shop"));
    }

    [Fact]
    public async Task A_rollback_is_json()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("rollback", "api", "--json"));
        using var json = JsonDocument.Parse(Terminal.Out.ToString());
        Assert.Equal("dep-before", json.RootElement.GetProperty("target").GetString());
    }
}
