using System.Text.Json;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

public sealed class CreateCommandTests : ServerCommandTest
{
    [Fact]
    public async Task A_web_service_has_what_its_options_say()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync(
            "create", "web", "api", "--repo", "https://git.example.com/shop.git", "--branch", "next", "--root-dir", "api", "--runtime", "node",
            "--build-command", "npm ci", "--pre-deploy-command", "npm run migrate", "--start-command", "node api.js", "--plan", "standard",
            "--num-instances", "2", "--health-check-path", "/healthz", "--env-var", "A=1=2", "--env-var", "B="));
        var post = Assert.Single(Server.CreatedServices);
        Assert.Equal(("web_service", "api", "tea-1", "https://git.example.com/shop.git", "next", "api"), (post.Type, post.Name, post.OwnerId, post.Repo, post.Branch, post.RootDir));
        var details = post.ServiceDetails!;
        Assert.Equal(("node", "npm run migrate", "standard", 2, "/healthz"), (details.Runtime, details.PreDeployCommand, details.Plan, details.NumInstances, details.HealthCheckPath));
        Assert.Equal(("npm ci", "node api.js"), (details.EnvSpecificDetails!.BuildCommand, details.EnvSpecificDetails.StartCommand));
        Assert.Equal([("A", "1=2"), ("B", "")], post.EnvVars!.Select(item => (item.Key, item.Value)));
        Assert.StartsWith("Created api, a web service (srv-api).\n", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("api is live: http://api.localhost:8080\n", Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("private", "private_service")]
    [InlineData("worker", "background_worker")]
    public async Task Other_services_that_run_have_the_same_options(string word, string type)
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("create", word, "api", "--repo", "https://git.example.com/shop.git", "--runtime", "go", "--detach"));
        Assert.Equal(type, Assert.Single(Server.CreatedServices).Type);
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("create", word, "api", "--repo", "x", "--runtime", "go", "--health-check-path", "/"));
    }

    [Fact]
    public async Task A_static_site_has_a_build_and_a_directory()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync(
            "create", "static", "api", "--repo", ".", "--build-command", "npm run build", "--publish-path", "dist", "--detach"));
        var post = Assert.Single(Server.CreatedServices);
        Assert.Equal(("static_site", new Uri(Folder["work"]).AbsoluteUri), (post.Type, post.Repo));
        Assert.Equal(("npm run build", "dist", null), (post.ServiceDetails!.BuildCommand, post.ServiceDetails.PublishPath, post.ServiceDetails.Runtime));
    }

    [Fact]
    public async Task A_cron_job_needs_a_schedule()
    {
        string[] common = ["create", "cron", "api", "--repo", ".", "--runtime", "python", "--start-command", "python clean.py", "--detach"];
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync(common));
        Assert.Contains("--schedule", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync([.. common, "--schedule", "0 3 * * *"]));
        Assert.Equal("0 3 * * *", Assert.Single(Server.CreatedServices).ServiceDetails!.Schedule);
    }

    [Fact]
    public async Task A_new_resource_is_json()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("create", "web", "api", "--repo", ".", "--runtime", "node", "--json"));
        using var json = JsonDocument.Parse(Terminal.Out.ToString());
        Assert.Equal(("srv-api", "dep-first"), (json.RootElement.GetProperty("id").GetString(), json.RootElement.GetProperty("deployId").GetString()));
    }

    [Fact]
    public async Task An_empty_repository_is_not_the_directory_that_the_user_is_in()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("create", "web", "api", "--repo", "", "--runtime", "node"));
        Assert.StartsWith("error: --repo is empty.\n", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Server.CreatedServices);
    }

    [Fact]
    public async Task A_variable_without_a_value_is_refused_without_repeating_it()
    {
        Assert.Equal(ExitCode.Usage, await Terminal.RunAsync("create", "web", "api", "--repo", ".", "--runtime", "node", "--env-var", "s3cret"));
        Assert.Equal("error: A --env-var option has no '=', so it sets no value.\nhint: Write --env-var KEY=VALUE.\n", Terminal.Error.ToString());
        Assert.Empty(Server.CreatedServices);
    }

    [Fact]
    public async Task A_database_waits_until_it_is_available()
    {
        Server.Status = read => Given.Status(Given.Database("shop-db", read < 4 ? "creating" : "available"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("create", "postgres", "shop-db", "--major-version", "17", "--disk-size-gb", "5", "--database-name", "shop", "--database-user", "ada"));
        Assert.Equal(
            new PostgresPostInput { Name = "shop-db", OwnerId = "tea-1", Plan = "basic_256mb", Version = "17", DiskSizeGB = 5, DatabaseName = "shop", DatabaseUser = "ada" },
            Assert.Single(Server.CreatedDatabases));
        Assert.StartsWith("Created shop-db, a Postgres database (dpg-shop-db).\nshop-db: creating\n", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("shop-db is available.\n", Terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_value_store_is_created()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("create", "keyvalue", "cache", "--plan", "free", "--maxmemory-policy", "noeviction", "--persistence-mode", "off", "--environment-id", "evm-1", "--detach"));
        Assert.Equal(new KeyValuePostInput { Name = "cache", OwnerId = "tea-1", Plan = "free", MaxmemoryPolicy = "noeviction", PersistenceMode = "off", EnvironmentId = "evm-1" }, Assert.Single(Server.CreatedKeyValues));
    }

    [Fact]
    public async Task A_workspace_that_does_not_exist_is_refused_with_those_that_do()
    {
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("create", "postgres", "db", "--workspace", "other"));
        Assert.Contains("There are: My Workspace.", Terminal.Error.ToString(), StringComparison.Ordinal);
    }
}
