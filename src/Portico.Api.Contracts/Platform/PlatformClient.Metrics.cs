using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

public sealed partial class PlatformClient
{
    /// <param name="metric">The last part of a path below <c>/v1/metrics</c>, for example <c>cpu</c>.</param>
    /// <param name="resource">The id of a service or data store.</param>
    public Task<IReadOnlyList<TimeSeries>> GetMetricAsync(string metric, string resource, DateTimeOffset since, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<TimeSeries>>(
            HttpMethod.Get, $"metrics/{metric}?resource={Uri.EscapeDataString(resource)}&startTime={Uri.EscapeDataString(since.UtcDateTime.ToString("O"))}", null, cancellationToken);
}
