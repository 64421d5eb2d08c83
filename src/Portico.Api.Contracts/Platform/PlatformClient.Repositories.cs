using System.Net.Http.Json;

namespace Portico.Api.Contracts.Platform;

/// <summary>Repositories that are pushed to here.</summary>
public sealed partial class PlatformClient
{
    /// <summary>Makes the repository, unless it is there.</summary>
    public async Task<RepositoryInfo> PutRepositoryAsync(string name, PutRepository request, CancellationToken cancellationToken)
    {
        using var response = await http.PutAsJsonAsync(
            $"{Root}repositories/{Uri.EscapeDataString(name)}", request, PlatformJson.Default.PutRepository, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, PlatformJson.Default.RepositoryInfo, cancellationToken);
    }
}
