using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;

namespace Portico.Cli.Tests.Support;

/// <summary>The part of Render's API about one service.</summary>
internal sealed partial class FakeServer
{
    /// <summary>The variables of the service.</summary>
    public ConcurrentDictionary<string, string> Variables { get; } = new();

    public ConcurrentQueue<DeployPost> AskedDeploys { get; } = new();

    public ConcurrentQueue<ServicePatch> Updated { get; } = new();

    public ConcurrentQueue<int> Scaled { get; } = new();

    public string AutoDeploy { get; set; } = "yes";

    public string Suspended { get; set; } = "not_suspended";

    public AutoscalingConfig? Autoscaling { get; set; }

    public List<Deploy> Deploys { get; } = [Given.Deploy("dep-api")];

    private void MapServices()
    {
        var service = _app.MapGroup("/v1/services/{id}");
        service.MapGet("", (string id) => Render(Given.Wire(id, AutoDeploy, Suspended, Autoscaling)));
        service.MapPatch("", async (string id, HttpRequest request) =>
        {
            Updated.Enqueue(await ReadAsync<ServicePatch>(request));
            return Render(Given.Wire(id, AutoDeploy, Suspended, Autoscaling));
        });
        service.MapDelete("", () => Results.StatusCode(204));
        foreach (var kind in (string[])["services", "postgres", "key-value"])
        {
            _app.MapPost($"/v1/{kind}/{{id}}/suspend", (string id) => Results.StatusCode(202));
            _app.MapPost($"/v1/{kind}/{{id}}/resume", (string id) => Results.StatusCode(202));
        }
        _app.MapDelete("/v1/postgres/{id}", (string id) => Results.StatusCode(204));
        service.MapPost("/scale", async (HttpRequest request) =>
        {
            Scaled.Enqueue((await ReadAsync<ScalePost>(request)).NumInstances);
            return Results.StatusCode(202);
        });
        MapVariables(service.MapGroup("/env-vars"));
        MapDeploys(service.MapGroup("/deploys"));
    }

    private void MapVariables(RouteGroupBuilder variables)
    {
        variables.MapGet("", (int limit, string? cursor) => Render<IReadOnlyList<EnvVarWithCursor>>(
            [.. Variables.OrderBy(item => item.Key, StringComparer.Ordinal).Where(item => cursor is null || string.CompareOrdinal(item.Key, cursor) > 0)
                .Take(limit).Select(item => new EnvVarWithCursor(new EnvVar(item.Key, item.Value), item.Key))]));
        variables.MapPut("/{key}", async (string key, HttpRequest request) =>
        {
            Variables[key] = (await ReadAsync<EnvVarValueInput>(request)).Value!;
            return Results.StatusCode(200);
        });
        variables.MapDelete("/{key}", (string key) => Results.StatusCode(Variables.TryRemove(key, out _) ? 204 : 404));
    }

    private void MapDeploys(RouteGroupBuilder deploys)
    {
        deploys.MapPost("", async (HttpRequest request) =>
        {
            AskedDeploys.Enqueue(await ReadAsync<DeployPost>(request));
            return Render(Given.Deploy("dep-new"));
        });
        deploys.MapGet("", (int limit) => Render<IReadOnlyList<DeployWithCursor>>(
            [.. Deploys.Take(limit).Select(deploy => new DeployWithCursor(deploy, deploy.Id))]));
        deploys.MapGet("/{deploy}", (string deploy) => Render(Given.Deploy(deploy)));
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request) => (await JsonSerializer.DeserializeAsync(request.Body, RenderJson.TypeOf<T>()))!;

    private static IResult Render<T>(T value) => Results.Text(JsonSerializer.Serialize(value, RenderJson.TypeOf<T>()), "application/json");
}
