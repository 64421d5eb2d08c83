using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

public sealed class UpdateCommandTests : ServerCommandTest
{
    [Fact]
    public async Task Only_what_is_given_is_changed_and_an_empty_text_resets()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync(
            "update", "api", "--name", "shop", "--repo", ".", "--build-command=--quiet", "--start-command", "node api.js", "--health-check-path", "", "--auto-deploy-trigger", "off"));
        var patch = Assert.Single(Server.Updated);
        Assert.Equal((new("shop"), new(new Uri(Folder["work"]).AbsoluteUri), default, new("off")), (patch.Name, patch.Repo, patch.Branch, patch.AutoDeployTrigger));
        var details = patch.ServiceDetails!;
        Assert.Equal((new("--quiet"), new Optional<string>(null), default), (details.BuildCommand, details.HealthCheckPath, details.Plan));
        Assert.Equal(new Optional<string>("node api.js"), details.EnvSpecificDetails!.StartCommand);
        Assert.Contains("PATCH /v1/services/srv-api", Server.Requests);
        Assert.StartsWith("Updated api. If it affects the app, the change is deployed in a few seconds.", Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_effect_of_a_change_is_said()
    {
        Server.AutoDeploy = "no";
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("update", "api", "--plan", "standard"));
        Assert.Equal("Updated api. Its auto-deploy is off: the change takes effect with `portico deploy api`.\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task Without_an_option_nothing_is_asked()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("update", "api"));
        Assert.Contains("at least one option", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Server.Updated);
    }
}
