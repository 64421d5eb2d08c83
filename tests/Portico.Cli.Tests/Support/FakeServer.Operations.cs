using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Render;

namespace Portico.Cli.Tests.Support;

/// <summary>New resources, and what belongs to a service besides its variables and deploys.</summary>
internal sealed partial class FakeServer
{
    private static readonly Owner Workspace = new() { Id = "tea-1", Name = "My Workspace", Email = "owner@localhost", Type = "team" };

    private readonly ConcurrentQueue<string> _jobStatuses = new(["pending", "running"]);

    public ConcurrentQueue<ServicePost> CreatedServices { get; } = new();

    public ConcurrentQueue<PostgresPostInput> CreatedDatabases { get; } = new();

    public ConcurrentQueue<KeyValuePostInput> CreatedKeyValues { get; } = new();

    public ConcurrentQueue<JobPost> CreatedJobs { get; } = new();

    public ConcurrentQueue<string> AddedDomains { get; } = new();

    /// <summary>How each job ends, after it has waited and run.</summary>
    public string JobEnd { get; set; } = "succeeded";

    private void MapOperations()
    {
        _app.MapPost("/v1/services", async (HttpRequest request) =>
        {
            var post = await ReadAsync<ServicePost>(request);
            CreatedServices.Enqueue(post);
            return Render(new ServiceAndDeploy { Service = Given.Wire($"srv-{post.Name}") with { Type = post.Type }, DeployId = "dep-first" });
        });
        _app.MapPost("/v1/postgres", async (HttpRequest request) =>
        {
            var post = await ReadAsync<PostgresPostInput>(request);
            CreatedDatabases.Enqueue(post);
            return Render(Given.Postgres(post.Name, Workspace));
        });
        _app.MapPost("/v1/key-value", async (HttpRequest request) =>
        {
            var post = await ReadAsync<KeyValuePostInput>(request);
            CreatedKeyValues.Enqueue(post);
            return Render(Given.KeyValue(post.Name, Workspace));
        });
        MapDomains();
        _app.MapGet("/v1/services/{id}/events", (int limit) => Render<IReadOnlyList<EventWithCursor>>(
            [new EventWithCursor(new Event
            {
                Id = "evt-1", Timestamp = DateTimeOffset.UnixEpoch, ServiceId = "srv-api", Type = "deploy_ended",
                Details = JsonElement.Parse("""{"deployId":"dep-api","status":2,"reason":{"newDeploy":{}}}"""),
            }, "a")]));
        MapJobs();
    }

    private void MapDomains()
    {
        var domains = _app.MapGroup("/v1/services/{id}/custom-domains");
        domains.MapGet("", (int limit) => Render<IReadOnlyList<CustomDomainWithCursor>>(
            [new CustomDomainWithCursor(Given.Domain("example.com", "verified"), "a"), new CustomDomainWithCursor(Given.Domain("www.example.com", "unverified", "example.com"), "b")]));
        domains.MapPost("", async (HttpRequest request) =>
        {
            var post = await ReadAsync<CustomDomainPost>(request);
            AddedDomains.Enqueue(post.Name);
            return Render<IReadOnlyList<CustomDomain>>([Given.Domain(post.Name, "unverified")]);
        });
        domains.MapDelete("/{name}", (string name) => Results.StatusCode(204));
    }

    private void MapJobs()
    {
        var jobs = _app.MapGroup("/v1/services/{id}/jobs");
        jobs.MapPost("", async (HttpRequest request) =>
        {
            CreatedJobs.Enqueue(await ReadAsync<JobPost>(request));
            return Render(Given.Job("pending"));
        });
        jobs.MapGet("", (int limit) => Render<IReadOnlyList<JobWithCursor>>([new JobWithCursor(Given.Job("succeeded"), "a")]));
        jobs.MapGet("/{job}", (string job) => Render(Given.Job(_jobStatuses.TryDequeue(out var status) ? status : JobEnd)));
        jobs.MapPost("/{job}/cancel", (string job) => Render(Given.Job("running")));
        _app.MapPost("/v1/cron-jobs/{id}/runs", (string id) => Render(new CronJobRun { Id = "crn-1", Status = "pending" }));
    }
}
