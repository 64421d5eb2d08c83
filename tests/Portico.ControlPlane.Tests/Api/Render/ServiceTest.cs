using System.Text.Json;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>What tests of services and all that belongs to them share.</summary>
public abstract class ServiceTest : IAsyncLifetime
{
    private protected ApiHost Host { get; private set; } = null!;

    protected HttpClient Owner => Host.Owner;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The body of a web service.</summary>
    /// <param name="more">Further fields, with a comma before them.</param>
    protected string WebService(string name, string more = "", string details = "") => $$"""
        {"type": "web_service", "name": "{{name}}", "ownerId": "{{Host.Platform.Workspace}}", "repo": "{{UploadedSource.Url}}"{{more}},
         "serviceDetails": {"runtime": "node", "envSpecificDetails": {"buildCommand": "npm ci", "startCommand": "node ."}{{details}} } }
        """;

    protected string StaticSite(string name, string details = "") => $$"""
        {"type": "static_site", "name": "{{name}}", "ownerId": "{{Host.Platform.Workspace}}", "repo": "{{UploadedSource.Url}}", "rootDir": "web",
         "serviceDetails": {"publishPath": "./"{{details}} } }
        """;

    /// <returns>The new service's id, when its first deploy is live.</returns>
    protected async Task<string> CreateAsync(string body)
    {
        var created = await Owner.PostAsync("/v1/services", body);
        await Host.Platform.SettleAsync(Token);
        return created.GetProperty("service").GetProperty("id").GetString()!;
    }

    protected Task<JsonElement> GetServiceAsync(string id) => Owner.GetJsonAsync($"/v1/services/{id}");

    /// <summary>Deploys, the newest first.</summary>
    private protected async Task<List<DeployRow>> DeploysAsync(string id)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return [.. db.Deploys.Where(row => row.ServiceId == id).OrderByDescending(row => row.Id)];
    }

    /// <summary>The newest deploy, after all has settled: it is live.</summary>
    private protected async Task<DeployRow> LiveAsync(string id)
    {
        await Host.Platform.SettleAsync(Token);
        var newest = (await DeploysAsync(id))[0];
        Assert.True(newest.Status == DeployStatus.Live, newest.Failure?.Message);
        return newest;
    }

    protected async Task ApplyAsync(string blueprint)
    {
        var applied = await Host.Platform.ApplyAsync(
            new Portico.Api.Contracts.Platform.ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First }, Token);
        Assert.True(applied.Applied, string.Join("\n", applied.Diagnostics));
    }
}
