using System.Net.Http.Json;

namespace Portico.Api.Contracts.Platform;

/// <summary>Repositories that users push to.</summary>
public sealed partial class PlatformClient
{
    /// <summary>Creates the repository if it does not exist.</summary>
    public async Task<RepositoryInfo> PutRepositoryAsync(string name, PutRepository request, CancellationToken cancellationToken)
    {
        using var response = await http.PutAsJsonAsync(
            $"{Root}repositories/{Uri.EscapeDataString(name)}", request, PlatformJson.Default.PutRepository, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, PlatformJson.Default.RepositoryInfo, cancellationToken);
    }
}
