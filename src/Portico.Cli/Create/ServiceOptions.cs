using System.CommandLine;
using Portico.Api.Contracts.Render;
using Portico.Cli.Commands;
using Portico.Cli.Hosting;
using Portico.Cli.Up;

namespace Portico.Cli.Create;

/// <summary>The options of <c>create</c> for services, with the names of the fields of <c>render.yaml</c>.</summary>
internal sealed class ServiceOptions
{
    private const string StaticSite = "static_site", CronJob = "cron_job", WebService = "web_service";

    private readonly string _type;
    private readonly Option<string> _repo = new("--repo") { Description = "The Git repository to build from: a URL, or a directory on the machine of the platform.", HelpName = "URL", Required = true };
    private readonly Option<string?> _branch = Text("--branch", "The branch to follow. Default: the repository's default branch.", "NAME");
    private readonly Option<string?> _rootDir = Text("--root-dir", "The directory of the service in the repository.", "DIR");
    private readonly Option<string?> _build = Text("--build-command", "The command that builds the service.", "COMMAND");
    private readonly Option<string[]> _variables = new("--env-var") { Description = "A variable. Repeatable.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _environment = CreateCommand.EnvironmentId();
    private readonly Option<string> _runtime = new("--runtime") { Description = "The runtime, for example node, python or docker.", HelpName = "NAME", Required = true };
    private readonly Option<string?> _start = Text("--start-command", "The command that starts the service.", "COMMAND");
    private readonly Option<string?> _preDeploy = Text("--pre-deploy-command", "The command that runs after the build, before the deploy goes live.", "COMMAND");
    private readonly Option<string?> _plan = Text("--plan", "The plan, which limits memory and CPU. Default: starter.", "NAME");
    private readonly Option<int?> _instances = new("--num-instances") { Description = "The number of instances. Default: 1.", HelpName = "N" };
    private readonly Option<string?> _health = Text("--health-check-path", "The path that must answer before a deploy goes live, for example /healthz.", "PATH");
    private readonly Option<string> _schedule = new("--schedule") { Description = "When it runs, as a cron expression in UTC: '0 3 * * *'.", HelpName = "CRON", Required = true };
    private readonly Option<string?> _publish = Text("--publish-path", "The directory with the built files. Default: public.", "DIR");

    /// <param name="type">A type of Render's API.</param>
    public ServiceOptions(string type)
    {
        _type = type;
        _runtime.CompletionSources.Add("node", "python", "ruby", "go", "rust", "elixir", "dotnet", "docker");
    }

    /// <summary>The options that this type of service has.</summary>
    public IEnumerable<Option> All => _type switch
    {
        StaticSite => [_repo, _branch, _rootDir, _build, _publish, _variables, _environment],
        CronJob => [_schedule, _repo, _branch, _rootDir, _runtime, _build, _start, _plan, _variables, _environment],
        WebService => [.. Running, _health],
        _ => Running,
    };

    private IEnumerable<Option> Running => [_repo, _branch, _rootDir, _runtime, _build, _preDeploy, _start, _plan, _instances, _variables, _environment];

    /// <exception cref="CliException">An option is invalid.</exception>
    public ServicePost Read(CliHost host, ParseResult parsed, string name, string owner) => new()
    {
        Type = _type,
        Name = name,
        OwnerId = owner,
        Repo = RepositoryUrl.Of(host, parsed.GetRequiredValue(_repo)),
        Branch = parsed.GetValue(_branch),
        RootDir = parsed.GetValue(_rootDir),
        EnvironmentId = parsed.GetValue(_environment),
        EnvVars = [.. GivenValues.Parse(parsed.GetValue(_variables) ?? [], "--env-var").Select(item => new EnvVarInput { Key = item.Key, Value = item.Value })],
        ServiceDetails = DetailsOf(parsed),
    };

    private ServiceDetailsPost DetailsOf(ParseResult parsed) => _type == StaticSite
        ? new() { BuildCommand = parsed.GetValue(_build), PublishPath = parsed.GetValue(_publish) }
        : new()
        {
            Runtime = parsed.GetValue(_runtime),
            Plan = parsed.GetValue(_plan),
            Schedule = _type == CronJob ? parsed.GetValue(_schedule) : null,
            PreDeployCommand = parsed.GetValue(_preDeploy),
            NumInstances = parsed.GetValue(_instances),
            HealthCheckPath = parsed.GetValue(_health),
            EnvSpecificDetails = new() { BuildCommand = parsed.GetValue(_build), StartCommand = parsed.GetValue(_start) },
        };

    private static Option<string?> Text(string name, string description, string shown) => new(name) { Description = description, HelpName = shown };
}
