using System.CommandLine;
using Portico.Api.Contracts.Render;
using Portico.Cli.Create;
using Portico.Cli.Hosting;

namespace Portico.Cli.Update;

/// <summary>The options of <c>update</c>, with the names of those of <c>create</c>. What is not given stays as it is.</summary>
internal sealed class UpdateOptions
{
    private readonly Option<string?> _name = Text("--name", "A new name.", "NAME");
    private readonly Option<string?> _repo = Text("--repo", "The Git repository to build from: a URL, or a directory on the machine of the platform.", "URL");
    private readonly Option<string?> _branch = Text("--branch", "The branch to follow.", "NAME");
    private readonly Option<string?> _rootDir = Text("--root-dir", "The directory of the service in the repository.", "DIR");
    private readonly Option<string?> _autoDeploy = Text("--auto-deploy-trigger", "When new commits are deployed: commit, checksPass or off.", "TRIGGER");
    private readonly Option<string?> _build = Text("--build-command", "The command that builds the service.", "COMMAND");
    private readonly Option<string?> _publish = Text("--publish-path", "The directory with the built files of a static site.", "DIR");
    private readonly Option<string?> _preDeploy = Text("--pre-deploy-command", "The command that runs after the build, before the deploy goes live.", "COMMAND");
    private readonly Option<string?> _start = Text("--start-command", "The command that starts the service.", "COMMAND");
    private readonly Option<string?> _health = Text("--health-check-path", "The path that must answer before a deploy goes live, for example /healthz.", "PATH");
    private readonly Option<string?> _schedule = Text("--schedule", "When a cron job runs, as a cron expression in UTC: '0 3 * * *'.", "CRON");
    private readonly Option<string?> _plan = Text("--plan", "The plan, which limits memory and CPU.", "NAME");

    public UpdateOptions() => _autoDeploy.CompletionSources.Add("commit", "checksPass", "off");

    public IEnumerable<Option> All => [_name, _repo, _branch, _rootDir, _autoDeploy, _build, _publish, _preDeploy, _start, _health, _schedule, _plan];

    /// <exception cref="CliException">An option is invalid.</exception>
    public ServicePatch Read(CliHost host, ParseResult parsed)
    {
        var repo = Given(parsed, _repo);
        return new ServicePatch
        {
            Name = Given(parsed, _name),
            Repo = repo.Value is { } given ? new(RepositoryUrl.Of(host, given)) : repo,
            Branch = Given(parsed, _branch),
            RootDir = Given(parsed, _rootDir),
            AutoDeployTrigger = Given(parsed, _autoDeploy),
            ServiceDetails = new ServiceDetailsPatch
            {
                BuildCommand = Given(parsed, _build),
                PublishPath = Given(parsed, _publish),
                PreDeployCommand = Given(parsed, _preDeploy),
                HealthCheckPath = Given(parsed, _health),
                Schedule = Given(parsed, _schedule),
                Plan = Given(parsed, _plan),
                EnvSpecificDetails = new EnvSpecificDetailsPatch { StartCommand = Given(parsed, _start) },
            },
        };
    }

    /// <summary>An empty text resets the setting, as null does in the API.</summary>
    private static Optional<string> Given(ParseResult parsed, Option<string?> option) =>
        parsed.GetResult(option) is null ? default : new(parsed.GetValue(option) is { Length: > 0 } value ? value : null);

    private static Option<string?> Text(string name, string description, string shown) => new(name) { Description = description, HelpName = shown };
}
