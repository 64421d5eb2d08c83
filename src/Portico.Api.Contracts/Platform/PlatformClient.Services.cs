using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

/// <summary>Services and data stores, by their ids.</summary>
public sealed partial class PlatformClient
{
    public Task<Service> GetServiceAsync(string service, CancellationToken cancellationToken) =>
        AskAsync<Service>(HttpMethod.Get, ServicePath(service), null, cancellationToken);

    /// <summary>Lists the variables of a service itself, without those of its env groups. References are resolved.</summary>
    public async Task<IReadOnlyList<EnvVar>> ListVariablesAsync(string service, CancellationToken cancellationToken) =>
        [.. (await ListAsync<EnvVarWithCursor>($"{ServicePath(service)}/env-vars", item => item.Cursor, null, cancellationToken)).Select(item => item.EnvVar)];

    public Task SetVariableAsync(string service, string key, string value, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Put, VariablePath(service, key), BodyOf(new EnvVarValueInput { Value = value }), cancellationToken);

    public Task DeleteVariableAsync(string service, string key, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Delete, VariablePath(service, key), null, cancellationToken);

    public Task<Deploy> DeployAsync(string service, DeployPost request, CancellationToken cancellationToken) =>
        AskAsync<Deploy>(HttpMethod.Post, $"{ServicePath(service)}/deploys", BodyOf(request), cancellationToken);

    public Task<Deploy> GetDeployAsync(string service, string deploy, CancellationToken cancellationToken) =>
        AskAsync<Deploy>(HttpMethod.Get, $"{ServicePath(service)}/deploys/{Uri.EscapeDataString(deploy)}", null, cancellationToken);

    /// <summary>Lists the newest deploys of a service, newest first.</summary>
    public async Task<IReadOnlyList<Deploy>> ListDeploysAsync(string service, int most, CancellationToken cancellationToken) =>
        [.. (await ListAsync<DeployWithCursor>($"{ServicePath(service)}/deploys", item => item.Cursor, most, cancellationToken)).Select(item => item.Deploy)];

    public Task<Service> UpdateServiceAsync(string service, ServicePatch change, CancellationToken cancellationToken) =>
        AskAsync<Service>(HttpMethod.Patch, ServicePath(service), BodyOf(change), cancellationToken);

    public Task ScaleAsync(string service, int instances, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Post, $"{ServicePath(service)}/scale", BodyOf(new ScalePost(instances)), cancellationToken);

    public Task SuspendAsync(ResourceStatus resource, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Post, $"{PathOf(resource)}/suspend", null, cancellationToken);

    public Task ResumeAsync(ResourceStatus resource, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Post, $"{PathOf(resource)}/resume", null, cancellationToken);

    /// <summary>Deletes a service or data store with its data.</summary>
    public Task DeleteAsync(ResourceStatus resource, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Delete, PathOf(resource), null, cancellationToken);

    private static string ServicePath(string service) => $"services/{Uri.EscapeDataString(service)}";

    private static string VariablePath(string service, string key) => $"{ServicePath(service)}/env-vars/{Uri.EscapeDataString(key)}";

    private static string PathOf(ResourceStatus resource) => resource.Type switch
    {
        "postgres" => $"postgres/{Uri.EscapeDataString(resource.Id)}",
        "key_value" => $"key-value/{Uri.EscapeDataString(resource.Id)}",
        _ => ServicePath(resource.Id),
    };
}
