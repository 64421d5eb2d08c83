using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

/// <summary>New services and data stores.</summary>
public sealed partial class PlatformClient
{
    public Task<ServiceAndDeploy> CreateServiceAsync(ServicePost request, CancellationToken cancellationToken) =>
        AskAsync<ServiceAndDeploy>(HttpMethod.Post, "services", BodyOf(request), cancellationToken);

    public Task<PostgresDetail> CreatePostgresAsync(PostgresPostInput request, CancellationToken cancellationToken) =>
        AskAsync<PostgresDetail>(HttpMethod.Post, "postgres", BodyOf(request), cancellationToken);

    public Task<KeyValueDetail> CreateKeyValueAsync(KeyValuePostInput request, CancellationToken cancellationToken) =>
        AskAsync<KeyValueDetail>(HttpMethod.Post, "key-value", BodyOf(request), cancellationToken);
}
