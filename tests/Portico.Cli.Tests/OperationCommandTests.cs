using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>Custom domains, events, jobs, cron runs and connection URLs.</summary>
public sealed class OperationCommandTests : ServerCommandTest
{
    private protected override void Arrange() =>
        Server.Status = _ => Given.Status(Given.Service("api"), Given.Service("nightly") with { Type = "cron_job" }, Given.Database("shop-db"));

    [Fact]
    public async Task Domains_are_a_table_or_json()
    {
        await Terminal.RunAsync("domains", "list", "api");
        Assert.Equal(
            """
            DOMAIN           STATUS      REDIRECTS TO
            example.com      verified    -
            www.example.com  unverified  example.com

            """, Terminal.Out.ToString());
        Assert.Equal("verified", (await JsonAsync("domains", "list", "api", "--json"))[0].GetProperty("verificationStatus").GetString());
    }

    [Fact]
    public async Task A_new_domain_says_what_to_do_next()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("domains", "add", "api", "shop.example.com"));
        Assert.Equal("shop.example.com", Assert.Single(Server.AddedDomains));
        Assert.Contains("Let the DNS records of shop.example.com lead to this machine.", Terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("domains", "remove", "api", "shop.example.com"));
        Assert.Contains("DELETE /v1/services/srv-api/custom-domains/shop.example.com", Server.Requests);
    }

    [Fact]
    public async Task Events_show_their_plain_fields()
    {
        await Terminal.RunAsync("events", "api");
        Assert.Equal(
            """
            TIME                 EVENT         DETAILS
            1970-01-01 00:00:00  deploy ended  deployId=dep-api status=2

            """, Terminal.Out.ToString());
        Assert.Equal("dep-api", (await JsonAsync("events", "api", "--json"))[0].GetProperty("details").GetProperty("deployId").GetString());
    }

    [Theory]
    [InlineData("succeeded", ExitCode.Ok, "job-1 succeeded after 2.0 s.")]
    [InlineData("failed", ExitCode.Failure, "job-1 failed after 2.0 s.")]
    [InlineData("canceled", ExitCode.Failure, "job-1 was canceled after 2.0 s.")]
    public async Task A_job_ends_the_command_as_it_ends(string end, int code, string text)
    {
        Server.JobEnd = end;
        Assert.Equal(code, await Terminal.RunAsync("jobs", "run", "api", "npm run migrate"));
        Assert.Equal(new JobPost("npm run migrate"), Assert.Single(Server.CreatedJobs));
        Assert.Equal($"Running job-1 in api. See its output with `portico logs api`.\n{text}\n", Terminal.Out.ToString());
    }

    [Fact]
    public async Task Jobs_are_listed_detached_and_canceled()
    {
        await Terminal.RunAsync("jobs", "list", "api");
        Assert.Equal(
            """
            ID     STATUS     CREATED              DURATION  COMMAND
            job-1  succeeded  1970-01-01 00:00:00  2.0 s     npm run migrate

            """, Terminal.Out.ToString());
        Assert.Equal("pending", (await JsonAsync("jobs", "run", "api", "true", "--detach", "--json")).GetProperty("status").GetString());
        Assert.Equal("job-1", (await JsonAsync("jobs", "list", "api", "--json"))[0].GetProperty("id").GetString());
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("jobs", "cancel", "api", "job-1"));
        Assert.Contains("POST /v1/services/srv-api/jobs/job-1/cancel", Server.Requests);
    }

    [Fact]
    public async Task A_cron_job_runs_now()
    {
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("cron", "run", "nightly"));
        Assert.Contains("POST /v1/cron-jobs/srv-nightly/runs", Server.Requests);
        Assert.StartsWith("Running nightly (crn-1).", Terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal("pending", (await JsonAsync("cron", "run", "nightly", "--json")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_url_alone_is_on_standard_output()
    {
        Server.Connection = new ConnectionDetails
        {
            Host = "127.0.0.1",
            Port = 5432,
            User = "ada",
            Password = "secret",
            InternalConnectionString = "postgresql://inside",
            ExternalConnectionString = "postgresql://outside",
        };
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("db", "url", "shop-db"));
        Assert.Equal(ExitCode.Ok, await Terminal.RunAsync("db", "url", "shop-db", "--external"));
        Assert.Equal("postgresql://inside\npostgresql://outside\n", Terminal.Out.ToString());
        Assert.Equal(ExitCode.Failure, await Terminal.RunAsync("db", "url", "api"));
        Assert.Contains("api is a web service, not a database or Key Value store.", Terminal.Error.ToString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var terminal = new Terminal(Folder);
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync(arguments));
        return JsonElement.Parse(terminal.Out.ToString());
    }
}
