using Portico.Api.Contracts.Platform;
using Portico.Blueprint.References;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Tests.Builds;

/// <summary>The variables that Render documents at https://render.com/docs/environment-variables, in builds and in what runs.</summary>
public sealed class RuntimeVariablesTests : IAsyncLifetime
{
    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await SimPlatform.StartAsync(Token);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData("web", "free", "0.1", "1")]
    [InlineData("web", "starter", "0.5", "1")]
    [InlineData("pserv", "standard", "1", "1")]
    [InlineData("web", "pro", "2", "2")]
    [InlineData("pserv", "pro ultra", "8", "8")]
    [InlineData("worker", "pro", "2", null)]
    public async Task Processors_are_those_of_the_plan_and_web_processes_are_for_what_serves_requests(string type, string plan, string processors, string? concurrency)
    {
        var (build, run) = await DeployAsync($"type: {type}", "node", $"plan: {plan}");

        Assert.Equal(processors, build["RENDER_CPU_COUNT"]);
        Assert.Equal(processors, run["RENDER_CPU_COUNT"]);
        Assert.Equal(concurrency, run.GetValueOrDefault("RENDER_WEB_CONCURRENCY"));
        Assert.Equal(concurrency, run.GetValueOrDefault("WEB_CONCURRENCY"));
        Assert.DoesNotContain("WEB_CONCURRENCY", build.Keys);
    }

    [Theory]
    [InlineData("node", "NODE_ENV", null, "production")]
    [InlineData("node", "NODE_MODULES_CACHE", "true", "true")]
    [InlineData("python", "CI", "true", null)]
    [InlineData("python", "FORWARDED_ALLOW_IPS", "*", "*")]
    [InlineData("python", "GUNICORN_CMD_ARGS", null, "--preload --access-logfile - --bind=0.0.0.0:{port}")]
    [InlineData("python", "PIPENV_YES", "true", "true")]
    [InlineData("ruby", "RAILS_ENV", "production", "production")]
    [InlineData("ruby", "RAILS_LOG_TO_STDOUT", "true", "true")]
    [InlineData("ruby", "RAILS_SERVE_STATIC_FILES", "true", "true")]
    [InlineData("ruby", "MALLOC_ARENA_MAX", "2", "2")]
    [InlineData("ruby", "BUNDLE_PATH", "vendor/bundle", "vendor/bundle")]
    [InlineData("ruby", "PASSENGER_PORT", null, "{port}")]
    [InlineData("ruby", "PIDFILE", null, "/tmp/puma-{instance}.pid")]
    [InlineData("go", "GO111MODULE", "on", "on")]
    [InlineData("rust", "ROCKET_ENV", "prod", "prod")]
    [InlineData("rust", "ROCKET_PORT", null, "{port}")]
    [InlineData("elixir", "MIX_ENV", "prod", "prod")]
    [InlineData("elixir", "RELEASE_DISTRIBUTION", "none", "none")]
    public async Task Each_runtime_has_its_own(string runtime, string name, string? build, string? run)
    {
        var variables = await DeployAsync("type: web", runtime);

        Assert.Equal(build, variables.Build.GetValueOrDefault(name));
        Assert.Equal(run, variables.Run.GetValueOrDefault(name));
    }

    [Fact]
    public async Task The_services_own_variables_override_them()
    {
        var (build, run) = await DeployAsync("type: web", "node", "envVars: [{ key: NODE_ENV, value: test }, { key: RENDER_CPU_COUNT, value: many }, { key: WEB_CONCURRENCY, value: 7 }]");

        Assert.Equal(("test", "many", "7"), (build["NODE_ENV"], build["RENDER_CPU_COUNT"], build["WEB_CONCURRENCY"]));
        Assert.Equal(("test", "many", "7"), (run["NODE_ENV"], run["RENDER_CPU_COUNT"], run["WEB_CONCURRENCY"]));
    }

    [Fact]
    public async Task A_service_knows_itself_its_instance_and_its_commit()
    {
        var (build, run) = await DeployAsync("type: web", "node", $"repo: {UploadedSource.Url}");
        await using var db = await _platform.OpenAsync(Token);
        var service = db.Services.Single();

        foreach (var variables in new[] { build, run })
        {
            Assert.Equal(("true", "false", "web"), (variables["RENDER"], variables["IS_PULL_REQUEST"], variables["RENDER_SERVICE_TYPE"]));
            Assert.Equal((service.Id, "app"), (variables["RENDER_SERVICE_ID"], variables["RENDER_SERVICE_NAME"]));
            Assert.Equal((UploadedSource.Second, "main"), (variables["RENDER_GIT_COMMIT"], variables["RENDER_GIT_BRANCH"]));
            Assert.EndsWith("/uploads", variables["RENDER_GIT_REPO_SLUG"], StringComparison.Ordinal);
            Assert.Equal($"http://{variables["RENDER_EXTERNAL_HOSTNAME"]}", variables["RENDER_EXTERNAL_URL"].Split(':') is [var scheme, var host, ..] ? $"{scheme}:{host}" : "");
        }
        Assert.Equal("{instance}", run["RENDER_INSTANCE_ID"]);
        Assert.DoesNotContain("RENDER_INSTANCE_ID", build.Keys);
    }

    [Theory]
    [InlineData("type: web, runtime: node, startCommand: serve", "web", true)]
    [InlineData("type: pserv, runtime: node, startCommand: serve", "pserv", false)]
    [InlineData("type: worker, runtime: node, startCommand: serve", "worker", false)]
    [InlineData("type: cron, runtime: node, startCommand: serve, schedule: '0 0 1 1 *'", "cron", false)]
    [InlineData("type: web, runtime: static, staticPublishPath: .", "static", true)]
    public async Task Each_type_has_its_name_and_an_address_if_it_is_public(string service, string name, bool isPublic)
    {
        await _platform.ApplyAsync(new ApplyBlueprint { Commit = UploadedSource.First, Blueprint = $"services: [{{name: app, buildCommand: make, {service}}}]" }, Token);
        await _platform.SettleAsync(Token);

        var build = Assert.Single(_platform.World.Builds.Values).Environment;
        foreach (var variables in _platform.World.Revisions.Values.Select(item => item.Revision.Environment).Append(build))
        {
            Assert.Equal(name, variables["RENDER_SERVICE_TYPE"]);
            Assert.Equal(isPublic, variables.ContainsKey("RENDER_EXTERNAL_URL"));
            Assert.Equal(isPublic, variables.ContainsKey("RENDER_EXTERNAL_HOSTNAME"));
        }
    }

    [Fact]
    public void Every_variable_of_the_platform_that_a_file_may_refer_to_has_a_value()
    {
        var world = new VariableWorld
        {
            Services = new Dictionary<string, ServiceIdentity>
            {
                ["target"] = Identity("target", []),
                ["source"] = Identity("source", ReferenceProperties.PlatformVariables.ToDictionary(
                    name => $"TAKEN_{name}", EnvVarSource (name) => new EnvVarSource.FromService("web", "target", null, name))),
            },
            Groups = new Dictionary<string, IReadOnlyDictionary<string, EnvVarSource>>(),
            Databases = new Dictionary<string, DataStoreIdentity>(),
            KeyValues = new Dictionary<string, DataStoreIdentity>(),
        };

        var resolved = new VariableResolver(world).Resolve("source", new Dictionary<string, string>());

        Assert.Empty(resolved.Problems);
        Assert.Equal("false", resolved.Values["TAKEN_IS_PULL_REQUEST"]);
    }

    private static ServiceIdentity Identity(string name, Dictionary<string, EnvVarSource> variables) => new()
    {
        Id = $"srv-{name}",
        Name = name,
        Type = ServiceType.WebService,
        InternalHost = "127.0.0.1",
        InternalPort = 15001,
        ExternalHost = $"{name}.localhost",
        ExternalUrl = $"http://{name}.localhost",
        DiscoveryHost = $"{name}-discovery",
        Variables = variables,
    };

    /// <returns>The variables of the build, and those of the revision with the templates of its instances.</returns>
    private async Task<(IReadOnlyDictionary<string, string> Build, IReadOnlyDictionary<string, string> Run)> DeployAsync(
        string type, string runtime, string more = "rootDir: api")
    {
        await _platform.ApplyAsync(new ApplyBlueprint
        {
            Commit = UploadedSource.First,
            Blueprint = $"""
                services:
                  - {type}
                    name: app
                    runtime: {runtime}
                    buildCommand: make
                    startCommand: serve
                    {more}
                """,
        }, Token);
        await _platform.SettleAsync(Token);
        var revision = Assert.Single(_platform.World.Revisions.Values).Revision;
        var run = new Dictionary<string, string>(revision.InstanceVariables);
        foreach (var (name, value) in revision.Environment)
            run[name] = value;
        return (Assert.Single(_platform.World.Builds.Values).Environment, run);
    }
}
