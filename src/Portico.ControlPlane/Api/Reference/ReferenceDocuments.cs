using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Portico.ControlPlane.Api.Reference;

/// <summary>
/// The OpenAPI documents as JSON. Each is generated once, because generating one is expensive and strangers may request it. The
/// generator is loaded when a document is requested, because most platforms are never asked and would keep megabytes of it in memory.
/// </summary>
/// <param name="registered">The services that endpoints can have as parameters: the generator asks which those are.</param>
internal sealed class ReferenceDocuments(IServiceProvider services, IServiceCollection registered)
{
    public const string Render = "render", Portico = "portico";

    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _documents = new();

    /// <returns>Null if there is no document with this name.</returns>
    public async Task<byte[]?> ReadAsync(string name)
    {
        if (name is not (Render or Portico))
            return null;
        var document = _documents.GetOrAdd(name, name => new Lazy<Task<byte[]>>(() => GenerateAsync(name)));
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

    private async Task<byte[]> GenerateAsync(string name)
    {
        await using var generator = LoadGenerator();
        // A request that is canceled must not cancel what others wait for.
        var document = await generator.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        return json.ToArray();
    }

    private ServiceProvider LoadGenerator()
    {
        IServiceCollection all = new ServiceCollection();
        foreach (var service in registered)
            all.Add(service);
        ReferenceGenerator.AddTo(all);
        all.AddSingleton(services.GetRequiredService<IServer>()).AddSingleton(services.GetRequiredService<EndpointDataSource>());
        return all.BuildServiceProvider();
    }
}
