using System.Collections.Concurrent;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Portico.ControlPlane.Api.Reference;

/// <summary>The OpenAPI documents as JSON. Each is generated once, because generating one is expensive and strangers may request it.</summary>
internal sealed class ReferenceDocuments(IServiceProvider services)
{
    public const string Render = "render", Portico = "portico";

    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _documents = new();

    /// <returns>Null if there is no document with this name.</returns>
    public async Task<byte[]?> ReadAsync(string name)
    {
        if (name is not (Render or Portico))
            return null;
        var document = _documents.GetOrAdd(name, static (name, services) => new Lazy<Task<byte[]>>(() => GenerateAsync(services, name)), services);
        try
        {
            return await document.Value;
        }
        catch
        {
            // The next request tries again.
            _documents.TryRemove(KeyValuePair.Create(name, document));
            throw;
        }
    }

    private static async Task<byte[]> GenerateAsync(IServiceProvider services, string name)
    {
        // A request that is canceled must not cancel what others wait for.
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        return json.ToArray();
    }
}
